"""Storage of an index: postings of values, ranges of quantities, bit sets of kin. Rows can be overwritten in place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
Key = TypeVar("Key", bound=Hashable)
_NO_ROWS: Rows = np.empty(0, dtype=np.int32)


class Postings(Generic[Key]):
    """For each key the sorted rows that hold it."""

    def __init__(self) -> None:
        self._rows: dict[Key, Rows] = {}

    def fill(self, held: Iterable[tuple[int, Iterable[Key]]]) -> None:
        """Replace everything by these (row, keys), rows ascending. Much faster than adding one by one."""
        lists: dict[Key, list[int]] = {}
        for row, keys in held:
            for key in keys:
                lists.setdefault(key, []).append(row)
        self._rows = {key: np.array(rows, dtype=np.int32) for key, rows in lists.items()}

    def add(self, key: Key, row: int) -> None:
        """Let a row hold a key it did not hold."""
        rows = self._rows.get(key, _NO_ROWS)
        self._rows[key] = np.insert(rows, int(np.searchsorted(rows, row)), row)

    def discard(self, key: Key, row: int) -> None:
        """Let a row drop a key it holds; the last one takes the key with it."""
        rows = self._rows[key]
        kept = np.delete(rows, int(np.searchsorted(rows, row)))
        if len(kept):
            self._rows[key] = kept
        else:
            del self._rows[key]

    def rows(self, key: Key) -> Rows:
        """Rows that hold the key, ascending; empty when none does."""
        return self._rows.get(key, _NO_ROWS)

    def keys(self) -> Iterable[Key]:
        """Keys some row holds."""
        return self._rows.keys()


class Ranges:
    """Rows with lower and upper bounds (several a row allowed), kept sorted by row."""

    def __init__(self) -> None:
        self.rows: Rows = _NO_ROWS
        self.low = np.empty(0)
        self.high = np.empty(0)
        self._starts: NDArray[np.intp] | None = None

    def fill(self, entries: Sequence[tuple[int, float, float]]) -> None:
        """Replace everything by these (row, low, high), rows ascending."""
        self.rows = np.array([entry[0] for entry in entries], dtype=np.int32)
        self.low = np.array([entry[1] for entry in entries], dtype=np.float64)
        self.high = np.array([entry[2] for entry in entries], dtype=np.float64)
        self._starts = None

    def put(self, row: int, bounds: Sequence[tuple[float, float]]) -> None:
        """Overwrite what a row holds; an empty sequence removes it."""
        left, right = np.searchsorted(self.rows, [row, row + 1])
        lows, highs = [bound[0] for bound in bounds], [bound[1] for bound in bounds]
        self.rows = np.concatenate([self.rows[:left], np.full(len(lows), row, np.int32), self.rows[right:]])
        self.low = np.concatenate([self.low[:left], np.array(lows, np.float64), self.low[right:]])
        self.high = np.concatenate([self.high[:left], np.array(highs, np.float64), self.high[right:]])
        self._starts = None

    @property
    def starts(self) -> NDArray[np.intp]:
        """Where each distinct row begins; for `reduceat`. Not to be used on an empty table."""
        if self._starts is None:
            self._starts = np.concatenate([[0], np.flatnonzero(np.diff(self.rows)) + 1])
        return self._starts


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
