"""Notices: a row in the transaction that caused them, and what leaves the house is owed through the outbox.

In the page exactly once (`dedupe_key`); by mail and robot at least once, with a Message-ID and an event id that stay
the same. `owe` writes the notice and one outbox row; `deliver` (a worker) turns that into one delivery for each
channel the person wants, with an outbox row of its own; `sending` and `digests` carry them out.
"""

from .deliveries import deliver
from .inbox import mark_all_read, mark_read
from .owing import owe
from .registry import Event, Group, Text, event_of, events, register, wording

__all__ = [
    "Event",
    "Group",
    "Text",
    "deliver",
    "event_of",
    "events",
    "mark_all_read",
    "mark_read",
    "owe",
    "register",
    "wording",
]
