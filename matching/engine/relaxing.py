"""Which single hard condition, relaxed, would open how many more capabilities. Every gain is found by trying."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, Column, View, column
from .demands import Place, Span, Time, resolve
from .explaining import is_must
from .index import Index
from .model import Condition, Relaxation, Window
from .regions import wider

MOST = 5
_LATER_WEEKS = (2, 4, 8, 13, 26)


def relaxations(
    index: Index, conditions: Sequence[Condition], columns: Sequence[Column], *, most: int = MOST
) -> tuple[Relaxation, ...]:
    """The relaxations that open the most, at most one a condition.

    A smaller change that admits at least half of what dropping the condition would admit is preferred to that.
    """
    found = [
        best
        for position, alone in sole_reasons(conditions, columns, index.cells("alive"))
        if (best := _best(index, position, conditions[position], alone))
    ]
    return tuple(sorted(found, key=lambda one: (-one.gain, one.condition))[:most])


def sole_reasons(
    conditions: Sequence[Condition], columns: Sequence[Column], alive: NDArray[np.bool_]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """For each hard condition the rows it alone rules out."""
    musts = [position for position, condition in enumerate(conditions) if is_must(condition)]
    if not musts:
        return
    failing = np.stack([columns[position] == FAIL for position in musts]) & alive
    once = failing.sum(axis=0) == 1
    for position, row in zip(musts, failing, strict=True):
        yield position, row & once


def _best(index: Index, position: int, condition: Condition, alone: NDArray[np.bool_]) -> Relaxation | None:
    dropped = int(np.count_nonzero(alone))
    if not dropped:
        return None
    for changed in _changes(index, condition, alone):
        gain = _gain(index, changed, alone)
        if gain * 2 >= dropped:
            return Relaxation(position, "widen", gain, changed.values, changed.low, changed.high, changed.window)
    return Relaxation(position, "drop", dropped)


def _gain(index: Index, changed: Condition, alone: NDArray[np.bool_]) -> int:
    (demand,) = resolve([changed], index.knowledge)
    return int(np.count_nonzero(column(View(index, np.flatnonzero(alone)), demand) != FAIL))


def _changes(index: Index, condition: Condition, alone: NDArray[np.bool_]) -> Iterator[Condition]:
    """Milder versions of the condition, mildest first."""
    (demand,) = resolve([condition], index.knowledge)
    match demand:
        case Place() if not demand.excluding:
            yield from _wider_regions(index, condition)
        case Span():
            yield from _wider_bounds(index, condition, demand, alone)
        case Time():
            yield from _later(condition, demand.window)
        case _:
            return


def _wider_regions(index: Index, condition: Condition) -> Iterator[Condition]:
    for code in condition.values:
        for instead in wider(code, index.knowledge):
            yield replace(condition, values=tuple(dict.fromkeys((*condition.values, *instead))))


def _later(condition: Condition, window: Window) -> Iterator[Condition]:
    for weeks in _LATER_WEEKS:
        yield replace(condition, window=Window(window.earliest, window.latest + 7 * weeks, window.days))


def _wider_bounds(index: Index, condition: Condition, demand: Span, alone: NDArray[np.bool_]) -> Iterator[Condition]:
    rows = np.flatnonzero(alone)
    held = index.ranges[(demand.quantity, demand.dimension)].of(rows, len(index.records))
    lows, highs = (np.concatenate([slot[side] for slot in held.slots]) for side in (0, 1))
    known = ~np.isnan(lows)
    if condition.op == "covers":
        yield from _shrunk(condition, demand, lows[known], highs[known])
    else:
        yield from _stretched(condition, demand, lows[known], highs[known])


def _shrunk(
    condition: Condition, demand: Span, lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> Iterator[Condition]:
    """Ask for less: end where the best of the excluded ends, or begin where it begins."""
    for reached in _middle(highs[(highs < demand.high) & (highs > 0)], -1):
        yield replace(condition, low=min(demand.low, reached), high=reached)
    for begun in _middle(lows[lows > demand.low], 1):
        yield replace(condition, low=begun, high=max(demand.high, begun))


def _stretched(
    condition: Condition, demand: Span, lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> Iterator[Condition]:
    """Accept more: reach up to where the excluded begin, or down to where they end."""
    for begun in _middle(lows[lows > demand.high], 1):
        yield replace(condition, high=begun)
    for reached in _middle(highs[highs < demand.low], -1):
        yield replace(condition, low=reached)


def _middle(ends: NDArray[np.float64], direction: int) -> tuple[float, ...]:
    """The end that takes in half of them, coming from the need's side (ascending for 1, descending for -1)."""
    known = np.sort(ends[np.isfinite(ends)])[::direction]
    return (float(known[math.ceil(len(known) / 2) - 1]),) if len(known) else ()
