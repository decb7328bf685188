"""Notices and deliveries that nobody will carry on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import timezone

from zhongshi.core import inconsistencies, outbox
from zhongshi.core.models import Delivery, Notification, OutboxEvent

_DELIVER = "zhongshi.core.notifications.deliver"
_SEND = "zhongshi.core.notifications.sending.send"


def notices_forgotten(before: datetime) -> Iterator[Notification]:
    """Notices that were never handed on. Older ones cannot be told: the outbox has forgotten their done rows."""
    first = timezone.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS - 1)
    handed_on = OutboxEvent.objects.filter(handler=_DELIVER, key=Concat(Value("mail:"), OuterRef("dedupe_key")))
    rows = Notification.objects.filter(created_at__range=(first, before)).exclude(Exists(handed_on))
    return rows.order_by("pk").iterator()


def notice_mend(notice: Notification) -> None:
    """Hand it on; in the caller's transaction."""
    outbox.emit("notification.owed", key=f"mail:{notice.dedupe_key}", notification_id=notice.pk)


def deliveries_forgotten(before: datetime) -> Iterator[Delivery]:
    """Deliveries that wait or failed, and that nothing will send."""
    known = inconsistencies.unfinished(_SEND, "delivery_id")
    waiting = [Delivery.State.WAITING, Delivery.State.FAILED]
    rows = Delivery.objects.filter(state__in=waiting, notification__isnull=False, created_at__lt=before)
    return (row for row in rows.order_by("pk").iterator() if row.pk not in known)


def delivery_mend(delivery: Delivery) -> None:
    """Owe the sending anew; in the caller's transaction."""
    key = inconsistencies.mending_key(f"delivery:{delivery.pk}")
    outbox.emit("delivery.owed", key=key, delivery_id=delivery.pk)
