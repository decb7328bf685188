"""App `platforms`."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        """Run imports from the outbox and keep listings and vocabulary together; count the imports still running."""
        from zhongshi.core import metrics  # noqa: PLC0415 - app ready

        from . import wordings  # noqa: PLC0415 - app ready
        from .models import ImportJob  # noqa: PLC0415 - app ready

        wordings.register_all()

        _take_part()
        metrics.gauge(
            "zhongshi_imports_unfinished",
            "Imports waiting or running.",
            lambda: ImportJob.objects.filter(state__in=["waiting", "running"]).count(),
        )


def _take_part() -> None:
    from zhongshi.accounts.services import erasing  # noqa: PLC0415 - app ready
    from zhongshi.core import deadletters, inconsistencies, outbox, retention  # noqa: PLC0415 - app ready

    from .services import import_drafts  # noqa: PLC0415 - app ready

    # Somebody watches an import: its turn comes between the thousands of facts that imports leave behind.
    prompt: Any = {"queue": outbox.PROMPT_QUEUE}
    outbox.subscribe("import.submitted", "platforms.services.imports.import_run", words=_("Load an import"), **prompt)
    outbox.subscribe("import.undo", "platforms.services.import_undo.undo_run", words=_("Undo an import"), **prompt)
    note = _("Note the unknown words of a listing")
    outbox.subscribe("listing.changed", "platforms.services.words.listing_words_note", words=note)
    reread = _("Read listings anew after a change of the vocabulary")
    outbox.subscribe("vocabulary.changed", "platforms.services.words.listings_reread", words=reread)
    outbox.subscribe("listings.stale", "platforms.services.words.listings_reread", words=reread)
    following = _("Take listings off the list with their organization, or put them back")
    outbox.subscribe("organization.standing", "platforms.services.standing.listings_follow", words=following)
    erasing.also("platforms.services.standing.feeds_forget")
    retention.rule("imports", "IMPORT_KEEP_DAYS", import_drafts.imports_before)
    mending = "platforms.services.mending"
    inconsistencies.register("imports not run", find=f"{mending}.imports_forgotten", mend=f"{mending}.import_mend")
    deadletters.things_are(platform_id="platforms.Platform", job_id="platforms.ImportJob")
