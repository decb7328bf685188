"""App `matching`."""

from functools import partial
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Subscribe to what the lower apps report, and give the notices their words."""
        from platforms.desk import gaps  # noqa: PLC0415 - app ready
        from requests import counting, progress  # noqa: PLC0415 - app ready
        from zhongshi.core import serving  # noqa: PLC0415 - app ready

        from . import wordings  # noqa: PLC0415 - app ready

        _take_part()
        wordings.register_all()
        serving.prepare("index", "matching.catalogue.warm")
        counting.subscribe("matching.catalogue.count_candidates")
        progress.subscribe("matching.progress.need_progress")
        gaps.subscribe("matching.gaps.gap_report")
        _count_matches()


def _take_part() -> None:
    from zhongshi.core import deadletters, inconsistencies, outbox  # noqa: PLC0415 - app ready

    # A need is waited for; listings matched backwards and rules for all needs take the usual queue, which is long
    # after an import.
    prompt: Any = {"queue": outbox.PROMPT_QUEUE}
    outbox.subscribe("need.opened", "matching.services.scoring.need_score", words=_("Match a need"), **prompt)
    close = _("Close the matches of a need")
    outbox.subscribe("need.closed", "matching.services.closing.need_close", words=close, **prompt)
    listing = _("Match a changed listing with open needs")
    outbox.subscribe("listing.changed", "matching.services.reversing.listing_match", words=listing)
    # Its second part only; other handlers of a change have nothing more to do.
    outbox.subscribe("listing.unfinished", "matching.services.reversing.listing_match", words=listing)
    rescore = _("Match open needs by new rules")
    outbox.subscribe("rules.saved", "matching.services.rescoring.rules_rescore", words=rescore)
    mending = "matching.services.mending"
    for name, find, mend in (
        ("needs not scored", "needs_unscored", "need_mend"),
        ("matches of closed needs", "needs_unclosed", "closing_mend"),
        ("leads nobody was told of", "leads_untold", "lead_mend"),
    ):
        inconsistencies.register(name, find=f"{mending}.{find}", mend=f"{mending}.{mend}")
    deadletters.things_are(rules_id="matching.RulesVersion")


def _count_matches() -> None:
    from platforms.selectors import catalogue_version  # noqa: PLC0415 - app ready
    from zhongshi.core import metrics  # noqa: PLC0415 - app ready

    from . import timing  # noqa: PLC0415 - app ready
    from .enums import MatchStatus  # noqa: PLC0415 - app ready
    from .models import Match  # noqa: PLC0415 - app ready

    matches = partial(metrics.by_value, Match, "status", MatchStatus.values)
    metrics.gauge("zhongshi_matches", "Matches by status.", matches, label="status")
    metrics.gauge("zhongshi_scoring_seconds", "Scoring one need lately.", timing.scoring_seconds, label="quantile")
    metrics.gauge("zhongshi_catalogue_version", "Version of the catalogue in PostgreSQL.", catalogue_version)
