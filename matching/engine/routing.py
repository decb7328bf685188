"""Routes: two or three capabilities that together cover the processes none covers alone, in the need's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, PASS, Column
from .explaining import is_must
from .index import Index
from .model import Condition, Route, RouteStep
from .tables import Rows

Totals = Callable[[Rows], NDArray[np.float64]]
MOST = 3
_MEMBERS = (2, 3)
# More distinct sets of processes than this are not combined; the widest ones are.
_SETS = 40


def routes(
    index: Index,
    conditions: Sequence[Condition],
    columns: Sequence[Column],
    totals_of: Totals,
    *,
    most: int = MOST,
) -> tuple[Route, ...]:
    """The best routes; none when one capability covers all, or when nothing together covers more than one alone.

    Members violate no hard condition other than a process. Fewer members go first, then the higher score.
    """
    needed = [p for p, condition in enumerate(conditions) if condition.kind == "process" and condition.op == "require"]
    if len(needed) < 2:
        return ()
    best_of = _best_by_set(index, conditions, columns, totals_of, needed)
    alone = max((covered.bit_count() for covered in best_of), default=0)
    together = 0
    for covered in best_of:
        together |= covered
    if together.bit_count() <= alone:
        return ()
    found = _combine(best_of, alone, together)
    return tuple(_route(members, best_of, needed) for members in found[:most])


def _best_by_set(
    index: Index,
    conditions: Sequence[Condition],
    columns: Sequence[Column],
    totals_of: Totals,
    needed: Sequence[int],
) -> dict[int, tuple[float, str]]:
    """For each set of covered processes (bits in the need's order) the best capability: (score, id)."""
    allowed = index.cells("alive").copy()
    for condition, verdicts in zip(conditions, columns, strict=True):
        if is_must(condition) and condition.kind != "process":
            allowed &= verdicts != FAIL
    covered = np.zeros(len(index.records), dtype=np.int64)
    for bit, position in enumerate(needed):
        covered |= (columns[position] == PASS).astype(np.int64) << bit
    rows = np.flatnonzero(allowed & (covered > 0))
    best: dict[int, tuple[float, str]] = {}
    if not len(rows):
        return best
    for row, total in zip(rows.tolist(), totals_of(rows).tolist(), strict=True):
        candidate = (-round(total, 9), index.at(row).id)
        held = int(covered[row])
        best[held] = min(best.get(held, candidate), candidate)
    return best


def _combine(best_of: dict[int, tuple[float, str]], alone: int, together: int) -> list[tuple[int, ...]]:
    """Combinations of sets that cover as much as can be covered, smallest and best first."""
    widest = sorted(best_of, key=lambda covered: (-covered.bit_count(), best_of[covered]))[:_SETS]
    for size in _MEMBERS:
        found = [members for members in combinations(widest, size) if _union(members) == together]
        if found:
            return sorted(found, key=lambda members: (sum(best_of[one][0] for one in members), members))
    partly = [members for members in combinations(widest, 3) if _union(members).bit_count() > alone]
    return sorted(partly, key=lambda members: (-_union(members).bit_count(), sum(best_of[one][0] for one in members)))


def _union(members: Sequence[int]) -> int:
    covered = 0
    for one in members:
        covered |= one
    return covered


def _route(members: Sequence[int], best_of: dict[int, tuple[float, str]], needed: Sequence[int]) -> Route:
    steps = [
        RouteStep(best_of[covered][1], conditions) for covered, conditions in _shares(members, needed) if conditions
    ]
    steps.sort(key=lambda step: step.conditions)
    missing = tuple(position for bit, position in enumerate(needed) if not _union(members) >> bit & 1)
    return Route(tuple(steps), missing)


def _shares(members: Sequence[int], needed: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Who takes which process: each goes to the member that covers most, so that few hand-overs are left."""
    taken = 0
    for covered in sorted(members, key=lambda one: (-one.bit_count(), one)):
        mine = covered & ~taken
        taken |= covered
        yield covered, tuple(position for bit, position in enumerate(needed) if mine >> bit & 1)
