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

from celery import current_app

logger = logging.getLogger(__name__)

_waiting: "queue.Queue[int]" = queue.Queue(maxsize=10_000)
_lock = threading.Lock()
_thread: threading.Thread | None = None
PAUSE_AFTER_FAILURE_SECONDS = 2.0


def put(event_ids: Iterable[int]) -> None:
    """Ask for these outbox rows to be run soon. Never raises, never blocks; what does not fit is left to the sweep."""
    _start()
    with contextlib.suppress(queue.Full):
        for event_id in event_ids:
            _waiting.put_nowait(event_id)


def send(event_id: int) -> None:
    """Publish one wake-up call; raises kombu's OperationalError when the broker is away."""
    current_app.send_task("core.run_outbox", kwargs={"event_id": event_id}, ignore_result=True)


def _start() -> None:
    # A fork (gunicorn, prefork) copies the module but not its thread: look at the thread, not at a flag.
    global _thread  # noqa: PLW0603
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_publish_for_ever, name="outbox-nudger", daemon=True)
            _thread.start()


def _publish_for_ever() -> None:
    while True:
        event_id = _waiting.get()
        try:
            send(event_id)
        except Exception as error:
            logger.warning("broker away, wake-up call dropped: %s", error)
            time.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            _drop_waiting()


def _drop_waiting() -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            _waiting.get_nowait()
