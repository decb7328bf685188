"""The office's word on anything that waits on the board, one by one or on many at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from matching.models import Match
from matching.reviewing.queues import QUEUES
from platforms.services.reviews import listing_review
from requests.services import need_open, need_return
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.services.organizations import organization_review
from zhongshi.core.errors import DomainError, NotAllowed, StaleTransition

from .review import match_review

_WITH = {
    "organization": ("zone",),
    "platform": ("zone", "organization"),
    "capability": ("platform__zone", "platform__organization"),
    "certificate": ("platform__zone", "platform__organization", "checked_by"),
    "need": ("zone", "organization", "created_by"),
    "match": ("need__zone", "need__organization", "capability__platform__organization", "run", "reviewed_by"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: its name, and the refusal in words, or none."""

    title: str
    refusal: str = ""


def reviewed_row(actor: Actor, kind: str, uuid: UUID | str) -> Any | None:
    """The row of the actor's own zone, with everything a decision needs, or None where there is none to see."""
    queue = QUEUES.get(kind)
    if queue is None or not actor.is_zone_admin:
        return None
    rows = queue.model._default_manager.select_related(*_WITH[kind])  # noqa: SLF001
    seen = rows.filter(**{queue.zone: actor.zone})
    return (seen.exclude(status="draft") if kind == "need" else seen).filter(uuid=uuid).first()


def decide(*, actor: Actor, kind: str, row: Any, approve: bool, note: str = "", seen: str = "") -> None:
    """Approve or send back by the service of its kind, which owns the transaction and tells the other side.

    `seen` is the status the reviewer had before the eyes. Raises what those services raise, StaleTransition at once
    where the row has moved since.
    """
    if seen and row.status != seen:
        raise StaleTransition
    if kind == "organization":
        organization_review(organization=row, actor=actor, approve=approve, note=note)
    elif kind == "match":
        match_review(actor=actor, match=row, approve=approve, note=note)
    elif kind == "need" and approve:
        need_open(actor=actor, need=row, note=note)
    elif kind == "need":
        need_return(actor=actor, need=row, note=note)
    else:
        listing_review(actor=actor, listing=row, approve=approve, note=note, seen=seen)


def decide_many(*, actor: Actor, keys: Iterable[str], approve: bool, note: str = "") -> list[Outcome]:
    """Decide each `kind:uuid:status` in a transaction of its own; one that is refused stops no other.

    Raises NotAllowed for anyone but a zone's office.
    """
    if not actor.is_zone_admin:
        raise NotAllowed
    return [_decided(actor, key, approve, note) for key in dict.fromkeys(keys)]


def _decided(actor: Actor, key: str, approve: bool, note: str) -> Outcome:
    kind, _colon, rest = key.partition(":")
    uuid, _colon, seen = rest.partition(":")
    row = reviewed_row(actor, kind, uuid) if _is_uuid(uuid) else None
    if row is None:
        return Outcome(key, _("This is no longer there."))
    title = row.capability.name if isinstance(row, Match) else str(row)
    try:
        decide(actor=actor, kind=kind, row=row, approve=approve, note=note, seen=seen)
    except DomainError as refusal:
        problems = [str(text) for texts in (refusal.errors or {}).values() for text in texts]
        return Outcome(title, " ".join(problems) or str(refusal.detail))
    return Outcome(title)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
