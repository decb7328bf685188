"""Dead letters (死信): work that was given up after its last try, and waits for a person to look at it.

A person has it tried again, or gives it up for good and says why; both are written into the audit trail. What a
payload is about is said by the app it comes from, in its `ready`: `things_are`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid5

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import audit, nudger, outbox
from .errors import InvalidInput, StaleTransition
from .models import AuditEntry, OutboxEvent, PublicId

AT_ONCE = 500
NOTE_LENGTH = 500
_NAMESPACE = UUID("6f2b2a3e-9d0c-5b51-8a53-6c8f3f1d7a10")
_things: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a fact is about: kind and number, and the page of the superusers' admin that shows it ("": gone)."""

    name: str
    path: str


class _Trailed:
    """An outbox row as the trail names it: rows have numbers, the trail wants public ids."""

    def __init__(self, event: OutboxEvent) -> None:
        self._meta, self.uuid = event._meta, trail_id(event)  # noqa: SLF001


def things_are(**things: str) -> None:
    """Say which model a payload's key names: need_id="requests.Need"."""
    _things.update(things)


def things_of(payload: Mapping[str, Any]) -> list[Thing]:
    """What the payload names, without a word of its content."""
    return [_thing(_things[key], value) for key, value in payload.items() if key in _things]


def _thing(label: str, pk: Any) -> Thing:
    model = apps.get_model(label)
    name = f"{model._meta.verbose_name} {pk}"  # noqa: SLF001
    if not admin.site.is_registered(model) or not model._default_manager.filter(pk=pk).exists():  # noqa: SLF001
        return Thing(name, "")
    return Thing(name, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk]))  # noqa: SLF001


def dead() -> QuerySet[OutboxEvent]:
    """Every dead row, given up or not."""
    return OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD)


def unseen() -> QuerySet[OutboxEvent]:
    """Dead rows nobody has decided about: what the alarm counts."""
    return dead().filter(dismissed_at=None)


def counts() -> dict[str, tuple[int, int]]:
    """{handler: (undecided, given up)} of the dead rows."""
    rows = dead().order_by("handler").values_list("handler")
    counted = rows.annotate(every=Count("pk"), still=Count("pk", Q(dismissed_at=None)))
    return {handler: (still, every - still) for handler, every, still in counted}


def unseen_by_topic() -> dict[str, float]:
    """{topic: dead rows nobody has decided about}; topics without any are left out."""
    return dict(unseen().order_by("topic").values_list("topic").annotate(n=Count("pk")))


def trail_id(event: OutboxEvent) -> UUID:
    """The public id under which the audit trail knows this row."""
    return uuid5(_NAMESPACE, str(event.pk))


def trail(event: OutboxEvent) -> QuerySet[AuditEntry]:
    """What people have decided about this row, newest first."""
    return AuditEntry.objects.filter(object_kind="outboxevent", object_id=trail_id(event)).order_by("-id")


def retry(*, actor: AbstractBaseUser, event: OutboxEvent) -> None:
    """Have a dead row tried again from the start, given up or not.

    Raises StaleTransition where it is not dead (any more): of two people who ask at once, one is told.
    """
    if retry_many(actor=actor, ids=[event.pk]) != 1:
        raise StaleTransition


def retry_many(*, actor: AbstractBaseUser, ids: Collection[int]) -> int:
    """Have these rows tried again, those that are dead; returns how many."""
    with transaction.atomic(durable=True):
        rows = list(dead().select_for_update().filter(pk__in=ids).order_by("pk"))
        now = timezone.now()
        OutboxEvent.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=OutboxEvent.State.PENDING,
            attempts=0,
            crashes=0,
            available_at=now,
            dispatched_at=now,
            died_at=None,
            dismissed_at=None,
        )
        for row in rows:
            _note(row, "outbox.retried", actor)
        calls = outbox.queues_of(row.pk for row in rows)
        # A lambda, not functools.partial: with robust=True Django 5.2 asks the callable for __qualname__.
        transaction.on_commit(lambda: nudger.put_all(calls), robust=True)
    return len(rows)


def give_up(*, actor: AbstractBaseUser, event: OutboxEvent, note: str) -> None:
    """Decide that a dead row stays undone; it is kept, and rings no alarm. It can still be tried again.

    Raises InvalidInput without a note, StaleTransition where somebody was faster.
    """
    note = note.strip()
    if not note:
        raise InvalidInput(errors={"note": [_("Please say why this need not be done.")]})
    if len(note) > NOTE_LENGTH:
        raise InvalidInput(errors={"note": [_("At most %(most)s characters.") % {"most": NOTE_LENGTH}]})
    with transaction.atomic(durable=True):
        if unseen().filter(pk=event.pk).update(dismissed_at=timezone.now()) != 1:
            raise StaleTransition
        _note(event, "outbox.given_up", actor, note)


def _note(event: OutboxEvent, action: str, actor: AbstractBaseUser, note: str = "") -> None:
    tried = {"topic": event.topic, "key": event.key, "attempts": event.attempts, "crashes": event.crashes}
    audit.record(action, cast("PublicId", _Trailed(event)), actor=actor, note=note, detail=tried)
