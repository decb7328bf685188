"""Outbox handlers for tests: they write a real row, so that a test can see the effect and its rollback."""

from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

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


def hear_no_answer(*, event: OutboxEvent, user_id: int) -> None:
    """Commit, and lose the connection before the database can say so."""
    leave_mark(event=event, user_id=user_id)
    raise OperationalError("the connection is lost")


def come_back(*, event: OutboxEvent, user_id: int) -> None:
    """Meet a server that asks for an hour's patience."""
    raise outbox.Later("too many", 3600)


def rest(*, event: OutboxEvent, user_id: int) -> None:
    """Find that it is too early."""
    assert event.lease_token is not None
    outbox.postpone(event.pk, event.lease_token, timezone.now() + timedelta(days=1))


GATE = 20_261_121


def wait_at_gate(*, event: OutboxEvent, user_id: int) -> None:
    """Work until the test lets go of a lock, then leave the mark: long enough to be asked to end meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
    leave_mark(event=event, user_id=user_id)
