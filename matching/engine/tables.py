"""Storage of an index: postings of values, ranges of quantities, bit sets of kin. Rows can be overwritten in place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Key = TypeVar("Key", bound=Hashable)
_NO_ROWS: Rows = np.empty(0, dtype=np.intp)
# So many keys keep one boolean a row beside their postings; what is asked about comes again and again.
_MARKED_KEYS = 96


class Postings(Generic[Key]):
    """For each key the sorted rows that hold it. `generation` grows whenever a key appears or disappears."""

    def __init__(self) -> None:
        self._rows: dict[Key, Rows] = {}
        self._pending: dict[Key, dict[int, bool]] = {}
        self._marks: dict[Key, Mask] = {}
        self.generation = 0

    def fill(self, held: Iterable[tuple[int, Iterable[Key]]]) -> None:
        """Replace everything by these (row, keys), rows ascending. Much faster than adding one by one."""
        lists: dict[Key, list[int]] = {}
        for row, keys in held:
            for key in keys:
                lists.setdefault(key, []).append(row)
        self._rows = {key: np.array(rows, dtype=np.intp) for key, rows in lists.items()}
        self._pending.clear()
        self._marks.clear()
        self.generation += 1

    def add(self, key: Key, row: int) -> None:
        """Let a row hold a key it did not hold."""
        if key not in self._rows:
            self._rows[key] = _NO_ROWS
            self.generation += 1
        self._change(key, row, held=True)

    def discard(self, key: Key, row: int) -> None:
        """Let a row drop a key it holds; the last one takes the key with it."""
        self._change(key, row, held=False)
        if not self.count(key):
            del self._rows[key]
            self._pending.pop(key, None)
            self.generation += 1

    def _change(self, key: Key, row: int, *, held: bool) -> None:
        """Note a change; the list itself is put right when somebody asks for it, for most nobody does."""
        pending = self._pending.setdefault(key, {})
        if pending.pop(row, held) == held:
            pending[row] = held
        if not pending:
            del self._pending[key]
        marks = self._marks.get(key)
        if marks is not None and row < len(marks):
            marks[row] = held
        elif marks is not None:
            del self._marks[key]

    def _settle(self, key: Key) -> Rows:
        pending = self._pending.pop(key)
        dropped = [row for row, held in pending.items() if not held]
        added = [row for row, held in pending.items() if held]
        kept = self._rows[key]
        if dropped:
            kept = kept[~np.isin(kept, dropped)]
        self._rows[key] = np.sort(np.concatenate([kept, np.array(added, dtype=np.intp)])) if added else kept
        return self._rows[key]

    def rows(self, key: Key) -> Rows:
        """Rows that hold the key, ascending; empty when none does."""
        return self._settle(key) if key in self._pending else self._rows.get(key, _NO_ROWS)

    def count(self, key: Key) -> int:
        """How many rows hold the key."""
        change = sum(1 if held else -1 for held in self._pending.get(key, {}).values())
        return len(self._rows.get(key, _NO_ROWS)) + change

    def marks(self, key: Key, size: int) -> Mask:
        """One boolean for each of the first `size` rows: does it hold the key?"""
        marks = self._marks.get(key)
        if marks is None or len(marks) < size:
            marks = np.zeros(size, dtype=bool)
            marks[self.rows(key)] = True
            if len(self._marks) >= _MARKED_KEYS:
                del self._marks[next(iter(self._marks))]
            self._marks[key] = marks
        return marks[:size]

    def keys(self) -> Iterable[Key]:
        """Keys some row holds."""
        return self._rows.keys()


Bounds = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """The ranges of some rows: the first of each, the second of each and so on, as (low, high) for all rows.

    What is missing is not a number, and so meets nothing. There is always a first one to ask.
    """

    slots: tuple[tuple[Bounds, Bounds], ...]

    @property
    def known(self) -> Mask:
        """Which rows have a range at all."""
        return ~np.isnan(self.slots[0][0])

    def containing(self, first: float, second: float) -> Mask:
        """Which rows have a range that begins at `first` at the latest and ends at `second` at the earliest."""
        low, high = self.slots[0]
        met = (low <= first) & (high >= second)
        for low, high in self.slots[1:]:
            met |= (low <= first) & (high >= second)
        return met

    def together(self) -> tuple[Bounds, Bounds]:
        """Where the first of each row's ranges begins and the last one ends."""
        low, high = self.slots[0]
        for further, beyond in self.slots[1:]:
            low, high = np.fmin(low, further), np.fmax(high, beyond)
        return low, high


class Ranges:
    """Rows with lower and upper bounds, several a row allowed. Those of a row lie together: one look gets all."""

    def __init__(self) -> None:
        self._bounds = np.empty((0, 2))

    def fill(self, entries: Sequence[tuple[int, float, float]], size: int) -> None:
        """Replace everything by these (row, low, high), rows ascending; `size` is the number of rows."""
        rows = np.array([entry[0] for entry in entries], dtype=np.intp)
        counts = np.bincount(rows, minlength=size)
        place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._bounds = np.full((size, 2 * max(1, int(counts.max(initial=1)))), np.nan)
        self._bounds[rows, 2 * place] = [entry[1] for entry in entries]
        self._bounds[rows, 2 * place + 1] = [entry[2] for entry in entries]

    def put(self, row: int, bounds: Sequence[tuple[float, float]]) -> None:
        """Overwrite what a row holds; an empty sequence removes it."""
        self._grow(row + 1, 2 * len(bounds))
        self._bounds[row] = np.nan
        self._bounds[row, : 2 * len(bounds)] = np.ravel(bounds)

    def all(self, size: int) -> Held:
        """The ranges of every row; `size` is the number of rows."""
        self._grow(size)
        return _held(self._bounds[:size])

    def of(self, rows: Rows, size: int) -> Held:
        """The ranges of these rows."""
        self._grow(size)
        return _held(self._bounds.take(rows, axis=0))

    def _grow(self, lines: int, width: int = 0) -> None:
        """Make room for so many rows and bounds, and some to spare."""
        old = self._bounds.shape
        if lines > old[0] or width > old[1]:
            grown = np.full((old[0] if lines <= old[0] else lines + lines // 2, max(old[1], width)), np.nan)
            grown[: old[0], : old[1]] = self._bounds
            self._bounds = grown


def _held(bounds: Bounds) -> Held:
    return Held(tuple((bounds[:, at], bounds[:, at + 1]) for at in range(0, bounds.shape[1], 2)))


class Bits:
    """Gives each value a bit of 64; values beyond the 63rd share the last one.

    Sharing only ever makes rows look more akin than they are, so nothing is ruled out wrongly.
    """

    SHARED = 63

    def __init__(self) -> None:
        self._bit: dict[str, int] = {}

    def mask(self, values: Iterable[str]) -> int:
        """The bits of these values, values never seen included."""
        mask = 0
        for value in values:
            mask |= 1 << self._bit.setdefault(value, min(len(self._bit), self.SHARED))
        return mask
