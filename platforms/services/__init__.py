"""What changes listings."""

from .listings import capability_advance, platform_advance, platform_load

__all__ = ["capability_advance", "platform_advance", "platform_load"]
