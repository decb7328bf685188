"""Capability to needs: the same verdicts and the same sum, asked the other way round, for all open needs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import CODES, FAIL, PASS, UNKNOWN, VERDICTS, Column
from .demands import resolve
from .index import Index, Token, ranges_of, states
from .model import CapabilityFacts, OpenNeed, Path, RankedNeed
from .plan import Plan, Question
from .regions import place_verdict
from .rules import Rules
from .scoring import POINT, dearest, home_worth, place_worth
from .verdicts import SOON_DAYS, horizon
from .waiting import PRICES, Book, Ids, Places, Spans, Times
from .words import contains

Values = NDArray[np.float64]
# So many of the needs it may serve are scored at first, the most promising.
_SEEDS, _SAMPLE = 320, 2048
_PASS, _UNKNOWN, _FAIL = np.int8(PASS), np.int8(UNKNOWN), np.int8(FAIL)
# In this order the tokens of a capability speak, and a later word counts: (how it holds them, what is meant, verdict).
_PHASES = (
    ("platform", "wanted", PASS),
    ("not", "denied", FAIL),
    ("own", "wanted", PASS),
    ("not", "unwelcome denied", PASS),
    ("platform", "unwelcome", FAIL),
    ("own", "unwelcome", FAIL),
    ("platform", "excuse", PASS),
    ("own", "excuse", PASS),
)


class OpenNeeds:
    """Open needs, ready to be asked with one capability after the other.

    `index` holds the capabilities: it lends its knowledge and its word counts, as they are now.
    """

    def __init__(self, needs: Iterable[OpenNeed], index: Index, rules: Rules | None = None) -> None:
        self.index, self.rules = index, rules or Rules()
        self.ids: list[str] = []
        book, weights = Book(index), list[tuple[float, float, float]]()
        for number, need in enumerate(needs):
            self.ids.append(need.id)
            question = Question(need.conditions, resolve(need.conditions, index.knowledge), need.wish)
            plan = Plan.of(index, question, self.rules)
            book.enter(number, plan)
            promised = plan.weights["product"] + plan.weights.get("process", 0.0)
            weights.append((plan.weights["product"], plan.weights.get("region", 0.0), 100.0 - promised + 1e-6))
        self.conditions, self.wants = book.conditions(), book.wants()
        self.starts = np.searchsorted(self.conditions.need, np.arange(len(self.ids) + 1))
        needs_of, points, families, conditions = zip(*book.operations, strict=True) if book.operations else ((),) * 4
        self.operation_need = np.array(needs_of, dtype=np.intp)
        self.operation_points = np.array(points, dtype=np.float64)
        self.families = np.array(families, dtype=np.uint64)
        self.operation_condition = np.array(conditions, dtype=np.intp)
        self.chains = np.array([chain[:2] for chain in book.chains], dtype=np.intp).reshape(-1, 2).T
        self.near_chains = np.array([near for _, _, near in book.chains], dtype=np.uint64)
        self.materials = np.array(book.materials, dtype=np.intp).reshape(-1, 2).T
        self.product_weight, self.region_weight, self.rest = np.array(weights, dtype=np.float64).reshape(-1, 3).T
        self._places: dict[Path, tuple[Column, Values, Values]] = {}
        self._named: dict[tuple[str, str, str], list[Ids]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def rank(self, capability: CapabilityFacts, *, limit: int | None = 20) -> tuple[RankedNeed, ...]:
        """Needs whose hard conditions the capability does not violate, best first, ties by id; all where limit is None.

        Score and verdicts are what `rank` gives the same pair the other way round.
        """
        asking = _Asking(self, capability)
        chosen, orders = asking.best(limit) if limit is not None else asking.all()
        places = sorted((-order, self.ids[at], at) for at, order in zip(chosen.tolist(), orders.tolist(), strict=True))
        return tuple(self._ranked(at, -order, asking.verdicts) for order, _, at in places[:limit])

    def _ranked(self, at: int, order: float, verdicts: Column) -> RankedNeed:
        codes = verdicts[self.starts[at] : self.starts[at + 1]].tolist()
        return RankedNeed(self.ids[at], min(max(order, 0.0), 100.0), order, tuple(VERDICTS[code] for code in codes))

    def place(self, path: Path) -> tuple[Column, Values, Values]:
        """For each place asked for the verdict on this path and what its nearness is worth; for each home its worth."""
        if path not in self._places:
            demands = self.wants.places.demands
            codes = [(-1 if demand.excluding else 1) * CODES[place_verdict(path, demand.paths)] for demand in demands]
            worth = [
                place_worth(self.index, path, demand.paths, code, self.rules)
                for demand, code in zip(demands, codes, strict=True)
            ]
            homes = [home_worth(self.index, path, home, self.rules) for home in self.wants.homes]
            self._places[path] = np.array(codes, dtype=np.int8), np.array(worth), np.array(homes)
        return self._places[path]

    def named(self, meant: str, how: str, value: str) -> list[Ids]:
        """Conditions whose wanted name stands inside the value. Remembered: values come again."""
        key = meant, how, value
        if key not in self._named:
            self._named[key] = [
                numbers
                for filed, numbers in self.wants.names.items()
                if filed[:2] == (meant, how) and contains(value, filed[2])
            ]
        return self._named[key]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The conditions of chosen needs, need after need: their numbers, and for each the position of its need."""

    chosen: NDArray[np.bool_]
    offsets: Ids
    numbers: Ids
    owners: Ids

    @classmethod
    def of(cls, starts: Ids, needs: Ids) -> _Lines:
        """Spread the needs out."""
        first = starts[needs]
        counts = starts[needs + 1] - first
        chosen = np.zeros(len(starts) - 1, dtype=bool)
        chosen[needs] = True
        offsets = np.zeros(len(starts) - 1, dtype=np.intp)
        offsets[needs] = shift = np.cumsum(counts) - counts - first
        owners = np.repeat(np.arange(len(needs)), counts)
        return cls(chosen, offsets, np.arange(len(owners)) - shift[owners], owners)

    def at(self, conditions: Ids, needs: Ids) -> Ids:
        """Where these conditions stand in `numbers`."""
        return conditions + self.offsets[needs]


