"""The score: a sum an administrator can read, for many rows at once, taken apart for the rows shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, PASS, UNKNOWN, Column, View
from .demands import Demand, Fixed, Membership, Place, Span
from .index import SCALES, Index
from .model import Component, Condition, Path
from .plan import TERMS, Operation, Plan, asks_place, hard_weight
from .regions import nearness
from .rules import Rules

Values = NDArray[np.float64]
# A single vessel is a point on the logarithmic scale; it counts as this wide when it is held against a range.
POINT = 0.1
_LEAST = float(np.finfo(float).tiny)


@dataclass(frozen=True, slots=True)
class Part:
    """One component before it is added up: its weight as share of 100, and its value 0..1 for every row."""

    name: str
    weight: float
    values: Values


@dataclass(frozen=True, slots=True)
class Scores:
    """Totals 0..100 for every row of a view, and the parts they are the sum of. `cost` is what open questions take.

    `questions` counts them. `order` is the total before it is stopped at 0, so that rows of which little is known
    still stand in order.
    """

    parts: tuple[Part, ...]
    questions: Values
    cost: Values
    totals: Values
    order: Values

    def components(self, at: int) -> tuple[Component, ...]:
        """The addends of one row; their points add up to its total."""
        addends = [
            Component(part.name, part.weight, float(part.values[at]), float(part.weight * part.values[at]))
            for part in self.parts
        ]
        lost = min(float(self.cost[at]), sum(part.points for part in addends))
        return (*addends, Component("unknown", 0.0, float(self.questions[at]), -lost))


def score(view: View, plan: Plan, columns: Sequence[Column]) -> Scores:
    """Score every row of the view. Components the need says nothing about are left out and the others share 100."""
    question = plan.question
    asked = list(zip(question.conditions, question.demands, columns, strict=True))
    parts = tuple(Part(name, weight, _values(name, view, plan, asked)) for name, weight in plan.weights.items())
    return _add_up(parts, *_open_questions(view, asked, plan.rules))


Asking = Sequence[tuple[Condition, Demand, Column]]


def _values(name: str, view: View, plan: Plan, asked: Asking) -> Values:
    match name:
        case "process":
            return coverage(view, plan, [column for _, _, column in asked])
        case "product":
            return fit(view, plan, asked)
        case "scale":
            return _scale(view, asked, plan.rules)
        case "region":
            return _region(view, asked, plan.question.wish.home, plan.rules)
        case _:
            return _mean(view, asked, TERMS if name == "terms" else frozenset({name}), plan.rules)


def _add_up(parts: tuple[Part, ...], questions: Values, cost: Values) -> Scores:
    gained = np.zeros(len(questions))
    for part in parts:
        gained += part.weight * part.values
    order = np.round(gained - cost, 9)
    return Scores(parts, questions, cost, np.clip(order, 0.0, 100.0), order)


def _open_questions(view: View, asked: Asking, rules: Rules) -> tuple[Values, Values]:
    count, cost = np.zeros(view.size), np.zeros(view.size)
    for condition, demand, column in asked:
        if isinstance(demand, Fixed) or (condition.kind == "process" and not condition.hard):
            continue  # an operation nobody knows of already lacks in the coverage
        is_open = column == UNKNOWN
        count += is_open
        cost += is_open * (_price(view, condition, rules) if condition.hard else rules.unknown)
    return count, cost


def _price(view: View, condition: Condition, rules: Rules) -> Values | float:
    """What an open question on a must costs each row."""
    cell = speaking(condition)
    if cell is None:
        return rules.unknown_must
    price = np.where(view.cells(cell), dearest(view.index, cell, rules), rules.unknown_must)
    for value in condition.values:
        price[view.having(("likely", condition.kind, value))] = rules.unknown
    return price


def dearest(index: Index, cell: str, rules: Rules) -> float:
    """What an open must costs where the listing speaks of such things and not of this one.

    The more listings speak of them at all, the more such a silence says.
    """
    return rules.unknown_must + (rules.unknown_beside - rules.unknown_must) * index.share(cell) ** 2


def speaking(condition: Condition) -> str | None:
    """The cell that says whether a row speaks of such things at all."""
    if condition.kind == "qualification":
        return "states_qualifications"
    return "states_scale" if condition.kind == "parameter" and condition.quantity in SCALES else None


def _mean(view: View, asked: Asking, kinds: frozenset[str], rules: Rules) -> Values:
    """Weighted mean over the conditions of these kinds: pass 1, unknown a part, fail 0."""
    worth = np.array([0.0, rules.unknown_value, 1.0])
    values, whole = np.zeros(view.size), 0.0
    for condition, demand, column in asked:
        if condition.kind in kinds and not isinstance(demand, Fixed):
            values += hard_weight(condition) * worth[column + 1]
            whole += hard_weight(condition)
    return values / whole


def _scale(view: View, asked: Asking, rules: Rules) -> Values:
    """Mean over the parameters. Of a range of scale counts how much of it, on a logarithmic scale, lies within."""
    worth = np.array([0.0, rules.unknown_value, 1.0])
    values, whole = np.zeros(view.size), 0.0
    for condition, demand, column in asked:
        if condition.kind != "parameter" or isinstance(demand, Fixed):
            continue
        met = worth[column + 1]
        if isinstance(demand, Span) and condition.quantity in SCALES and demand.low > 0 and demand.high < np.inf:
            met = np.where(column == PASS, _overlap(view, demand), met)
        values += hard_weight(condition) * met
        whole += hard_weight(condition)
    return values / whole


def _overlap(view: View, demand: Span) -> Values:
    """The largest share of the demanded range, in orders of magnitude, that one range of a row holds; at least .1."""
    table = view.index.ranges.get((demand.quantity, demand.dimension))
    if table is None:
        return np.zeros(view.size)
    held = view.ranges(table)
    low, high = math.log(demand.low), math.log(demand.high)
    if high - low < POINT:
        low, high = low - POINT / 2, high + POINT / 2
    best = np.full(view.size, POINT)
    for bounds in held.slots:
        # Ranges that begin at nothing or below have no logarithm; they begin before anything asked for.
        begin, end = (np.log(np.maximum(bound, _LEAST)) for bound in bounds)
        best = np.fmax(best, (np.minimum(end, high) - np.maximum(begin, low)) / (high - low))
    return np.asarray(np.minimum(best, 1.0))


def coverage(view: View, plan: Plan, columns: Sequence[Column]) -> Values:
    """How much of the operations asked for a row covers; those a hard condition names count twice."""
    values = np.zeros(view.size)
    for operation in plan.operations:
        values += operation.share * _covered(view, operation, columns, plan.rules)
    return values / sum(operation.share for operation in plan.operations)


def _covered(view: View, operation: Operation, columns: Sequence[Column], rules: Rules) -> Values:
    """How well each row covers one operation; where no token says so, its family may still tell."""
    values = np.zeros(view.size)
    if operation.families:
        near = view.cells("family") & np.uint64(operation.families) != 0
        values[near & (columns[operation.position] != FAIL)] = rules.same_family_value
    for least, token in operation.levels:
        rows = view.having(token)
        values[rows] = np.maximum(values[rows], least)
    return values


def fit(view: View, plan: Plan, asked: Asking) -> Values:
    """Same product 1; else the largest of: share of the need's rare words, same chain, neighbouring chain."""
    values = np.zeros(view.size)
    for condition, demand, column in asked:
        if condition.kind == "chain" and isinstance(demand, Membership) and not demand.excluding:
            beside = view.cells("chain") & np.uint64(plan.near_chains) != 0
            near = np.where(beside, plan.rules.near_chain_value, 0.0)
            values = np.maximum(values, np.where(column == PASS, plan.rules.same_chain_value, near))
    if plan.words:
        values = np.maximum(values, np.minimum(view.shared(plan.words), 1.0))
    for token in plan.products:
        values[view.having(token)] = 1.0
    return values


