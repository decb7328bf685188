"""Nobody is flooded: an operator gets only so many leads that wait for its answer."""

from __future__ import annotations

from collections.abc import Iterable

from matching.exposure import open_leads, operators_of
from matching.models import Match

from .locking import lock_organizations


class Room:
    """How many leads each operator still takes, counted under a lock that lasts to the end of the transaction.

    The race it closes: two workers approve matches of different needs for one operator, each counting before the
    other has written. The second waits at the operator's row and then counts what the first has done. Make one for
    all matches of a transaction: the rows are locked in one order only within one call.
    """

    def __init__(self, matches: Iterable[Match]) -> None:
        self._operators = operators_of({match.capability_id for match in matches})
        lock_organizations(set(self._operators.values()))
        self._taken = open_leads(set(self._operators.values()))

    def take(self, match: Match, limit: int) -> bool:
        """Take a place for this match; False where its operator has `limit` already. Nobody waits for nobody's."""
        operator = self._operators.get(match.capability_id)
        if operator is None:
            return True
        taken = self._taken.get(operator, 0)
        if taken >= limit:
            return False
        self._taken[operator] = taken + 1
        return True
