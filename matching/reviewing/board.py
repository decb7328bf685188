"""The review board: cards of every kind in four columns, or as one list to work through in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value

from matching.exposure import Full, held_back
from matching.models import Match
from matching.statistics.workdays import LATE_AFTER, workdays_before, workdays_between
from requests.disclosure import listed_name
from zhongshi.accounts.models import Zone

from .queues import LIVE, NEW, QUEUES, RETURNED, SECOND, Queue, count_columns, rows_of

CARDS_A_COLUMN = 12
_ENTRY = ("of_kind", "pk", "column", "since", "of_place")
_RELATED = {
    "organization": (),
    "platform": ("organization",),
    "capability": ("platform__organization",),
    "certificate": ("platform__organization", "checked_by"),
    "need": ("organization",),
    "match": ("need__organization", "capability__platform__organization"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One card. `days`: whole working days it has stood in its column; late only where the office is next."""

    kind: str
    row: Any
    column: str
    since: datetime
    days: int
    is_late: bool
    held: Full | None = None

    @property
    def key(self) -> str:
        """How a form names it: need:0190…"""
        return f"{self.kind}:{self.row.uuid}"

    @property
    def is_waiting(self) -> bool:
        """Whether the office is next."""
        return self.column in (NEW, SECOND)

    @property
    def title(self) -> str:
        if self.kind == "match":
            return str(self.row.capability.name)
        return listed_name(self.row) if self.kind == "need" else str(self.row)

    @property
    def whose(self) -> str:
        """Whose it is: the organization, or the platform where nobody runs it here."""
        if self.kind == "match":
            return f"{self.row.need.number} · {self.row.need.organization.name}"
        if self.kind == "organization":
            return str(self.row.credit_code)
        if self.kind == "need":
            return f"{self.row.number} · {self.row.organization.name}"
        platform = self.row if self.kind == "platform" else self.row.platform
        owner = platform.organization.name if platform.organization else platform.operator_name
        return " · ".join(part for part in (platform.name if self.kind != "platform" else "", owner) if part)

    @property
    def moves(self) -> list[str]:
        """The columns the office may move it to from here."""
        if self.column == NEW:
            to_second = self.kind == "certificate"
            return [SECOND if to_second else LIVE, RETURNED]
        return [LIVE, RETURNED] if self.column == SECOND else []


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list or board shows: one kind or all, only late ones, only matches the policy holds back."""

    kind: str = ""
    column: str = ""
    is_late: bool = False
    is_held: bool = False
    newest_first: bool = False


def tallies(zone: Zone, now: datetime) -> dict[str, dict[str, int]]:
    """{kind: {column: count}} over the whole board. One query a kind."""
    return {kind: count_columns(queue, zone, now) for kind, queue in QUEUES.items()}


def shown(
    zone: Zone,
    now: datetime,
    wanted: Filter,
    held: QuerySet[Match] | None = None,
    *,
    matches_last: bool = False,
) -> QuerySet[Any]:
    """(kind, pk, column, since, …) of everything the filter leaves, oldest first, what is online newest first.

    `matches_last`: there are so many that nobody would see the others. A UNION over the tables.
    """
    parts = [_narrowed(queue, zone, now, wanted, held) for queue in QUEUES.values() if _is_wanted(queue, wanted)]
    order = ["of_place"] if matches_last else []
    order += ["-since" if wanted.newest_first or wanted.column == LIVE else "since"]
    first, *others = [part.order_by().values_list(*_ENTRY) for part in parts]
    rows: QuerySet[Any] = first.union(*others, all=True) if others else first
    return rows.order_by(*order, *(["of_kind"] if others else []), "pk")


def _is_wanted(queue: Queue, wanted: Filter) -> bool:
    kind = "match" if wanted.is_held else wanted.kind
    return not kind or queue.kind == kind


def _narrowed(queue: Queue, zone: Zone, now: datetime, wanted: Filter, held: QuerySet[Match] | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = rows_of(queue, zone, now).annotate(
        of_kind=Value(queue.kind, output_field=CharField()),
        of_place=Value(int(queue.kind == "match"), output_field=IntegerField()),
    )
    if wanted.column:
        rows = rows.filter(column=wanted.column)
    if wanted.is_late:
        rows = rows.filter(column__in=[NEW, SECOND], since__lt=workdays_before(now, LATE_AFTER))
    if wanted.is_held and held is not None:
        rows = rows.filter(pk__in=held.values("pk"))
    return rows


def items_of(entries: Iterable[Sequence[Any]], now: datetime, lead_limit: int) -> list[Item]:
    """The cards of some entries of `shown`, in their order. One query a kind that occurs, two more for matches."""
    entries = list(entries)
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, pk, *_ in entries:
        wanted[kind].append(pk)
    rows = {kind: _rows(kind, pks) for kind, pks in wanted.items()}
    held = held_back(rows.get("match", {}).values(), lead_limit)
    return [_item(kind, rows[kind][pk], column, since, now, held) for kind, pk, column, since, *_ in entries]


def _rows(kind: str, pks: list[int]) -> dict[int, Any]:
    rows = QUEUES[kind].model._default_manager.filter(pk__in=pks)  # noqa: SLF001
    return {row.pk: row for row in (rows.select_related(*_RELATED[kind]) if _RELATED[kind] else rows)}


def _item(kind: str, row: Any, column: str, since: datetime, now: datetime, held: Mapping[int, Full]) -> Item:
    days = workdays_between(since, now)
    late = column in (NEW, SECOND) and since < workdays_before(now, LATE_AFTER)
    return Item(kind, row, column, since, max(0, int(days)), late, held.get(row.pk) if kind == "match" else None)
