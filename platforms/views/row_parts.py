"""What a line of a list shows beside the capability itself: facts and free periods, kept as long as its version stands.

A page of twenty has hundreds of facts, and the same lines come again from search to search.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from platforms.enums import FactKind
from platforms.models import Capability, Fact, FreePeriod

# Some 3 KB each in every web process.
MOST_KEPT = 2000
_KINDS = (FactKind.PARAMETER, FactKind.PROCESS, FactKind.SERVICE, FactKind.QUALIFICATION)
_FIELDS = ("capability_id", "kind", "value", "quantity", "low", "high", "unit", "count", "text", "source", "position")


@dataclass(frozen=True, slots=True)
class RowParts:
    """Facts that stand, of the kinds a line shows, and all free periods."""

    facts: list[Fact] = field(default_factory=list)
    periods: list[FreePeriod] = field(default_factory=list)


class KeptParts:
    """By id and version of the capability. Every writer of a listing gives it a new version (docs/adr/0004).

    Parts are read after their row, so they may be newer than its version but never older: who sees the newer version
    reads anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[tuple[int, int], RowParts] = OrderedDict()

    def of(self, rows: Sequence[Capability]) -> dict[int, RowParts]:
        """The parts of each row by its id; two queries for those not kept, none where all are."""
        known = self._known(rows)
        missing = [row for row in rows if row.pk not in known]
        if missing:
            read = _read([row.pk for row in missing])
            self._keep({(row.pk, row.version): read[row.pk] for row in missing})
            known |= read
        return known

    def _known(self, rows: Sequence[Capability]) -> dict[int, RowParts]:
        known = {}
        with self._lock:
            for row in rows:
                if found := self._parts.get((row.pk, row.version)):
                    self._parts.move_to_end((row.pk, row.version))
                    known[row.pk] = found
        return known

    def _keep(self, parts: dict[tuple[int, int], RowParts]) -> None:
        with self._lock:
            self._parts.update(parts)
            while len(self._parts) > MOST_KEPT:
                self._parts.popitem(last=False)


def _read(pks: list[int]) -> dict[int, RowParts]:
    parts = {pk: RowParts() for pk in pks}
    for fact in Fact.objects.standing().filter(capability__in=pks, kind__in=_KINDS).only(*_FIELDS):
        parts[fact.capability_id].facts.append(fact)
    for period in FreePeriod.objects.filter(capability__in=pks):
        parts[period.capability_id].periods.append(period)
    return parts


_kept = KeptParts()


def parts_of(rows: Sequence[Capability]) -> dict[int, RowParts]:
    """Facts and free periods of each row by its id, from this process' store where its version is the same."""
    return _kept.of(rows)
