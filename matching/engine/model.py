"""What crosses the engine's border: conditions, facts, verdicts, results. Frozen values, nothing else.

Numbers are in the base unit of their dimension, days are proleptic ordinals (`date.toordinal()`), regions are
paths from the country down, e.g. ``("CN", "510000", "510100")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Op = Literal["require", "exclude", "not_required", "covers", "overlaps"]
Source = Literal["declared", "read", "answered", "platform", "inferred"]
Path = tuple[str, ...]
Phrase = tuple[str, str]


class Verdict(StrEnum):
    """What is known about one condition on one capability. Unknown is never fail."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Window:
    """A run of `days` free days must begin between `earliest` and `latest` (day ordinals)."""

    earliest: int
    latest: int
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a need.

    `values`: any one suffices; region values are codes. A numeric one has `quantity`, `dimension` and bounds,
    of which None is open. `window` belongs to the kinds window and start_by.
    """

    kind: str
    values: tuple[str, ...] = ()
    quantity: str | None = None
    dimension: str | None = None
    low: float | None = None
    high: float | None = None
    op: Op = "require"
    hard: bool = False
    text: str = ""
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of a capability: a value, or a quantity with a range in base units (None is open).

    `negated`: the text says it is *not* there. `source` "platform" marks what another capability of the same
    platform offers. `confirmed`: the operator vouched for it; `date` is the source's (ISO), for display.
    """

    kind: str
    value: str | None = None
    quantity: str | None = None
    dimension: str | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    source: Source = "declared"
    negated: bool = False
    confirmed: bool = False
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityFacts:
    """Everything the engine knows of one capability.

    `availability`: free periods as (first day, last day) ordinals; None is unknown, () is fully booked.
    `is_operating`: False while the line is being built, None when not said. `exposure`: how often it was shown
    this month (ties go to the least shown). `words` are what `words_of` made of its names and summary, `phrases`
    (kind, text) what stands in its lists of operations and products and no vocabulary knows.
    """

    id: str
    platform_id: str = ""
    facts: tuple[Fact, ...] = ()
    region: Path = ()
    region_text: str = ""
    availability: tuple[tuple[int, int], ...] | None = None
    is_operating: bool | None = None
    status_text: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    exposure: int = 0
    date: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a need brings besides its conditions: rare words, unread phrases (kind, text), where the enterprise is."""

    words: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    home: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """A need that waits for capabilities."""

    id: str
    conditions: tuple[Condition, ...]
    wish: Wish = Wish()


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the words it rests on; `source` says where they stand, `date` how old they are."""

    verdict: Verdict
    evidence: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One addend of the score: `points` = the weight's share of 100 times `value`; penalties are negative."""

    name: str
    weight: float
    value: float
    points: float


@dataclass(frozen=True, slots=True)
class Result:
    """One capability for one need: score 0..100, its addends, one judgement a condition in their order."""

    capability: str
    score: float
    components: tuple[Component, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One capability for one need in short: score 0..100 and one verdict a condition in their order."""

    capability: str
    score: float
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel. `code`: listed | condition | candidates; `condition` is an index or None."""

    code: str
    condition: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How many capabilities a hard condition (index) rules out; one may be ruled out by several."""

    condition: int
    count: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What one changed hard condition would gain, found by trying.

    `action` drop: no longer a must. widen: the values, bounds or window given here instead.
    """

    condition: int
    action: Literal["drop", "widen"]
    gain: int
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One capability of a route and the process conditions (indexes, in the need's order) it takes over."""

    capability: str
    conditions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Two or three capabilities that together offer what none offers alone; `missing` stays uncovered."""

    steps: tuple[RouteStep, ...]
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one need.

    `results`: candidates, best first (no known violation of a hard condition). `partial`: the best of those
    that violate one, with the reason in their judgements ("could do a part").
    """

    results: tuple[Result, ...]
    partial: tuple[Result, ...]
    funnel: tuple[Step, ...]
    excluded: tuple[Exclusion, ...]
    relaxations: tuple[Relaxation, ...]
    routes: tuple[Route, ...]
    candidates: int


@dataclass(frozen=True, slots=True)
class RankedNeed:
    """One need a capability may serve: score 0..100 and one verdict a condition, as the need's own search has them.

    `order` is the score before it is stopped at 0.
    """

    need: str
    score: float
    order: float
    verdicts: tuple[Verdict, ...]
