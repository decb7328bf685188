"""What is known about the work in hand; every line of the log written meanwhile carries it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Field = str | int | float | None
_fields: ContextVar[dict[str, Field] | None] = ContextVar("telemetry_fields", default=None)


@contextmanager
def about(**fields: Field) -> Iterator[None]:
    """Have lines within carry `fields` as well. What is bound within is forgotten afterwards."""
    token = _fields.set({**(_fields.get() or {}), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def bind(**fields: Field) -> None:
    """Add what was found out meanwhile (who asks, for whom); outside of `about` nothing is kept."""
    known = _fields.get()
    if known is not None:
        known.update(fields)


def known() -> dict[str, Field]:
    """Return the fields of now."""
    return dict(_fields.get() or {})


def request_id() -> str:
    """Return the number of the request in hand or of the one that caused this work, "" for none."""
    return str((_fields.get() or {}).get("request") or "")
