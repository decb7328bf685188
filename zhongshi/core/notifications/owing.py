"""Owing a notice: in the transaction of the fact, and no slower for what will leave the house."""

from collections.abc import Iterable
from typing import Any

from zhongshi.core import outbox
from zhongshi.core.models import Notification

from .registry import event_of


def owe(
    recipients: Iterable[Any], event: str, *, key: str, path: str = "", params: dict[str, Any] | None = None
) -> None:
    """Tell each of `recipients` (users) once about `key`; call inside the transaction of the fact.

    Raises KeyError for an event without words, so that a misspelt name fails in the test and not in the mail.
    """
    event_of(event)
    rows = [
        Notification(recipient_id=user.pk, event=event, params=params or {}, path=path, dedupe_key=f"{key}:{user.pk}")
        for user in recipients
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    wanted = [row.dedupe_key for row in rows]
    for pk, dedupe_key in Notification.objects.filter(dedupe_key__in=wanted).values_list("pk", "dedupe_key"):
        outbox.emit("notification.owed", key=f"mail:{dedupe_key}", notification_id=pk)
