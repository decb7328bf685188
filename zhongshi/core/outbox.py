"""The outbox: what is owed is a row; messages are only wake-up calls.

`emit` writes one row for each subscriber in the caller's transaction. After commit a background thread nudges a
worker; if that call is lost, beat's sweep finds the row. A worker claims the row (attempts counted first, a lease,
a token), does the work, and marks it done only while it still holds the token. Once awake it takes what else is due in
its queue: a backlog is worked off by rows, not by calls, which the broker may have lost or doubled.
"""

from __future__ import annotations

import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from . import nudger
from .models import OutboxEvent
from .telemetry import context

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
_subscribers: dict[str, list[str]] = defaultdict(list)
RESEND_AFTER = timedelta(seconds=10)
# A long queue is no sign of lost messages: what waits in it would only be sent a second and a third time.
RESEND_AFTER_IN_A_CROWD = timedelta(seconds=60)
CROWD = 200
SWEEP_BATCH = 200
BACKOFF_CEILING_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a handler is tried, and how long it pauses: `first` seconds doubled each time, at most `ceiling`."""

    attempts: int
    first: float = 0.5
    ceiling: float = BACKOFF_CEILING_SECONDS

    def pause(self, attempt: int) -> float:
        """Seconds before the try after `attempt`, with jitter: between half of the pause and the whole."""
        return min(2.0**attempt * self.first, self.ceiling) * random.uniform(0.5, 1)  # noqa: S311


# A stranger's server may be away for most of a day: twelve tries, the last about a day after the first.
OUTSIDE = Retry(attempts=12, first=45, ceiling=28_800)
_retries: dict[str, Retry] = {}
# Workers that may reach other people's servers take this queue, and only these do.
OUTSIDE_QUEUE = "notify"
# What somebody waits for: scoring a need, closing one, an import under their eyes. The usual queue holds what an import
# leaves behind, thousands of listings to be matched backwards and read, and may be long.
PROMPT_QUEUE = "score"
USUAL_QUEUE = "celery"
_queues: dict[str, str] = {}
_words: dict[str, str | Promise] = {}


class Permanent(Exception):
    """Raised by a handler whose work can never succeed: the row goes to `dead` at once."""


class Later(Exception):
    """Raised by a handler that was told when to come back: the row rests at least `seconds`."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class LeaseLost(Exception):
    """Another worker holds the row now; whatever was done here is rolled back."""


def subscribe(
    topic: str, handler: str, *, retry: Retry | None = None, queue: str = "", words: str | Promise = ""
) -> None:
    """Have `handler` (dotted path of a function taking the payload as keywords) run for each fact on `topic`.

    `retry` replaces the installation's number of attempts and pauses for this handler, `queue` names the workers that
    run it: OUTSIDE_QUEUE for what sends mail or calls other servers. `words` say for people what it does.
    """
    if words:
        _words[handler] = words
    if retry:
        _retries[handler] = retry
    if queue:
        _queues[handler] = queue
    if handler not in _subscribers[topic]:
        _subscribers[topic].append(handler)


def words_of(handler: str) -> str:
    """What the handler does, in words; its dotted path where nobody said."""
    return str(_words.get(handler, handler))


def retry_of(handler: str) -> Retry:
    """Return the handler's own attempts and pauses, else the installation's."""
    return _retries.get(handler) or Retry(attempts=settings.OUTBOX_MAX_ATTEMPTS)


def subscribers_of(topic: str) -> list[str]:
    """Return the handlers of facts on `topic`."""
    return list(_subscribers[topic])


def emit(topic: str, *, key: str, available_at: datetime | None = None, **payload: Any) -> None:
    """Record a fact in the running transaction. The same key for the same handler is recorded once.

    With `available_at` in the future nobody is woken now; the sweep finds the row when its time has come.
    """
    now = timezone.now()
    due = available_at or now
    rows = [
        OutboxEvent(
            topic=topic,
            cause=context.request_id(),
            handler=path,
            key=key,
            payload=payload,
            available_at=due,
            dispatched_at=now,
        )
        for path in _subscribers[topic]
    ]
    OutboxEvent.objects.bulk_create(rows, ignore_conflicts=True)
    if due > now:
        return
    handlers = [row.handler for row in rows]
    waiting = OutboxEvent.objects.filter(handler__in=handlers, key=key, state="pending")
    calls = [(pk, _queues.get(path, "")) for pk, path in waiting.values_list("id", "handler")]
    # A lambda, not functools.partial: with robust=True Django 5.2 asks the callable for __qualname__.
    transaction.on_commit(lambda: nudger.put_all(calls), robust=True)


