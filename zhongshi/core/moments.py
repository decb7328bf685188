"""What is read once while one page is made, although several parts of it ask.

In-memory catalogues look into the database whether they are up to date, each time they are asked. Within one GET the
first look is enough; elsewhere (commands, tasks, whatever writes) every call looks anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Read = TypeVar("Read")
_seen: ContextVar[dict[object, Any] | None] = ContextVar("seen", default=None)


@contextmanager
def moment() -> Iterator[None]:
    """Inside, what is marked `once` is read at most once. Nothing is kept beyond the end."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def once(read: Callable[[], Read]) -> Callable[[], Read]:
    """Have `read` (no arguments) answer the same for the whole of a moment."""

    @wraps(read)
    def ask() -> Read:
        seen = _seen.get()
        if seen is None:
            return read()
        if ask not in seen:
            seen[ask] = read()
        found: Read = seen[ask]
        return found

    return ask
