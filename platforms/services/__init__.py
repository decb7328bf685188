"""What changes listings."""

from .imports import import_submit
from .listings import capability_advance, platform_advance, platform_load

__all__ = ["capability_advance", "import_submit", "platform_advance", "platform_load"]
