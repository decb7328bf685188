"""The one door of a status, and the outbox, for many rows at once: as one by one, in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from . import nudger, outbox
from .errors import IllegalTransition, StaleTransition
from .masking import masked
from .models import AuditEntry, OutboxEvent, PublicId, Stateful
from .telemetry import context


def advance_all(
    rows: Sequence[Stateful], target: str, *, actor: AbstractBaseUser | None, note: str = "", zone_code: str = ""
) -> None:
    """Move rows of any tables to `target` as `transitions.advance` does, all or none, and log each move.

    Raises IllegalTransition where a table forbids the move, StaleTransition where a row has left the status seen.
    """
    groups: dict[tuple[type[Stateful], str], list[Stateful]] = defaultdict(list)
    for row in rows:
        if target not in row.TRANSITIONS.get(row.status, frozenset()):
            raise IllegalTransition
        groups[type(row), row.status].append(row)
    now = timezone.now()
    for (model, seen), found in groups.items():
        manager: Any = model._default_manager  # noqa: SLF001
        moved = manager.filter(pk__in=[row.pk for row in found], status=seen).update(
            status=target, status_changed_at=now
        )
        if moved != len(found):
            raise StaleTransition
    AuditEntry.objects.bulk_create(
        _entry("status", row, actor, zone_code, from_status=row.status, to_status=target, note=masked(note))
        for row in rows
    )
    for row in rows:
        row.status, row.status_changed_at = target, now


def record_all(action: str, rows: Iterable[PublicId], *, actor: AbstractBaseUser | None, zone_code: str = "") -> None:
    """Write that `actor` did `action` to each of the rows, as `audit.record` does."""
    AuditEntry.objects.bulk_create(_entry(action, row, actor, zone_code) for row in rows)


def _entry(action: str, row: PublicId, actor: AbstractBaseUser | None, zone_code: str, **more: str) -> AuditEntry:
    return AuditEntry(
        actor_id=actor.pk if actor else None,
        action=action,
        object_kind=str(row._meta.model_name),  # noqa: SLF001
        object_id=row.uuid,
        zone_code=zone_code,
        **more,
    )


def emit_all(topic: str, facts: Mapping[str, dict[str, Any]]) -> None:
    """Record facts on one topic, {key: payload}, as `outbox.emit` records each; in the running transaction."""
    handlers = outbox.subscribers_of(topic)
    now = timezone.now()
    rows = [
        OutboxEvent(
            topic=topic,
            cause=context.request_id(),
            handler=path,
            key=key,
            payload=payload,
            available_at=now,
            dispatched_at=now,
        )
        for key, payload in facts.items()
        for path in handlers
    ]
    OutboxEvent.objects.bulk_create(rows, ignore_conflicts=True)
    _wake(handlers, facts)


def _wake(handlers: Sequence[str], keys: Iterable[str]) -> None:
    waiting = OutboxEvent.objects.filter(handler__in=handlers, key__in=list(keys), state="pending")
    calls = outbox.queues_of(waiting.values_list("id", flat=True))
    # A lambda, not functools.partial: with robust=True Django 5.2 asks the callable for __qualname__.
    transaction.on_commit(lambda: nudger.put_all(calls), robust=True)
