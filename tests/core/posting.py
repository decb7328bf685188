"""What the workers do for a notice: every row of the outbox that is due, until none is left."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent
from zhongshi.core.notifications.deliveries import fan_out

TOPICS = ("notification.owed", "delivery.owed", "digest.owed")


def work() -> None:
    """Run what notices have put into the outbox and is due now, and what that puts there."""
    seen: set[int] = set()
    while True:
        due = OutboxEvent.objects.filter(topic__in=TOPICS, state="pending", available_at__lte=timezone.now())
        fresh = [pk for pk in due.order_by("id").values_list("pk", flat=True) if pk not in seen]
        if not fresh:
            return
        for pk in fresh:
            seen.add(pk)
            outbox.run(pk)


def make_due(**which: object) -> None:
    """Let the time pass until these rows are due."""
    OutboxEvent.objects.filter(**which).update(available_at=F("created_at"))


def owe_deliveries(notice: Notification, now: datetime) -> None:
    """What a worker does first for a notice, at `now`."""
    with transaction.atomic():
        fan_out(notice, now)