def claim(event_id: int) -> OutboxEvent | None:
    """Take the row for this worker, or None if it is done, not due, held by another, or dead by now.

    The attempt is counted before the work: a row that kills its worker runs out of crashes instead of running
    for ever. An expired lease means the last holder died. Commits without waiting for the disk: a claim lost in a
    crash of the database is a row that is still due, and the token keeps its late holder from finishing.
    """
    event = _claim(Q(pk=event_id))
    return event if event and event.state == OutboxEvent.State.LEASED else None


def _claim(which: Q) -> OutboxEvent | None:
    """The oldest due row among `which`, leased to us, or dead where it has been tried often enough."""
    now = timezone.now()
    due = Q(state="pending", available_at__lte=now) | Q(state="leased", lease_until__lt=now)
    with transaction.atomic():
        rows = OutboxEvent.objects.select_for_update(skip_locked=True).annotate(hurried=_without_waiting())
        event = rows.filter(due, which).order_by("available_at", "id").first()
        if event is not None:
            _lease(event, now)
    return event


def _lease(event: OutboxEvent, now: datetime) -> None:
    event.crashes += event.state == OutboxEvent.State.LEASED
    if event.crashes >= settings.OUTBOX_MAX_CRASHES or event.attempts >= retry_of(event.handler).attempts:
        event.state, event.lease_until, event.lease_token = OutboxEvent.State.DEAD, None, None
        event.died_at = now
        event.save(update_fields=["state", "lease_until", "lease_token", "crashes", "died_at"])
        logger.error("outbox %s %s is dead after %s attempts", event.pk, event.handler, event.attempts)
        return
    event.attempts += 1
    event.state = OutboxEvent.State.LEASED
    event.lease_token = uuid4()
    event.lease_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    event.save(update_fields=["state", "lease_until", "lease_token", "attempts", "crashes"])


def _without_waiting() -> Func:
    """`SET LOCAL synchronous_commit = off` as a column: the claim stays two statements."""
    return Func(
        Value("synchronous_commit", TextField()),
        Value("off", TextField()),
        Value(True, BooleanField()),
        function="set_config",
        output_field=TextField(),
    )


def finish(event_id: int, token: UUID) -> None:
    """Mark the row done; inside the transaction of its effects, so that both are committed or neither.

    Raises LeaseLost if the lease went to somebody else meanwhile.
    """
    done = OutboxEvent.objects.filter(pk=event_id, lease_token=token, state="leased").update(
        state=OutboxEvent.State.DONE, done_at=timezone.now(), lease_until=None, last_error=""
    )
    if not done:
        raise LeaseLost


def still_held(event_id: int, token: UUID) -> bool:
    """Whether the lease is still ours, locked until the end of the caller's transaction; for notes beside the effect.

    The race: a worker that slept past its lease fails now, while another has done the work meanwhile.
    """
    rows = OutboxEvent.objects.select_for_update().filter(pk=event_id, lease_token=token, state="leased")
    return rows.values_list("pk", flat=True).first() is not None


def postpone(event_id: int, token: UUID, until: datetime) -> None:
    """Let the row rest until `until`; this look at it was no attempt. Raises LeaseLost as `finish` does."""
    rests = OutboxEvent.objects.filter(pk=event_id, lease_token=token, state="leased").update(
        state=OutboxEvent.State.PENDING, available_at=until, lease_until=None, attempts=F("attempts") - 1
    )
    if not rests:
        raise LeaseLost


def run(event_id: int) -> bool:
    """Claim the row and run its handler; True if its effect is now committed.

    A handler that raises puts the row back with a growing, jittered pause; `Permanent` makes it dead at once.
    """
    event = claim(event_id)
    return event is not None and _work(event)


