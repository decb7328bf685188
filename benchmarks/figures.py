"""What one measurement hands over. Numbers only, so that they travel between processes as JSON."""

from __future__ import annotations

from dataclasses import dataclass

FORWARD, REVERSE = "forward", "reverse"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is printed of one contestant at one size. None is "not measured"."""

    name: str
    needs: int
    ndcg: float | None
    recall: float | None
    median_ms: float
    p95_ms: float
    build_seconds: float | None
    megabytes: float | None
    update_ms: float | None


@dataclass(frozen=True, slots=True)
class ReverseFigures:
    """What is printed of one contestant: quality over `judged` listings, time over `timed` listings."""

    name: str
    open_needs: int
    judged: int
    ndcg: float | None
    timed: int
    median_ms: float
    p95_ms: float
    build_seconds: float
