"""What open needs wait for, spread out into columns: the mirror of `index`, with a row for each condition.

Demands, plans and prices are the very objects a single need is ranked with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .columns import CODES, FAIL
from .demands import Demand, Fixed, Membership, Place, Span, Time
from .index import SCALES, Index, Quantity, Token
from .model import Condition, Path
from .plan import TERMS, Plan, hard_weight
from .scoring import speaking
from .verdicts import limits

Ids = NDArray[np.intp]
Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)
# What a condition means by a token: (meaning, how the capability holds it, kind, value).
Filed = tuple[str, str, str, str]
PRICES: tuple[str | None, ...] = (None, "states_qualifications", "states_scale")


@dataclass(frozen=True, slots=True)
class Spans:
    """All conditions on one quantity: number, need, limits; where scale counts, the logarithms of both ends."""

    conditions: Ids
    needs: Ids
    must: NDArray[np.bool_]
    first: Floats
    second: Floats
    otherwise: NDArray[np.int8]
    scaled: NDArray[np.bool_]
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Conditions:
    """All conditions of all needs, need after need.

    base: the verdict where a capability says nothing. points: what passing is worth. price: what an open question
    costs, 0 where nothing is asked; `speaking` says by which cell it gets dearer (a position in `PRICES`, -1 a wish).
    """

    need: Ids
    base: NDArray[np.int8]
    must: NDArray[np.bool_]
    points: Floats
    is_question: NDArray[np.bool_]
    speaking: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Places:
    """All conditions on a place: which of the distinct `demands` each is, its number and need."""

    demands: tuple[Place, ...]
    which: Ids
    conditions: Ids
    needs: Ids
    must: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Times:
    """All windows: number and need of each condition, days as ordinals."""

    conditions: Ids
    needs: Ids
    must: NDArray[np.bool_]
    earliest: NDArray[np.int32]
    latest: NDArray[np.int32]
    days: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Wants:
    """What is filed under what a capability may hold. Values are numbers of conditions, operations or needs."""

    tokens: dict[Filed, Ids]
    names: dict[tuple[str, str, str], Ids]
    likely: dict[Token, Ids]
    kin: dict[str, tuple[Ids, NDArray[np.uint64]]]
    spans: dict[Quantity, Spans]
    places: Places
    times: Times
    levels: dict[Token, list[tuple[float, Ids]]]
    products: dict[Token, Ids]
    words: dict[str, tuple[Ids, Floats]]
    homes: dict[Path, Ids]


class Book:
    """Enters the plans of needs one after the other; `conditions` and `wants` then give them as columns."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._need: list[int] = []
        self._rows: list[tuple[int, bool, float, bool, int]] = []
        self._tokens: dict[Filed, list[int]] = defaultdict(list)
        self._names: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self._likely: dict[Token, list[int]] = defaultdict(list)
        self._kin: dict[str, list[tuple[int, int]]] = {"family": [], "chain": []}
        self._spans: dict[Quantity, list[tuple[int, Span, bool]]] = defaultdict(list)
        self._places: dict[Place, list[int]] = defaultdict(list)
        self._times: list[tuple[int, int, int, int]] = []
        self._levels: dict[Token, dict[float, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._products: dict[Token, list[int]] = defaultdict(list)
        self._words: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._homes: dict[Path, list[int]] = defaultdict(list)
        self.operations: list[tuple[int, float, int, int]] = []
        self.chains: list[tuple[int, int, int]] = []
        self.materials: list[tuple[int, int]] = []

    def enter(self, need: int, plan: Plan) -> None:
        """Enter one need under its number."""
        question, first = plan.question, len(self._rows)
        points = _points(plan)
        for position, (condition, demand) in enumerate(zip(question.conditions, question.demands, strict=True)):
            number = first + position
            is_question = not isinstance(demand, Fixed) and not (condition.kind == "process" and not condition.hard)
            price = PRICES.index(speaking(condition)) if condition.hard else -1
            self._need.append(need)
            self._rows.append((_base(demand), position in plan.musts, points[position], is_question, price))
            self._file(number, condition, demand)
        for position, _, _ in question.required("chain"):
            self.chains.append((first + position, need, plan.near_chains))
        self.materials += [(first + position, need) for position, _, _ in question.required("material")]
        self._enter_plan(need, plan, first)

    def _enter_plan(self, need: int, plan: Plan, first: int) -> None:
        whole = sum(operation.share for operation in plan.operations)
        for operation in plan.operations:
            number = len(self.operations)
            weight = plan.weights["process"] * operation.share / whole
            condition = first + operation.position if operation.position >= 0 else -1
            self.operations.append((need, weight, operation.families, condition))
            for value, token in operation.levels:
                self._levels[token][value].append(number)
        for token in plan.products:
            self._products[token].append(need)
        for word, share in plan.words:
            self._words[word].append((need, share))
        if plan.is_homeward:
            self._homes[plan.question.wish.home].append(need)

    def _file(self, number: int, condition: Condition, demand: Demand) -> None:
        match demand:
            case Membership():
                self._file_values(number, demand)
                for value in condition.values:
                    self._likely["likely", condition.kind, value].append(number)
            case Span():
                scaled = condition.kind == "parameter" and condition.quantity in SCALES
                scaled = scaled and demand.low > 0 and demand.high < np.inf
                self._spans[demand.quantity, demand.dimension].append((number, demand, scaled))
            case Place():
                self._places[demand].append(number)
            case Time():
                self._times.append((number, demand.window.earliest, demand.window.latest, demand.window.days))

    def _file_values(self, number: int, demand: Membership) -> None:
        meant, denied = ("unwelcome", "unwelcome denied") if demand.excluding else ("wanted", "denied")
        for how in ("own", "platform") if demand.shared else ("own",):
            for kind, value in demand.wanted:
                self._tokens[meant, how, kind, value].append(number)
            for name in demand.contains:
                self._names[meant, how, name].append(number)
        for kind, value in demand.denied:
            self._tokens[denied, "not", kind, value].append(number)
        for kind, value in demand.excuses:
            for how in ("own", "platform"):
                self._tokens["excuse", how, kind, value].append(number)
        if demand.kin is not None and not demand.excluding:
            bits = self._index.families if demand.kin_kind == "family" else self._index.chains
            self._kin[demand.kin_kind].append((number, bits.mask(demand.kin)))

    def conditions(self) -> Conditions:
        """Every condition entered."""
        base, must, points, is_question, price = zip(*self._rows, strict=True) if self._rows else ((), (), (), (), ())
        return Conditions(
            _ids(self._need),
            np.array(base, dtype=np.int8),
            np.array(must, dtype=bool),
            np.array(points, dtype=np.float64),
            np.array(is_question, dtype=bool),
            np.array(price, dtype=np.int8),
        )

    def wants(self) -> Wants:
        """Everything filed."""
        return Wants(
            tokens=_frozen(self._tokens),
            names=_frozen(self._names),
            likely=_frozen(self._likely),
            kin={
                kind: (_ids([number for number, _ in found]), np.array([bits for _, bits in found], dtype=np.uint64))
                for kind, found in self._kin.items()
            },
            spans={quantity: self._all_spans(found) for quantity, found in self._spans.items()},
            places=self._all_places(),
            times=self._all_times(),
            levels={
                token: [(value, _ids(found)) for value, found in sorted(by.items())]
                for token, by in self._levels.items()
            },
            products=_frozen(self._products),
            words={
                word: (_ids([need for need, _ in found]), np.array([share for _, share in found]))
                for word, found in self._words.items()
            },
            homes=_frozen(self._homes),
        )

    def _all_places(self) -> Places:
        pairs = [(which, number) for which, found in enumerate(self._places.values()) for number in found]
        which, numbers = _table(pairs, 2)
        return Places(tuple(self._places), which, numbers, *self._whose(numbers))

    def _all_times(self) -> Times:
        numbers, earliest, latest, days = _table(self._times, 4)
        ordinals = (column.astype(np.int32) for column in (earliest, latest, days))
        return Times(numbers, *self._whose(numbers), *ordinals)

    def _whose(self, numbers: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """Whose conditions these are, and which of them are musts."""
        return _ids([self._need[number] for number in numbers]), np.array(
            [self._rows[number][1] for number in numbers], dtype=bool
        )

    def _all_spans(self, found: Sequence[tuple[int, Span, bool]]) -> Spans:
        numbers = _ids([number for number, _, _ in found])
        ends = np.array([limits(span) for _, span, _ in found])
        logs = np.array([(np.log(span.low), np.log(span.high)) if scaled else (0.0, 1.0) for _, span, scaled in found])
        return Spans(
            numbers,
            *self._whose(numbers),
            np.ascontiguousarray(ends[:, 0]),
            np.ascontiguousarray(ends[:, 1]),
            np.array([FAIL if span.contradicts else 0 for _, span, _ in found], dtype=np.int8),
            np.array([scaled for _, _, scaled in found], dtype=bool),
            np.ascontiguousarray(logs[:, 0]),
            np.ascontiguousarray(logs[:, 1]),
        )


def _points(plan: Plan) -> list[float]:
    """What passing each condition adds to the score; operations and products add up by themselves."""
    pairs = list(zip(plan.question.conditions, plan.question.demands, strict=True))
    parts = [_part(condition, demand) for condition, demand in pairs]
    weights = [
        1.0 if part == "region" else hard_weight(condition) for part, (condition, _) in zip(parts, pairs, strict=True)
    ]
    whole: dict[str, float] = defaultdict(float)
    for part, weight in zip(parts, weights, strict=True):
        whole[part] += weight
    return [
        plan.weights[part] * weight / whole[part] if part else 0.0 for part, weight in zip(parts, weights, strict=True)
    ]


def _part(condition: Condition, demand: Demand) -> str:
    if isinstance(demand, Fixed):
        return ""
    if isinstance(demand, Place):
        return "" if demand.excluding else "region"
    if condition.kind in TERMS:
        return "terms"
    return {"parameter": "scale", "budget": "budget"}.get(condition.kind, "")


def _base(demand: Demand) -> int:
    """The verdict where a capability says nothing."""
    if isinstance(demand, Fixed):
        return CODES[demand.verdict]
    return CODES[demand.absent] if isinstance(demand, Membership) and demand.excluding else 0


def _ids(numbers: Sequence[int]) -> Ids:
    return np.array(numbers, dtype=np.intp)


def _table(rows: Sequence[tuple[int, ...]], width: int) -> NDArray[np.intp]:
    return np.array(rows, dtype=np.intp).reshape(-1, width).T


def _frozen(filed: dict[Key, list[int]]) -> dict[Key, Ids]:
    return {key: _ids(numbers) for key, numbers in filed.items()}
