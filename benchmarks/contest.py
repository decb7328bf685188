"""What every contestant can do."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .columns import Rows, Values
from .field import Listing, Need

LIMIT = 20


class Contestant(Protocol):
    """A search engine holding listings. Building it is its constructor; query time starts at `rank`."""

    name: str

    def rank(self, need: Need) -> list[str]:
        """The ids of the best 20, best first."""

    def update(self, listing: Listing) -> None:
        """Take in one new listing; when this returns, the next `rank` sees it."""

    def close(self) -> None:
        """Give back what it took."""


def best(scores: Values, rows: Rows) -> list[int]:
    """The rows of the highest scores (one a row), best first; at most 20."""
    if len(rows) > LIMIT:
        chosen = np.argpartition(scores, len(scores) - LIMIT)[-LIMIT:]
        scores, rows = scores[chosen], rows[chosen]
    order = np.argsort(-scores, kind="stable")
    found: list[int] = rows[order].tolist()
    return found


def blended(words: Values, structure: Values, blend: float) -> Values:
    """Words (brought to at most 1) and structure in one score."""
    highest = words.max(initial=0.0)
    part = words / highest if highest > 0 else words
    return np.asarray(blend * part + (1 - blend) * structure, dtype=np.float32)
