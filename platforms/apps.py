"""App `platforms`."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        """Run imports from the outbox; count those still running."""
        from zhongshi.core import metrics, outbox  # noqa: PLC0415 - app ready

        from .models import ImportJob  # noqa: PLC0415 - app ready

        outbox.subscribe("import.submitted", "platforms.services.imports.import_run")
        metrics.gauge(
            "zhongshi_imports_unfinished",
            "Imports waiting or running.",
            lambda: ImportJob.objects.filter(finished_at__isnull=True).count(),
        )