def work_off(queue: str, *, seconds: float) -> int:
    """Run what is due in `queue`, oldest first, until nothing is or `seconds` have passed; how many rows were taken.

    A row begun before that may end later, so `seconds` is what a task's time limit must leave beside one row's work.
    """
    own = Q(handler__in=[path for paths in _subscribers.values() for path in paths if queue_of(path) == queue])
    until = time.monotonic() + seconds
    taken = 0
    while time.monotonic() < until and (event := _claim(own)):
        taken += 1
        if event.state == OutboxEvent.State.LEASED:
            _work(event)
    return taken


def queue_of(handler: str) -> str:
    """The queue whose workers run `handler`."""
    return _queues.get(handler, USUAL_QUEUE)


def _work(event: OutboxEvent) -> bool:
    with context.about(request=event.cause, outbox=event.pk, topic=event.topic, attempt=event.attempts):
        return _handle(event)


def _handle(event: OutboxEvent) -> bool:
    handler: Handler = import_string(event.handler)
    begun = time.perf_counter()
    try:
        handler(event=event, **event.payload)
    except LeaseLost:
        logger.warning("outbox %s: lease lost, effects rolled back", event.pk)
        return False
    except Exception as error:  # the row, not the exception, carries what happens next
        logger.exception("outbox %s %s failed", event.pk, event.handler)
        _put_back(event, error)
        return False
    ms = round((time.perf_counter() - begun) * 1000, 1)
    logger.info("outbox %s %s done", event.pk, event.handler, extra={"fields": {"ms": ms}})
    return True


def _put_back(event: OutboxEvent, error: Exception) -> None:
    retry = retry_of(event.handler)
    exhausted = isinstance(error, Permanent) or event.attempts >= retry.attempts
    pause = retry.pause(event.attempts)
    if isinstance(error, Later):
        pause = max(pause, error.seconds)
    now = timezone.now()
    # Only while it is leased: a commit whose answer the database could not give any more has finished it.
    OutboxEvent.objects.filter(pk=event.pk, lease_token=event.lease_token, state="leased").update(
        state=OutboxEvent.State.DEAD if exhausted else OutboxEvent.State.PENDING,
        available_at=now + timedelta(seconds=pause),
        died_at=now if exhausted else None,
        lease_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def due_ids(limit: int = SWEEP_BATCH, *, queued: int = 0) -> list[int]:
    """Mark what is due as sent and return its ids, what was never sent first, then what was sent longest ago.

    Due: became due since it was last sent (a retry, an expired lease), or was sent ten seconds ago and still
    waits; a minute ago where `queued` messages lie in the longest queue. Sending everything pending each time would
    feed the queue with its own duplicates.
    """
    now = timezone.now()
    again = now - (RESEND_AFTER_IN_A_CROWD if queued > CROWD else RESEND_AFTER)
    waiting = Q(state="pending", available_at__lte=now) & (
        Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=F("available_at")) | Q(dispatched_at__lt=again)
    )
    expired = Q(state="leased", lease_until__lt=now) & (
        Q(dispatched_at__lt=F("lease_until")) | Q(dispatched_at__lt=again)
    )
    with transaction.atomic():
        rows = OutboxEvent.objects.select_for_update(skip_locked=True).filter(waiting | expired)
        # Not by id: rows that are sent again and again without effect would stand before everybody else's for ever.
        rows = rows.order_by(F("dispatched_at").asc(nulls_first=True), "id")
        ids = list(rows.values_list("id", flat=True)[:limit])
        OutboxEvent.objects.filter(pk__in=ids).update(dispatched_at=now)
    return ids


def queues_of(ids: Iterable[int]) -> list[tuple[int, str]]:
    """Each row with the queue of its handler, "" for the usual one."""
    rows = OutboxEvent.objects.filter(pk__in=list(ids)).order_by("id").values_list("id", "handler")
    return [(pk, _queues.get(path, "")) for pk, path in rows]


def prune(*, batch: int = 1000) -> int:
    """Delete done rows older than OUTBOX_KEEP_DAYS, at most `batch`; dead rows stay until somebody looked."""
    limit = timezone.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS)
    ids = OutboxEvent.objects.filter(state="done", done_at__lt=limit).order_by("id").values("id")[:batch]
    return OutboxEvent.objects.filter(pk__in=list(ids.values_list("id", flat=True))).delete()[0]
