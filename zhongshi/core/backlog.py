"""What waits in the outbox: how much, for how long, and what longest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from .models import OutboxEvent

_OPEN = Q(state__in=["pending", "leased"])


@dataclass(frozen=True, slots=True)
class Standing:
    """Rows that may run now, that rest until later, that a worker holds; and since when the oldest could have run."""

    due: int
    resting: int
    running: int
    oldest: datetime | None

    @property
    def oldest_seconds(self) -> int:
        """How long the oldest has been waiting; 0 where nothing waits."""
        return int((timezone.now() - self.oldest).total_seconds()) if self.oldest else 0


@dataclass(frozen=True, slots=True)
class Kind:
    """What waits for one handler now, and since when."""

    handler: str
    waiting: int
    oldest: datetime


def standing() -> Standing:
    """Count what is open; one query on the index of what is due."""
    now = timezone.now()
    waits = Q(state="pending", available_at__lte=now)
    found = OutboxEvent.objects.filter(_OPEN).aggregate(
        due=Count("pk", waits),
        resting=Count("pk", Q(state="pending", available_at__gt=now)),
        running=Count("pk", Q(state="leased")),
        oldest=Min("available_at", filter=waits),
    )
    return Standing(**found)


def due() -> QuerySet[OutboxEvent]:
    """What may run now and does not yet, oldest first."""
    rows = OutboxEvent.objects.filter(state="pending", available_at__lte=timezone.now())
    return rows.order_by("available_at", "id")


def kinds() -> list[Kind]:
    """Handlers with something that waits, the one that waits longest first."""
    rows = due().order_by().values_list("handler").annotate(waiting=Count("pk"), oldest=Min("available_at"))
    return [Kind(*row) for row in rows.order_by("oldest")]