def _region(view: View, asked: Asking, home: Path, rules: Rules) -> Values:
    """Nearness to the regions asked for; where none is, to the enterprise's own place."""
    chosen = [(demand, column) for _, demand, column in asked if isinstance(demand, Place) and asks_place(demand)]
    if not chosen:
        near = view.index.per_path(("home", home, rules), lambda path: home_worth(view.index, path, home, rules))
        return np.asarray(near[view.cells("region")])
    values = np.zeros(view.size)
    for demand, column in chosen:
        paths = demand.paths
        for code in (PASS, UNKNOWN, FAIL):
            at = column == code
            worth = view.index.per_path(("worth", paths, code, rules), _worth_of(view.index, paths, code, rules))
            values[at] += worth[view.cells("region")[at]]
    return values / len(chosen)


def _worth_of(index: Index, paths: tuple[Path, ...], code: int, rules: Rules) -> Callable[[Path], float]:
    return lambda path: place_worth(index, path, paths, code, rules)


def place_worth(index: Index, path: Path, wanted: tuple[Path, ...], code: int, rules: Rules) -> float:
    """1 inside a region asked for (`code` is the verdict), less near it; unknown is unknown."""
    if code != FAIL:
        return 1.0 if code == PASS else rules.unknown_value
    return max(_worth_near(index, path, region, rules) for region in wanted)


def home_worth(index: Index, path: Path, home: Path, rules: Rules) -> float:
    """1 in the enterprise's own place, less near it; an unknown place is unknown."""
    if not path:
        return rules.unknown_value
    return 1.0 if path[: len(home)] == home else _worth_near(index, path, home, rules)


def _worth_near(index: Index, path: Path, place: Path, rules: Rules) -> float:
    """What lying outside a place is worth: less in its province, its cluster, its country, and nothing abroad."""
    near = nearness(path, (place,), index.knowledge, rules.same_province_value, rules.same_cluster_value)
    is_country = bool(path and place) and path[0] == place[0]
    return max(near, rules.same_country_value if is_country else 0.0)
