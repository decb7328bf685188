"""What the engine found for a need, in the shapes the tables and the API keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One capability (by primary key) with its score 0..100, the score's components and a verdict per condition."""

    capability_id: int
    rank: int
    score: float
    components: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The whole answer: how many remain, where the others went, what relaxing would open, which sets cover together."""

    found: list[Found]
    candidates: int
    funnel: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    relaxations: list[dict[str, Any]]
    routes: list[dict[str, Any]]
    rules_version: str
    engine_version: str
    catalogue_version: int
