"""Work that is owed by nobody: rows whose state says that something has to follow, and no outbox row that will do it.

It cannot happen while all writers owe in the transaction of their fact. A restored backup, a row mended by hand or a
mistake of ours can bring it about all the same, and nothing would ever happen; hence it is looked for, counted and can
be mended. Apps register what they know in `ready`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import OutboxEvent

# What was written a moment ago may still be on its way; what failed rests for minutes between its tries.
GRACE = timedelta(minutes=10)
AT_MOST = 1000
# Counting reads whole tables; a scrape every few seconds need not.
COUNT_EVERY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of being forgotten. `find` (dotted path) gives rows untouched since a moment, `mend` owes the work."""

    name: str
    find: str
    mend: str


_kinds: dict[str, Kind] = {}
_counted: tuple[float, dict[str, float]] = (0.0, {})


def register(name: str, *, find: str, mend: str) -> None:
    """Have rows looked for by `find(before: datetime) -> iterable of rows` and mended by `mend(row)`."""
    _kinds[name] = Kind(name, find, mend)


def kinds() -> list[str]:
    """The names of all kinds."""
    return sorted(_kinds)


def found(name: str) -> list[Any]:
    """Rows of this kind, a thousand at most."""
    find: Callable[[datetime], Iterable[Any]] = import_string(_kinds[name].find)
    rows = iter(find(timezone.now() - GRACE))
    return [row for row, _n in zip(rows, range(AT_MOST), strict=False)]


def counts() -> dict[str, float]:
    """{kind: how many}, a thousand at most of each; five minutes old at most."""
    global _counted  # noqa: PLW0603
    at, known = _counted
    if not known or time.monotonic() - at > COUNT_EVERY_SECONDS:
        _counted = (time.monotonic(), {name: len(found(name)) for name in kinds()})
    return _counted[1]


def mend(name: str) -> int:
    """Owe the work of every row found, each in its own transaction; returns how many. Doing it twice does no harm."""
    owe: Callable[[Any], None] = import_string(_kinds[name].mend)
    rows = found(name)
    for row in rows:
        with transaction.atomic(durable=True):
            owe(row)
    return len(rows)


def mending_key(key: str) -> str:
    """A key that no row has: the one there was may be done and kept for some days yet."""
    return f"{key}:mended:{timezone.now().isoformat()}"


def unfinished(handler: str, payload_key: str) -> set[Any]:
    """What the unfinished rows of a handler are about: dead ones count, somebody will decide about them."""
    rows = OutboxEvent.objects.filter(handler=handler)
    # Two questions, each with an index of its own: done rows of a week stand between them.
    open_ones, dead = rows.filter(state__in=["pending", "leased"]), rows.filter(state="dead")
    return {about for part in (open_ones, dead) for about in part.values_list(f"payload__{payload_key}", flat=True)}
