"""Which rows of a zone stand in which column of the review board. Every query here is of one zone only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from matching.enums import MatchStatus
from matching.models import Match
from platforms.enums import CertificateStatus, ListingStatus
from platforms.models import Capability, Certificate, Platform
from requests.enums import NeedStatus
from requests.models import Need
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core.models import AuditEntry

NEW, RETURNED, SECOND, LIVE = "new", "returned", "second", "live"
COLUMNS = {
    NEW: _("First review"),
    RETURNED: _("To be completed"),
    SECOND: _("Second review"),
    LIVE: _("Online"),
}
LIVE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of thing on the board: its table, the way to its zone, and which states stand in which column."""

    kind: str
    label: Any
    model: type[Model]
    zone: str
    columns: Mapping[str, Sequence[str]]
    # Rows written by a load and not by hand-in have no time of a status move.
    since: str | None = "created_at"


_LISTING: dict[str, Sequence[str]] = {
    NEW: [ListingStatus.SUBMITTED],
    RETURNED: [ListingStatus.RETURNED],
    LIVE: [ListingStatus.PUBLISHED],
}
QUEUES = {
    queue.kind: queue
    for queue in (
        Queue(
            "organization",
            _("Organizations"),
            Organization,
            "zone",
            {
                NEW: [OrganizationStatus.SUBMITTED],
                RETURNED: [OrganizationStatus.RETURNED],
                LIVE: [OrganizationStatus.APPROVED],
            },
            since=None,
        ),
        Queue("platform", _("Platforms"), Platform, "zone", _LISTING),
        Queue("capability", _("Capabilities"), Capability, "platform__zone", _LISTING),
        Queue(
            "certificate",
            _("Certificates"),
            Certificate,
            "platform__zone",
            _LISTING | {SECOND: [CertificateStatus.CHECKED]},
            since=None,
        ),
        Queue(
            "need",
            _("Needs"),
            Need,
            "zone",
            {NEW: [NeedStatus.SUBMITTED], RETURNED: [NeedStatus.RETURNED], LIVE: [NeedStatus.OPEN]},
        ),
        Queue(
            "match",
            _("Matches"),
            Match,
            "need__zone",
            {NEW: [MatchStatus.PROPOSED], LIVE: [MatchStatus.APPROVED]},
        ),
    )
}


def rows_of(queue: Queue, zone: Zone, now: datetime) -> QuerySet[Any]:
    """The zone's rows of one kind that stand on the board, with `column` and `since`, the time they came there.

    What went online shows for 30 days, and only what came there by a decision: a loaded catalogue is no news.
    """
    times = [F("status_changed_at"), *([F(queue.since)] if queue.since else [])]
    since = Coalesce(*times, Value(now), output_field=DateTimeField())
    cases = [When(status__in=states, then=Value(column)) for column, states in queue.columns.items()]
    rows = queue.model._default_manager.filter(**{queue.zone: zone})  # noqa: SLF001
    fresh = Q(status_changed_at__gte=now - timedelta(days=LIVE_DAYS))
    waiting = [state for column, states in queue.columns.items() if column != LIVE for state in states]
    rows = rows.filter(Q(status__in=waiting) | Q(status__in=queue.columns[LIVE]) & fresh)
    if queue.model in (Platform, Capability, Certificate):
        rows = rows.filter(~Q(status__in=queue.columns[LIVE]) | Exists(_by_a_person()))
    if queue.model is Organization:
        rows = rows.exclude(kind=OrganizationKind.ZONE)
    placed: QuerySet[Any] = rows.annotate(column=Case(*cases, output_field=CharField()), since=since)
    return placed


def _by_a_person() -> QuerySet[AuditEntry]:
    """The move of a listing to where it is now, where somebody made it: a loaded catalogue is no decision."""
    moves = AuditEntry.objects.filter(object_id=OuterRef("uuid"), action="status", actor__isnull=False)
    return moves.filter(to_status=OuterRef("status"))


def count_columns(queue: Queue, zone: Zone, now: datetime) -> dict[str, int]:
    """{column: how many of this kind stand there}. One query."""
    rows = rows_of(queue, zone, now).order_by().values_list("column").annotate(n=Count("pk"))
    return dict(rows)


def waiting(zone: Zone, now: datetime, *, late_before: datetime) -> tuple[int, int]:
    """How many rows of all kinds wait for the office, and how many since before `late_before`. One query a kind."""
    all_rows = late_rows = 0
    for queue in QUEUES.values():
        rows = rows_of(queue, zone, now).filter(column__in=[NEW, SECOND])
        counted = rows.aggregate(n=Count("pk"), late=Count("pk", filter=Q(since__lt=late_before)))
        all_rows, late_rows = all_rows + counted["n"], late_rows + counted["late"]
    return all_rows, late_rows
