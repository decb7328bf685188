"""When a word gets a meaning, open needs that hold it are scored anew, and their owners told what can be read now."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from requests.disclosure import notice_title, notice_words
from requests.models import Need
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.core import notifications, outbox
from zhongshi.core.models import OutboxEvent
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import read_need
from zhongshi.vocabulary.reading.normalise import form_key

NEEDS_AT_ONCE = 100


def needs_reread(*, event: OutboxEvent, forms: list[str], after: int = 0) -> None:
    """Have the open needs that hold one of `forms` scored anew. Outbox handler; may run twice.

    The conditions stay: they are what the owner confirmed, and a new word must not change what somebody asked for.
    Where the text would give a further condition now, its owner is told and decides. A hundred needs an event, the
    rest is owed anew.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    cause = event.key.partition(">")[0]
    with transaction.atomic(durable=True):
        rows = Need.objects.open().filter(_holds(forms), pk__gt=after).order_by("pk")
        batch = list(rows.prefetch_related("conditions").select_related("organization")[:NEEDS_AT_ONCE])
        for need in batch:
            # The topic of its opening, under a key of its own: the same revision, scored once more.
            key = f"need:{need.uuid}:{need.revision}:{cause}"
            outbox.emit("need.opened", key=key, need_id=need.pk, revision=need.revision)
            if _gains(need, forms):
                _tell(need, forms, cause)
        if len(batch) == NEEDS_AT_ONCE:
            outbox.emit("needs.stale", key=f"{cause}>{batch[-1].pk}", forms=forms, after=batch[-1].pk)
        outbox.finish(event.pk, event.lease_token)


def _holds(forms: Collection[str]) -> Q:
    return Q(*(Q(**{f"{column}__icontains": form}) for form in forms for column in ("title", "text")), _connector=Q.OR)


def _gains(need: Need, forms: Collection[str]) -> bool:
    """Whether reading the need now gives a condition from these forms that it has not."""
    has = {(row.kind, str(row.value)) for row in need.conditions.all()}
    keys = {form_key(form) for form in forms}
    reading = read_need(need.title, need.text, current_lexicon(), today=timezone.localdate())
    return any(
        (item.kind, str(item.value)) not in has and any(key in form_key(item.text) for key in keys)
        for item in reading.conditions
        if item.value is not None
    )


def _tell(need: Need, forms: Collection[str], cause: str) -> None:
    notifications.owe(
        members_of(need.organization, Role.ENTERPRISE),
        "need.readable",
        key=f"need.readable:{need.uuid}:{cause}",
        path=f"/needs/{need.number}/edit/",
        params={
            "number": need.number,
            "title": notice_title(need),
            "word": notice_words(need, min(forms, key=len)),
        },
    )
