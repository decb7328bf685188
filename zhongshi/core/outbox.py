"""The outbox: what is owed is a row; messages are only wake-up calls.

`emit` writes one row for each subscriber in the caller's transaction. After commit a background thread nudges a
worker; if that call is lost, beat's sweep finds the row. A worker claims the row (attempts counted first, a lease,
a token), does the work, and marks it done only while it still holds the token.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from . import nudger
from .models import OutboxEvent

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
_subscribers: dict[str, list[str]] = defaultdict(list)
RESEND_AFTER = timedelta(seconds=10)
SWEEP_BATCH = 200
BACKOFF_CEILING_SECONDS = 300


class Permanent(Exception):
    """Raised by a handler whose work can never succeed: the row goes to `dead` at once."""


class LeaseLost(Exception):
    """Another worker holds the row now; whatever was done here is rolled back."""


def subscribe(topic: str, handler: str) -> None:
    """Have `handler` (dotted path of a function taking the payload as keywords) run for each fact on `topic`."""
    if handler not in _subscribers[topic]:
        _subscribers[topic].append(handler)


def emit(topic: str, *, key: str, **payload: Any) -> None:
    """Record a fact in the running transaction. The same key for the same handler is recorded once."""
    now = timezone.now()
    rows = [
        OutboxEvent(topic=topic, handler=path, key=key, payload=payload, available_at=now, dispatched_at=now)
        for path in _subscribers[topic]
    ]
    OutboxEvent.objects.bulk_create(rows, ignore_conflicts=True)
    handlers = [row.handler for row in rows]
    ids = list(OutboxEvent.objects.filter(handler__in=handlers, key=key, state="pending").values_list("id", flat=True))
    # A lambda, not functools.partial: with robust=True Django 5.2 asks the callable for __qualname__.
    transaction.on_commit(lambda: nudger.put(ids), robust=True)


def claim(event_id: int) -> OutboxEvent | None:
    """Take the row for this worker, or None if it is done, not due, or held by another.

    The attempt is counted before the work: a row that kills its worker runs out of crashes instead of running
    for ever. An expired lease means the last holder died.
    """
    now = timezone.now()
    due = Q(state="pending", available_at__lte=now) | Q(state="leased", lease_until__lt=now)
    with transaction.atomic():
        event = OutboxEvent.objects.select_for_update(skip_locked=True).filter(due, pk=event_id).first()
        if event is None:
            return None
        event.crashes += event.state == OutboxEvent.State.LEASED
        if event.crashes >= settings.OUTBOX_MAX_CRASHES or event.attempts >= settings.OUTBOX_MAX_ATTEMPTS:
            event.state, event.lease_until, event.lease_token = OutboxEvent.State.DEAD, None, None
            event.save()
            logger.error("outbox %s %s is dead after %s attempts", event.pk, event.handler, event.attempts)
            return None
        event.attempts += 1
        event.state = OutboxEvent.State.LEASED
        event.lease_token = uuid4()
        event.lease_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        event.save()
    return event


def finish(event_id: int, token: UUID) -> None:
    """Mark the row done; inside the transaction of its effects, so that both are committed or neither.

    Raises LeaseLost if the lease went to somebody else meanwhile.
    """
    done = OutboxEvent.objects.filter(pk=event_id, lease_token=token, state="leased").update(
        state=OutboxEvent.State.DONE, done_at=timezone.now(), lease_until=None, last_error=""
    )
    if not done:
        raise LeaseLost


def run(event_id: int) -> bool:
    """Claim the row and run its handler; True if its effect is now committed.

    A handler that raises puts the row back with a growing, jittered pause; `Permanent` makes it dead at once.
    """
    event = claim(event_id)
    if event is None or event.lease_token is None:
        return False
    handler: Handler = import_string(event.handler)
    try:
        handler(event=event, **event.payload)
    except LeaseLost:
        logger.warning("outbox %s: lease lost, effects rolled back", event.pk)
        return False
    except Exception as error:  # the row, not the exception, carries what happens next
        logger.exception("outbox %s %s failed", event.pk, event.handler)
        _put_back(event, error)
        return False
    return True


def _put_back(event: OutboxEvent, error: Exception) -> None:
    exhausted = isinstance(error, Permanent) or event.attempts >= settings.OUTBOX_MAX_ATTEMPTS
    pause = min(2**event.attempts * 0.5, BACKOFF_CEILING_SECONDS) * random.uniform(0.5, 1)  # noqa: S311
    OutboxEvent.objects.filter(pk=event.pk, lease_token=event.lease_token).update(
        state=OutboxEvent.State.DEAD if exhausted else OutboxEvent.State.PENDING,
        available_at=timezone.now() + timedelta(seconds=pause),
        lease_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def due_ids(limit: int = SWEEP_BATCH) -> list[int]:
    """Mark what is due as sent and return its ids.

    Due: became due since it was last sent (a retry, an expired lease), or was sent ten seconds ago and still
    waits. Sending everything pending each time would feed the queue with its own duplicates.
    """
    now = timezone.now()
    waiting = Q(state="pending", available_at__lte=now) & (
        Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=F("available_at")) | Q(dispatched_at__lt=now - RESEND_AFTER)
    )
    expired = Q(state="leased", lease_until__lt=now) & (
        Q(dispatched_at__lt=F("lease_until")) | Q(dispatched_at__lt=now - RESEND_AFTER)
    )
    with transaction.atomic():
        rows = OutboxEvent.objects.select_for_update(skip_locked=True).filter(waiting | expired).order_by("id")
        ids = list(rows.values_list("id", flat=True)[:limit])
        OutboxEvent.objects.filter(pk__in=ids).update(dispatched_at=now)
    return ids


def prune(*, batch: int = 1000) -> int:
    """Delete done rows older than OUTBOX_KEEP_DAYS, at most `batch`; dead rows stay until somebody looked."""
    limit = timezone.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS)
    ids = OutboxEvent.objects.filter(state="done", done_at__lt=limit).order_by("id").values("id")[:batch]
    return OutboxEvent.objects.filter(pk__in=list(ids.values_list("id", flat=True))).delete()[0]
