"""Who was ruled out by a hard condition, nearest to fitting first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import FAIL, View, column
from .demands import resolve
from .explaining import is_must
from .index import Index
from .model import Condition, Judgement
from .verdicts import judge_demands


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A capability that violates hard conditions: positions of all it violates, and what is known of each condition."""

    capability: str
    violated: tuple[int, ...]
    judgements: tuple[Judgement, ...]


def left_out(
    index: Index, conditions: Sequence[Condition], position: int | None, *, start: int, count: int
) -> tuple[int, tuple[LeftOut, ...]]:
    """Those that violate the condition at `position` (None: any must): how many, and `count` of them from `start` on.

    Those that violate the fewest come first, between equals the smaller id.
    """
    demands = resolve(conditions, index.knowledge)
    musts = [place for place, condition in enumerate(conditions) if is_must(condition)]
    if not musts or (position is not None and position not in musts):
        return 0, ()
    view = View(index)
    failing = np.stack([column(view, demands[place]) == FAIL for place in musts]) & index.cells("alive")
    chosen = failing.any(axis=0) if position is None else failing[musts.index(position)]
    broken = failing.sum(axis=0)
    rows = np.flatnonzero(chosen)
    ordered = sorted(rows.tolist(), key=lambda row: (int(broken[row]), _number(index.at(row).id)))
    shown = [
        LeftOut(
            index.at(row).id,
            tuple(place for place, fails in zip(musts, failing[:, row], strict=True) if fails),
            judge_demands(demands, index.at(row), index.knowledge),
        )
        for row in ordered[start : start + count]
    ]
    return len(ordered), tuple(shown)


def _number(identity: str) -> tuple[int, str]:
    return (int(identity), "") if identity.isdecimal() else (0, identity)
