"""How long matching takes, for Prometheus."""

from __future__ import annotations

from django.utils import timezone

from zhongshi.core.metrics import LAST_ROWS, LATELY, spread

from .models import ScoringRun


def scoring_seconds() -> dict[str, float]:
    """How long the engine took for one need lately: median, 95th of a hundred, longest; NaN for none."""
    since = timezone.now() - LATELY
    last = ScoringRun.objects.order_by("-id").values_list("duration_ms", "scored_at")[:LAST_ROWS]
    return spread([duration_ms / 1000 for duration_ms, scored_at in last if scored_at >= since])