class _Asking:
    """One capability held against all the needs: verdicts on every condition, then the score of those it may serve."""

    def __init__(self, held: OpenNeeds, capability: CapabilityFacts) -> None:
        self.held, self.wants, self.conditions = held, held.wants, held.conditions
        self.capability = capability
        self.tokens = held.index.tokens_of(capability)
        self.ranges = ranges_of(capability)
        self.verdicts: Column = self.conditions.base.copy()
        self.fits = np.ones(len(held), dtype=bool)
        self._judge_values()
        self.promise = self._coverage() + held.product_weight * self._fit()

    def all(self) -> tuple[Ids, Values]:
        """Every need it may serve, and their scores before they are stopped at 0."""
        chosen = self._judge(np.ones(len(self.held), dtype=bool))
        return chosen, self._orders(chosen)

    def best(self, limit: int) -> tuple[Ids, Values]:
        """The same of the best at least: the most promising first, then those that could still reach them."""
        seeds = max(_SEEDS, 16 * limit)
        if len(self.held) <= 2 * seeds:
            return self.all()
        sample = np.sort(self.promise[:: 1 + len(self.held) // _SAMPLE])
        cut = sample[len(sample) - 1 - seeds * len(sample) // len(self.held)]
        first = self._judge(self.promise >= cut)
        if len(first) < limit:
            return self.all()
        orders = self._orders(first)
        least = np.sort(orders)[len(orders) - limit]
        rest = self._judge((self.promise < cut) & (self.promise + self.held.rest >= least))
        chosen, orders = np.concatenate([first, rest]), np.concatenate([orders, self._orders(rest)])
        return chosen[orders >= least], orders[orders >= least]

    def _judge(self, asked: NDArray[np.bool_]) -> Ids:
        """Judge places, amounts and times of these needs; return those of them it may serve."""
        asked = asked & self.fits
        self._judge_places(asked)
        for quantity, held in self.ranges.items():
            if (spans := self.wants.spans.get(quantity)) is not None:
                self._judge_spans(spans, held, asked)
        self._judge_times(asked & self.fits)
        return np.flatnonzero(asked & self.fits)

    def _set(self, table: Spans | Places | Times, at: Ids, codes: Column) -> None:
        """Put the verdicts of some conditions of a table, and drop the needs whose musts they violate."""
        self.verdicts[table.conditions[at]] = codes
        failed = at[codes == FAIL]
        self.fits[table.needs[failed[table.must[failed]]]] = False

    def _drop(self, conditions: Ids) -> None:
        """Drop the needs of which one of these conditions is a must that is violated."""
        failed = conditions[(self.verdicts[conditions] == FAIL) & self.conditions.must[conditions]]
        self.fits[self.conditions.need[failed]] = False

    def _judge_values(self) -> None:
        for kind, (numbers, masks) in self.wants.kin.items():
            bits = np.uint64(self.held.index.kin_bits(self.capability, kind))
            if len(numbers) and bits:
                self.verdicts[numbers[(masks & bits) == 0]] = FAIL
        touched = [self.wants.kin[kind][0] for kind in self.wants.kin]
        for how, meant, code in _PHASES:
            for token in self.tokens:
                if token[0] == how:
                    touched += self._mark(meant, token, code)
        for numbers in touched:
            self._drop(numbers)

    def _mark(self, meant: str, token: Token, code: int) -> list[Ids]:
        """Let one token speak; return the conditions that may have been violated by it."""
        how, kind, value = token
        marked = [numbers] if (numbers := self.wants.tokens.get((meant, *token))) is not None else []
        if kind == "material":
            marked += self.held.named(meant, how, value)
        for numbers in marked:
            self.verdicts[numbers] = code
        return marked if code == FAIL else []

    def _judge_spans(self, spans: Spans, held: Sequence[tuple[float, float]], asked: NDArray[np.bool_]) -> None:
        at = np.flatnonzero(asked[spans.needs])
        first, second = spans.first[at], spans.second[at]
        fits = np.zeros(len(at), dtype=bool)
        for low, high in held:
            fits |= (low <= first) & (second <= high)
        codes = np.where(fits, _PASS, spans.otherwise[at])
        if len(held) > 1:
            low, high = min(low for low, _ in held), max(high for _, high in held)
            codes[~fits & (low <= first) & (second <= high)] = UNKNOWN
        self._set(spans, at, codes)

    def _judge_places(self, asked: NDArray[np.bool_]) -> None:
        codes, _, _ = self.held.place(self.capability.region)
        at = np.flatnonzero(asked[self.wants.places.needs])
        self._set(self.wants.places, at, codes[self.wants.places.which[at]])

    def _judge_times(self, asked: NDArray[np.bool_]) -> None:
        """Last, so that the free periods are held only against needs nothing else rules out."""
        times, periods = self.wants.times, self.capability.availability
        at = np.flatnonzero(asked[times.needs])
        earliest, latest, days = times.earliest[at], times.latest[at], times.days[at]
        if periods is None:
            if self.capability.is_operating is False:
                soon = at[latest - earliest <= SOON_DAYS]
                self._set(times, soon, np.full(len(soon), _FAIL))
            return
        fits = np.zeros(len(at), dtype=bool)
        for first, last in periods:
            fits |= np.maximum(earliest, first) <= np.minimum(last + 1 - days, latest)
        late = earliest > horizon(periods) if periods else np.zeros(len(at), dtype=bool)
        self._set(times, at, np.where(fits, _PASS, np.where(late, _UNKNOWN, _FAIL)))

    def _orders(self, chosen: Ids) -> Values:
        """The scores of these needs before they are stopped at 0."""
        held, lines = self.held, _Lines.of(self.held.starts, chosen)
        total = self.promise[chosen]
        total += np.bincount(lines.owners, weights=self._addends(lines), minlength=len(chosen))
        if self.wants.homes:
            _, _, homes = held.place(self.capability.region)
            worth = np.zeros(len(held))
            for needs, value in zip(self.wants.homes.values(), homes.tolist(), strict=True):
                worth[needs] = value
            total += held.region_weight[chosen] * worth[chosen]
        return np.round(total, 9)

    def _addends(self, lines: _Lines) -> Values:
        """What each condition adds: its points by its verdict, less the price of an open question."""
        rules, verdicts = self.held.rules, self.verdicts[lines.numbers]
        worth = np.array([0.0, rules.unknown_value, 1.0])[verdicts + 1]
        for quantity, ranges in self.ranges.items():
            if (spans := self.wants.spans.get(quantity)) is not None:
                at = np.flatnonzero(spans.scaled & lines.chosen[spans.needs])
                at = at[self.verdicts[spans.conditions[at]] == PASS]
                worth[lines.at(spans.conditions[at], spans.needs[at])] = _shares(spans, at, ranges)
        places = self.wants.places
        _, near, _ = self.held.place(self.capability.region)
        at = np.flatnonzero(lines.chosen[places.needs])
        worth[lines.at(places.conditions[at], places.needs[at])] = near[places.which[at]]
        is_open = self.conditions.is_question[lines.numbers] & (verdicts == UNKNOWN)
        return np.asarray(self.conditions.points[lines.numbers] * worth - self._prices(lines) * is_open)

    def _prices(self, lines: _Lines) -> Values:
        index, rules = self.held.index, self.held.rules
        speaking = self.conditions.speaking[lines.numbers]
        prices = [
            dearest(index, cell, rules) if cell and states(self.capability, cell) else rules.unknown_must
            for cell in PRICES
        ]
        found = np.array([*prices, rules.unknown])[speaking]
        for token in self.tokens:
            if token[0] == "likely" and (numbers := self.wants.likely.get(token)) is not None:
                needs = self.conditions.need[numbers]
                numbers, needs = numbers[lines.chosen[needs]], needs[lines.chosen[needs]]
                at = lines.at(numbers, needs)
                found[at] = np.where(speaking[at] > 0, rules.unknown, found[at])
        return found

    def _coverage(self) -> Values:
        held, rules = self.held, self.held.rules
        reached = np.zeros(len(held.operation_need))
        bits = np.uint64(held.index.kin_bits(self.capability, "family"))
        if bits:
            near = np.flatnonzero(held.families & bits)
            near = near[self.verdicts[held.operation_condition[near]] != FAIL]
            reached[near] = rules.same_family_value
        for token in self.tokens:
            for value, operations in self.wants.levels.get(token, ()):
                reached[operations] = np.maximum(reached[operations], value)
        at = np.flatnonzero(reached)
        weights = reached[at] * held.operation_points[at]
        points: Values = np.bincount(held.operation_need[at], weights=weights, minlength=len(held)).astype(np.float64)
        return points

    def _fit(self) -> Values:
        held, rules = self.held, self.held.rules
        fit = np.zeros(len(held))
        for word in self.capability.words:
            if (found := self.wants.words.get(word)) is not None:
                fit[found[0]] += found[1]
        np.minimum(fit, 1.0, out=fit)
        conditions, needs = held.chains
        bits = np.uint64(held.index.kin_bits(self.capability, "chain"))
        passing = self.verdicts[conditions] == PASS
        near = np.flatnonzero((held.near_chains & bits != 0) & ~passing)
        np.maximum.at(fit, needs[near], rules.near_chain_value)
        np.maximum.at(fit, needs[np.flatnonzero(passing)], rules.same_chain_value)
        for token in self.tokens:
            if (waiting := self.wants.products.get(token)) is not None:
                fit[waiting] = 1.0
        conditions, needs = held.materials
        fit[needs[self.verdicts[conditions] == PASS]] = 1.0
        return fit


def _shares(spans: Spans, at: Ids, held: Sequence[tuple[float, float]]) -> Values:
    """How much of each demanded range of scale lies within one of the ranges held, in orders of magnitude."""
    low, high = spans.low[at], spans.high[at]
    is_point = high - low < POINT
    low, high = np.where(is_point, low - POINT / 2, low), np.where(is_point, high + POINT / 2, high)
    share = np.full(len(at), POINT)
    for first, last in held:
        begin = np.log(first) if first > 0 else -np.inf
        end = np.log(last) if last > 0 else -np.inf
        share = np.maximum(share, np.clip((np.minimum(end, high) - np.maximum(begin, low)) / (high - low), POINT, 1.0))
    return share
