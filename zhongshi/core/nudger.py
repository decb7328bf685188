"""Wake-up calls to the workers, from a background thread.

Publishing inside a request would make a dead broker cost the caller seconds, and a hung one half a minute. Here a
full queue or a dead broker costs the caller nothing; the sweep finds what was not announced.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Iterable
from typing import Any

from celery import current_app

from .telemetry import counters

logger = logging.getLogger(__name__)

_waiting: "queue.Queue[tuple[int, str]]" = queue.Queue(maxsize=10_000)
_lock = threading.Lock()
_thread: threading.Thread | None = None
PAUSE_AFTER_FAILURE_SECONDS = 2.0


def put(event_ids: Iterable[int]) -> None:
    """Ask for these outbox rows to be run soon. Never raises, never blocks; what does not fit is left to the sweep."""
    put_all((event_id, "") for event_id in event_ids)


def put_all(calls: Iterable[tuple[int, str]]) -> None:
    """As `put`, for rows with the queue each belongs to, "" for the usual one."""
    _start()
    try:
        for call in calls:
            _waiting.put_nowait(call)
    except queue.Full:
        counters.NUDGES.labels("overflowed").inc()


def send(event_id: int, to: str = "") -> None:
    """Publish one wake-up call to the queue `to`; raises kombu's OperationalError when the broker is away."""
    where: Any = {"queue": to} if to else {}
    current_app.send_task("core.run_outbox", kwargs={"event_id": event_id}, ignore_result=True, **where)


def _start() -> None:
    # A fork (gunicorn, prefork) copies the module but not its thread: look at the thread, not at a flag.
    global _thread  # noqa: PLW0603
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_publish_for_ever, name="outbox-nudger", daemon=True)
            _thread.start()


def _publish_for_ever() -> None:
    while True:
        event_id, to = _waiting.get()
        try:
            send(event_id, to)
            counters.NUDGES.labels("sent").inc()
        except Exception as error:
            logger.warning("broker away, wake-up call dropped: %s", error)
            counters.NUDGER_PAUSED.set(1)
            time.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            counters.NUDGES.labels("dropped").inc(1 + _drop_waiting())
            counters.NUDGER_PAUSED.set(0)


def _drop_waiting() -> int:
    """How many were waiting."""
    dropped = 0
    with contextlib.suppress(queue.Empty):
        while True:
            _waiting.get_nowait()
            dropped += 1
    return dropped
