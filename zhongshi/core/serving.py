"""What a serving process makes ready beside its first requests: web servers and workers, never commands or tests.

Apps say in `ready` what that is; the entry points (`zhongshi.wsgi`, a worker's process) call `start`.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
_works: dict[str, str] = {}
_states: dict[str, str] = {}


def prepare(name: str, work: str) -> None:
    """Have `work` (dotted path of a function without arguments) run once in each serving process."""
    _works[name] = work


def start() -> threading.Thread:
    """Run in the background what was named. Whoever needs it before it is done does or awaits it as ever."""
    _states.update(dict.fromkeys(_works, "building"))
    # A daemon: a process that is told to end does not wait for it.
    thread = threading.Thread(target=_run, name="prepare", daemon=True)
    thread.start()
    return thread


def states() -> dict[str, str]:
    """By name "building", "ok", or "failed" (then the first who needs it builds it); empty where nothing serves."""
    return dict(_states)


def _run() -> None:
    try:
        for name, work in _works.items():
            _states[name] = _outcome(name, work)
    finally:
        connections.close_all()


def _outcome(name: str, work: str) -> str:
    begun = time.monotonic()
    try:
        import_string(work)()
    except Exception:
        logger.exception("%s could not be made ready; the first who needs it tries again", name)
        return "failed"
    logger.info("%s ready after %.1f s", name, time.monotonic() - begun)
    return "ok"
