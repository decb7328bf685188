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
        self._marks: dict[Key, Mask] = {}
        self.generation = 0

    def fill(self, held: Iterable[tuple[int, Iterable[Key]]]) -> None:
        """Replace everything by these (row, keys), rows ascending. Much faster than adding one by one."""
        lists: dict[Key, list[int]] = {}
        for row, keys in held:
            for key in keys:
                lists.setdefault(key, []).append(row)
        self._rows = {key: np.array(rows, dtype=np.intp) for key, rows in lists.items()}
        self._marks.clear()
        self.generation += 1

    def add(self, key: Key, row: int) -> None:
        """Let a row hold a key it did not hold."""
        rows = self._rows.get(key)
        self.generation += rows is None
        rows = _NO_ROWS if rows is None else rows
        self._rows[key] = np.insert(rows, int(np.searchsorted(rows, row)), row)
        self._mark(key, row, held=True)

    def discard(self, key: Key, row: int) -> None:
        """Let a row drop a key it holds; the last one takes the key with it."""
        rows = self._rows[key]
        kept = np.delete(rows, int(np.searchsorted(rows, row)))
        self._mark(key, row, held=False)
        if len(kept):
            self._rows[key] = kept
        else:
            del self._rows[key]
            self.generation += 1

    def rows(self, key: Key) -> Rows:
        """Rows that hold the key, ascending; empty when none does."""
        return self._rows.get(key, _NO_ROWS)

    def count(self, key: Key) -> int:
        """How many rows hold the key."""
        return len(self._rows.get(key, _NO_ROWS))

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

    def _mark(self, key: Key, row: int, *, held: bool) -> None:
        marks = self._marks.get(key)
        if marks is not None and row < len(marks):
            marks[row] = held
        elif marks is not None:
            del self._marks[key]


@dataclass(frozen=True, slots=True)
class Held:
    """Ranges of some rows: those of `owners[i]` begin at `starts[i]` in `low` and `high`. Owners without are left out.

    `starts` is None where every owner has just one.
    """

    owners: Rows
    starts: Rows | None
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def any(self, met: Mask) -> Mask:
        """For each owner: is it met by one of its ranges?"""
        return met if self.starts is None else np.logical_or.reduceat(met, self.starts)

    def least(self) -> NDArray[np.float64]:
        """Where the first of each owner's ranges begins."""
        return self.low if self.starts is None else np.minimum.reduceat(self.low, self.starts)

    def largest(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The largest of each owner's values, given one for each range."""
        return values if self.starts is None else np.maximum.reduceat(values, self.starts)


class Ranges:
    """Rows with lower and upper bounds (several a row allowed), kept sorted by row."""

    def __init__(self) -> None:
        self.rows: Rows = _NO_ROWS
        self.low = np.empty(0)
        self.high = np.empty(0)
        self._first: Rows = _NO_ROWS
        self._all: Held | None = None

    def fill(self, entries: Sequence[tuple[int, float, float]]) -> None:
        """Replace everything by these (row, low, high), rows ascending."""
        self.rows = np.array([entry[0] for entry in entries], dtype=np.intp)
        self.low = np.array([entry[1] for entry in entries], dtype=np.float64)
        self.high = np.array([entry[2] for entry in entries], dtype=np.float64)
        self._first, self._all = _NO_ROWS, None

    def put(self, row: int, bounds: Sequence[tuple[float, float]]) -> None:
        """Overwrite what a row holds; an empty sequence removes it."""
        left, right = (int(at) for at in np.searchsorted(self.rows, [row, row + 1]))
        lows = np.array([bound[0] for bound in bounds], np.float64)
        highs = np.array([bound[1] for bound in bounds], np.float64)
        if right - left == len(bounds):
            self.low[left:right], self.high[left:right] = lows, highs
            return
        held = np.full(len(lows), row, np.intp)
        self.rows = np.concatenate([self.rows[:left], held, self.rows[right:]])
        self.low = np.concatenate([self.low[:left], lows, self.low[right:]])
        self.high = np.concatenate([self.high[:left], highs, self.high[right:]])
        self._first, self._all = _NO_ROWS, None

    def all(self, size: int) -> Held:
        """The ranges of every row that has any; `size` is the number of rows."""
        if self._all is None:
            first = self._offsets(size)
            owners = np.flatnonzero(first[1:] > first[:-1])
            self._all = Held(owners, None if len(owners) == len(self.rows) else first[owners], self.low, self.high)
        return self._all

    def of(self, rows: Rows, size: int) -> Held:
        """The ranges of these rows; owners are positions in `rows`."""
        offsets = self._offsets(size)
        first = offsets[rows]
        counts = offsets[rows + 1] - first
        owners = np.flatnonzero(counts)
        if len(owners) < len(rows):
            first, counts = first[owners], counts[owners]
        ends = np.cumsum(counts)
        if len(ends) == 0 or ends[-1] == len(ends):
            return Held(owners, None, self.low[first], self.high[first])
        starts = ends - counts
        at = np.repeat(first - starts, counts) + np.arange(ends[-1])
        return Held(owners, starts, self.low[at], self.high[at])

    def _offsets(self, size: int) -> Rows:
        """Where each row's ranges begin; one more than there are rows."""
        if len(self._first) != size + 1:
            self._first = np.zeros(size + 1, dtype=np.intp)
            np.cumsum(np.bincount(self.rows, minlength=size), out=self._first[1:])
            self._all = None
        return self._first


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
