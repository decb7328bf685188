"""App `matching`."""

from functools import partial

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Subscribe to what the lower apps report, and give the notices their words."""
        from requests import counting  # noqa: PLC0415 - app ready
        from zhongshi.core import outbox, serving  # noqa: PLC0415 - app ready

        from . import wordings  # noqa: PLC0415 - app ready

        outbox.subscribe("need.opened", "matching.services.scoring.need_score")
        outbox.subscribe("need.closed", "matching.services.closing.need_close")
        outbox.subscribe("listing.changed", "matching.services.reversing.listing_match")
        outbox.subscribe("rules.saved", "matching.services.rescoring.rules_rescore")
        wordings.register_all()
        serving.prepare("index", "matching.catalogue.warm")
        counting.subscribe("matching.catalogue.count_candidates")
        _count_matches()


def _count_matches() -> None:
    from zhongshi.core import metrics  # noqa: PLC0415 - app ready

    from .enums import MatchStatus  # noqa: PLC0415 - app ready
    from .models import Match  # noqa: PLC0415 - app ready

    matches = partial(metrics.by_value, Match, "status", MatchStatus.values)
    metrics.gauge("zhongshi_matches", "Matches by status.", matches, label="status")
