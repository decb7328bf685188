"""One person's notices: which there are, and which have been read."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from zhongshi.core.models import Notification

from .registry import names_in


def mark_read(notification: Notification) -> Notification:
    """Note when the recipient saw it; a second call keeps the first time."""
    now = timezone.now()
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=now)
    notification.refresh_from_db(fields=["read_at"])
    return notification


def mark_all_read(recipient_id: int, *, group: str = "", up_to: int | None = None) -> int:
    """Mark a person's unread notices, of one group or all; those after the row `up_to` were not seen and stay."""
    rows = in_group(Notification.objects.filter(recipient_id=recipient_id, read_at__isnull=True), group)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return rows.update(read_at=timezone.now())


def in_group(rows: QuerySet[Notification], group: str) -> QuerySet[Notification]:
    """Narrow to the notices of a group; all for none. Progress holds also what has left the code."""
    if not group:
        return rows
    if group == "progress":
        return rows.exclude(event__in=names_in("action") + names_in("system"))
    return rows.filter(event__in=names_in(group))
