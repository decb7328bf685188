"""The best rows without looking at all of them closely.

What a row can reach at most is told by its operations and its product, which few rows have. The most promising rows
are scored in full; what they reach says how promising another one must be to be worth it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, VERDICTS, Column, View, column
from .index import Index
from .model import Verdict
from .plan import Levels, Plan
from .scoring import Scores, score
from .tables import Rows

Points = NDArray[np.float32]
# Below so many rows there is nothing to save.
_FEW = 1024
# Where to begin is estimated from so many rows; so many shall be scored at first, and so many times more next.
_SAMPLE, _SEEDS, _MORE = 4096, 512, 8
_PICKED = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows in full: the view they form, their verdict columns and scores."""

    view: View
    columns: tuple[Column, ...]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Ranking:
    """One row of an answer, and where its columns and scores stand."""

    row: int
    ranked: Ranked
    at: int

    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict a condition."""
        at = self.at
        return tuple([VERDICTS[found.item(at)] for found in self.ranked.columns])


def in_full(index: Index, plan: Plan, rows: Rows) -> Ranked:
    """Judge and score these rows."""
    view = View(index, rows)
    columns = tuple(column(view, demand) for demand in plan.question.demands)
    return Ranked(view, columns, score(view, plan, columns))


def fitting(index: Index, plan: Plan, rows: Rows) -> Ranked:
    """Judge and score those of the rows that violate no hard condition."""
    question = plan.question
    if index.has_gaps:
        rows = rows[index.cells("alive")[rows]]
    known: dict[int, Column] = {}
    for position in plan.musts:
        # A column of all rows at once costs less than many rows picked out of it.
        if len(rows) * _PICKED > len(index.records):
            verdicts = column(View(index), question.demands[position])[rows]
        else:
            verdicts = column(View(index, rows), question.demands[position])
        known[position] = verdicts
        kept = verdicts != FAIL
        if not kept.all():
            rows = rows[kept]
            known = {earlier: found[kept] for earlier, found in known.items()}
    view = View(index, rows)
    columns = tuple(
        known[position] if position in known else column(view, demand)
        for position, demand in enumerate(question.demands)
    )
    return Ranked(view, columns, score(view, plan, columns))


def best(index: Index, plan: Plan, limit: int) -> list[Ranking]:
    """The best fitting rows, at most `limit`, best first. Ties go to the least shown, then to the smaller id."""
    whole = np.arange(len(index.records), dtype=np.intp)
    if len(whole) <= _FEW:
        return _first(index, [fitting(index, plan, whole)], limit)
    promise, rest = promises(index, plan)
    found: list[Ranked] = []
    above, seeds = np.inf, max(_SEEDS, 4 * limit)
    while above > 0:
        least = _least(found, limit)
        cut = _quantile(promise, seeds) if least is None else max(0.0, least - rest)
        rows = np.flatnonzero((promise >= cut) & (promise < above)) if cut < above else whole[:0]
        found.append(fitting(index, plan, rows))
        above, seeds = min(above, cut), seeds * _MORE
        if least is not None:
            break
    return _first(index, found, limit)


def _quantile(promise: Points, seeds: int) -> float:
    """About how promising the best so many rows are at least, told from every so-and-so-many-th row."""
    sample = promise[:: max(1, len(promise) // _SAMPLE)]
    rank = len(sample) - 1 - seeds * len(sample) // len(promise)
    # Sorting beats selecting here: most rows promise the very same.
    return float(np.sort(sample)[rank]) if rank > 0 else 0.0


def _least(found: Sequence[Ranked], limit: int) -> float | None:
    """The score of the last place, once there are so many."""
    orders = np.concatenate([ranked.scores.order for ranked in found]) if found else np.empty(0)
    if len(orders) < limit:
        return None
    return float(np.sort(orders)[len(orders) - limit])


def _first(index: Index, found: Sequence[Ranked], limit: int) -> list[Ranking]:
    exposure, least = index.cells("exposure"), _least(found, limit)
    places: list[tuple[float, int, str, Ranking]] = []
    for ranked in found:
        orders, rows = ranked.scores.order, ranked.view.rows
        assert rows is not None  # noqa: S101 - views made here name their rows
        chosen = np.arange(len(orders)) if least is None else np.flatnonzero(orders >= least)
        shown = exposure[rows[chosen]].tolist()
        for at, row, order, count in zip(
            chosen.tolist(), rows[chosen].tolist(), orders[chosen].tolist(), shown, strict=True
        ):
            places.append((-order, count, index.at(row).id, Ranking(row, ranked, at)))
    places.sort(key=lambda place: place[:3])
    return [place[3] for place in places[:limit]]


def promises(index: Index, plan: Plan) -> tuple[Points, float]:
    """What each row has of operations and product, in points, and what it may have beyond that at most."""
    points = np.zeros(len(index.records), dtype=np.float32)
    rest = sum(weight for name, weight in plan.weights.items() if name not in ("process", "product"))
    whole = sum(operation.share for operation in plan.operations)
    for operation in plan.operations:
        weight = plan.weights["process"] * operation.share / whole
        rest += weight * plan.rules.same_family_value if operation.families else 0.0
        _add(index, operation.levels, weight, points)
    weight = plan.weights["product"]
    if any(True for _ in plan.question.required("chain")):
        rest += weight * max(plan.rules.same_chain_value, plan.rules.near_chain_value)
    _add_products(index, plan, weight, points)
    return points, rest + 1e-3  # the points are of single precision


def _add(index: Index, levels: Levels, weight: float, points: Points) -> None:
    """Give each row the best level it holds. Levels ascend, so a later one overwrites; rows met again add nothing."""
    lists = [(value, index.tokens.rows(token)) for value, token in levels]
    if len(lists) == 1:
        points[lists[0][1]] += np.float32(weight * lists[0][0])
        return
    reached = np.zeros(len(points), dtype=np.float32)
    for value, rows in lists:
        reached[rows] = weight * value
    _pour([rows for _, rows in lists], reached, points)


def _add_products(index: Index, plan: Plan, weight: float, points: Points) -> None:
    lists = [index.tokens.rows(token) for token in plan.products]
    if plan.words:
        reached = (weight * index.shared(plan.words)).astype(np.float32)
    else:
        reached = np.zeros(len(points), dtype=np.float32)
    for rows in lists:
        reached[rows] = weight
    points += reached


def _pour(lists: Sequence[Rows], reached: Points, points: Points) -> None:
    """Add what rows reached to their points, each row once however many lists it is in."""
    for rows in lists:
        points[rows] += reached[rows]
        reached[rows] = 0.0
