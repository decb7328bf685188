"""App `platforms`."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        """Run imports from the outbox."""
        from zhongshi.core import outbox  # noqa: PLC0415 - app ready

        outbox.subscribe("import.submitted", "platforms.services.imports.import_run")
