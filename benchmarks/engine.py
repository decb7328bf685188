"""Our engine as a contestant, twice over one index: the bare ranking, and all that the pages show."""

from __future__ import annotations

from collections.abc import Sequence

from matching.evaluation import Task

from . import ours
from .contest import LIMIT
from .field import Listing, Need


class Ours:
    """Ranking alone, as the peers do it."""

    name = "ours"

    def __init__(self, listings: Sequence[Listing], task: Task) -> None:
        self.index = ours.build([listing.facts for listing in listings], task)

    def rank(self, need: Need) -> list[str]:
        return ours.rank(self.index, need.reading, LIMIT)

    def update(self, listing: Listing) -> None:
        ours.update(self.index, listing.facts)

    def close(self) -> None:
        """Nothing but memory."""


class OursExplained:
    """Ranking with components, evidence, funnel, reasons for exclusion, relaxations and routes."""

    name = "ours, explained"

    def __init__(self, engine: Ours) -> None:
        self._engine = engine

    def rank(self, need: Need) -> list[str]:
        return ours.explain(self._engine.index, need.reading, LIMIT)

    def update(self, listing: Listing) -> None:
        self._engine.update(listing)

    def close(self) -> None:
        """The index is the other's."""
