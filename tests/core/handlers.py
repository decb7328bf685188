"""Outbox handlers for tests: they write a real row, so that a test can see the effect and its rollback."""

from django.db import transaction

from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent


def leave_mark(*, event: OutboxEvent, user_id: int) -> None:
    """Write one notice as the effect, and finish under the lease."""
    assert event.lease_token is not None
    with transaction.atomic():
        Notification.objects.create(recipient_id=user_id, event="test", dedupe_key=f"mark:{event.pk}")
        outbox.finish(event.pk, event.lease_token)


def fail(*, event: OutboxEvent, user_id: int) -> None:
    """Fail as a flaky service does."""
    raise RuntimeError("not today")


def refuse(*, event: OutboxEvent, user_id: int) -> None:
    """Fail for good."""
    raise outbox.Permanent("never")


def lose_lease(*, event: OutboxEvent, user_id: int) -> None:
    """Do the work so slowly that another worker takes over before the end."""
    token = event.lease_token
    assert token is not None
    OutboxEvent.objects.filter(pk=event.pk).update(lease_token="00000000-0000-4000-8000-000000000000")
    with transaction.atomic():
        Notification.objects.create(recipient_id=user_id, event="test", dedupe_key=f"mark:{event.pk}")
        outbox.finish(event.pk, token)
