"""Notices: a row in the transaction that caused them, and an e-mail that is owed through the outbox.

In the page exactly once (`dedupe_key`); by mail at least once, with a Message-ID that stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from . import outbox
from .models import Notification, OutboxEvent

Text = str | Promise
_wordings: dict[str, tuple[Text, Text]] = {}


def register(event: str, *, title: Text, body: Text) -> None:
    """Give `event` its words; both may use named placeholders filled from the notice's parameters."""
    _wordings[event] = (title, body)


def owe(
    recipients: Iterable[Any], event: str, *, key: str, path: str = "", params: dict[str, Any] | None = None
) -> None:
    """Tell each of `recipients` (users) once about `key`; call inside the transaction of the fact.

    Raises KeyError for an event without words, so that a misspelt name fails in the test and not in the mail.
    """
    _ = _wordings[event]
    rows = [
        Notification(recipient_id=user.pk, event=event, params=params or {}, path=path, dedupe_key=f"{key}:{user.pk}")
        for user in recipients
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    wanted = [row.dedupe_key for row in rows]
    for pk, dedupe_key in Notification.objects.filter(dedupe_key__in=wanted).values_list("pk", "dedupe_key"):
        outbox.emit("notification.owed", key=f"mail:{dedupe_key}", notification_id=pk)


def wording(notification: Notification) -> tuple[str, str]:
    """Title and body in the language that is active now."""
    title, body = _wordings.get(notification.event, (notification.event, ""))
    return str(title) % notification.params, str(body) % notification.params


def mark_read(notification: Notification) -> Notification:
    """Note when the recipient saw it; a second call keeps the first time."""
    now = timezone.now()
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=now)
    notification.refresh_from_db(fields=["read_at"])
    return notification


def deliver(*, event: OutboxEvent, notification_id: int) -> None:
    """Send one notice by mail, then mark the outbox row done. Outbox handler; may run twice."""
    notification = Notification.objects.select_related("recipient").get(pk=notification_id)
    if notification.recipient.email:
        message(notification).send()
    with transaction.atomic(durable=True):
        assert event.lease_token is not None  # noqa: S101 - a claimed event has one
        outbox.finish(event.pk, event.lease_token)


def message(notification: Notification) -> EmailMessage:
    """Build the mail in the recipient's language."""
    recipient = notification.recipient
    with translation.override(getattr(recipient, "language", settings.LANGUAGE_CODE)):
        title, body = wording(notification)
        link = f"{settings.SITE_URL}{notification.path}" if notification.path else ""
        name = recipient.get_full_name() or recipient.get_username()
        text = "\n\n".join(part for part in (f"{name}：" if _is_chinese() else f"{name},", body, link) if part)
    return EmailMessage(
        subject=title,
        body=text,
        to=[recipient.email],
        headers={"Message-ID": f"<{notification.uuid}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"},
    )


def _is_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")
