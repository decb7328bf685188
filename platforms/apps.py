"""App `platforms`."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        """Run imports from the outbox and keep listings and vocabulary together; count the imports still running."""
        from zhongshi.core import metrics, outbox  # noqa: PLC0415 - app ready

        from . import wordings  # noqa: PLC0415 - app ready
        from .models import ImportJob  # noqa: PLC0415 - app ready

        wordings.register_all()

        outbox.subscribe("import.submitted", "platforms.services.imports.import_run")
        outbox.subscribe("listing.changed", "platforms.services.words.listing_words_note")
        outbox.subscribe("vocabulary.changed", "platforms.services.words.listings_reread")
        outbox.subscribe("listings.stale", "platforms.services.words.listings_reread")
        metrics.gauge(
            "zhongshi_imports_unfinished",
            "Imports waiting or running.",
            lambda: ImportJob.objects.filter(finished_at__isnull=True).count(),
        )
