"""The ring: contestants asked in turn, and told of new listings."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from .contest import Contestant
from .field import Listing, Need, renamed, report
from .watch import milliseconds

_UPDATES, _UPDATE_BUDGET_MS = 3, 5_000.0


@dataclass(slots=True)
class Entry:
    """A contestant in the ring, how it was built, and how many needs it is asked with at most."""

    contestant: Contestant
    seconds: float | None
    megabytes: float | None
    most: int
    spent: list[float] = field(default_factory=list)
    rankings: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, need: Need) -> None:
        ranking, spent = milliseconds(partial(self.contestant.rank, need))
        self.spent.append(spent)
        self.rankings[need.id] = ranking


def take_turns(entries: Sequence[Entry], needs: Sequence[Need], warming: Sequence[Need]) -> None:
    """Ask all with one need after the other, another one first each time, so that noise falls on all alike."""
    for entry in entries:
        for need in warming[: entry.most]:
            entry.contestant.rank(need)
    for number, need in enumerate(needs):
        turn = number % len(entries)
        for entry in [*entries[turn:], *entries[:turn]]:
            if number < entry.most:
                entry.ask(need)
        if (number + 1) % 100 == 0:
            report(f"{number + 1} needs asked")


def update_ms(contestant: Contestant, needs: Sequence[Need], listings: Sequence[Listing]) -> float:
    """Median time to take in a new listing, a twin of what a need finds first; raises where it is not found then."""
    known = {listing.id: listing for listing in listings}
    spent: list[float] = []
    for number, need in enumerate(needs):
        found = contestant.rank(need)
        if len(found) > 1 and found[0] in known:
            twin = renamed(known[found[0]], f"b{number}")
            spent.append(milliseconds(partial(contestant.update, twin))[1])
            if twin.id not in contestant.rank(need):
                raise AssertionError(f"{contestant.name} does not see the new {twin.id}")
        if len(spent) == _UPDATES or sum(spent) > _UPDATE_BUDGET_MS:
            break
    return statistics.median(spent)
