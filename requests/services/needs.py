"""The life of a need. Each function owns one durable transaction, or runs in the caller's where it says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.disclosure import notice_title, notice_words
from requests.enums import ConditionOrigin, NeedStatus, Visibility
from requests.models import Condition, Need, NeedDraft, NeedRevision
from requests.records import condition_record, conditions_from
from requests.rules import is_editable, may_edit, may_post, may_return, may_submit, may_withdraw, owns
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization, Zone
from zhongshi.accounts.rules import require_taking_part
from zhongshi.core import notifications, outbox
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, KeyReused, NotAllowed, StaleTransition
from zhongshi.core.transitions import advance

from .quota import need_spend
from .reading import check_words, need_read


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedInput:
    """What an enterprise enters. `conditions` None: read them from title and text. `budget`: at most this many yuan."""

    title: str
    text: str
    conditions: list[dict[str, Any]] | None = None
    country: str = "CN"
    region: str = ""
    budget: float | None = None
    visibility: str = Visibility.MATCHED

    def digest(self) -> str:
        """Tell two bodies apart under one idempotency key."""
        body = [
            self.title,
            self.text,
            self.conditions,
            self.country,
            self.region,
            self.budget,
            self.visibility,
        ]
        return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def need_post(
    *, actor: Actor, entered: NeedInput, idempotency_key: str | None = None, as_draft: bool = False
) -> tuple[Need, bool]:
    """Store a need and, unless it stays a draft, submit it. Returns the need and whether it is new.

    The same key with the same body gives the same need; with another body KeyReused. Raises NotAllowed for anyone
    but an enterprise, NotTakingPart for one that is not approved unless it is a draft, InvalidInput or TooLarge
    naming the fields.
    """
    if not may_post(actor):
        raise NotAllowed
    if not as_draft:
        require_taking_part(actor)
    known = _by_key(actor, entered, idempotency_key)
    if known:
        return known, False
    rows = _checked_rows(entered, as_draft=as_draft)
    if not as_draft:
        need_spend(actor.organization)
    try:
        with transaction.atomic(durable=True):
            need = insert_draft(actor, entered, rows, idempotency_key)
            if not as_draft:
                _submit(need, actor)
    except IntegrityError:
        # The race: two posts with one key between the look above and the insert. The unique key let one through.
        known = _by_key(actor, entered, idempotency_key)
        if known is None:
            raise
        return known, False
    return need, True


def _by_key(actor: Actor, entered: NeedInput, key: str | None) -> Need | None:
    if not key:
        return None
    if len(key) > 100:
        raise InvalidInput(errors={"Idempotency-Key": [_("At most %(most)s characters.") % {"most": 100}]})
    need = Need.objects.filter(organization=actor.organization, idempotency_key=key).first()
    if need and need.body_digest != entered.digest():
        raise KeyReused
    return need


def _checked_rows(entered: NeedInput, *, as_draft: bool = False) -> list[Condition]:
    if not (as_draft and not entered.text.strip()):
        check_words(title=entered.title, text=entered.text)
    if entered.visibility not in Visibility.values:
        raise InvalidInput(errors={"visibility": [_("Choose public, matched or nda.")]})
    if entered.budget is not None and entered.budget <= 0:
        raise InvalidInput(errors={"budget": [_("Must be greater than zero.")]})
    if entered.conditions is not None:
        rows = conditions_from(entered.conditions)
    elif entered.text.strip():
        read = need_read(title=entered.title, text=entered.text).conditions
        rows = conditions_from([c.to_exchange() for c in read], origin=ConditionOrigin.READ)
    else:
        rows = []
    return rows + budget_rows(entered, rows)


def budget_rows(entered: NeedInput, rows: list[Condition]) -> list[Condition]:
    """The entered budget as a condition, unless there is one among `rows`."""
    if entered.budget is None or any(row.kind == "budget" for row in rows):
        return []
    record = {"kind": "budget", "quantity": "budget", "min": None, "max": entered.budget, "unit": "CNY"}
    return conditions_from([{**record, "op": "overlaps"}])


def insert_draft(actor: Actor, entered: NeedInput, rows: list[Condition], key: str | None) -> Need:
    """Insert what was entered as a draft at revision 1; in the caller's transaction."""
    need = need_insert(
        organization=actor.organization,
        zone=actor.zone,
        created_by=actor.user,
        title=entered.title.strip(),
        text=entered.text,
        country=entered.country,
        region=entered.region,
        visibility=entered.visibility,
        idempotency_key=key or None,
        body_digest=entered.digest(),
    )
    conditions_replace(need, rows)
    keep_revision(need, actor)
    return need


def need_insert(*, organization: Organization, zone: Zone, **columns: Any) -> Need:
    """Insert a draft with its number (N-2026-0417) in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('requests_need', 'id'))")
        [pk] = cursor.fetchone()
    number = f"N-{timezone.localdate().year}-{pk:04d}"
    return Need.objects.create(
        pk=pk, number=number, organization=organization, zone=zone, status=NeedStatus.DRAFT, **columns
    )


def conditions_replace(need: Need, rows: Iterable[Condition]) -> None:
    """Put `rows` in place of the need's conditions; in the caller's transaction."""
    Condition.objects.filter(need=need).delete()
    given = list(rows)
    for position, row in enumerate(given):
        row.need, row.position, row.pk = need, position, None
    Condition.objects.bulk_create(given)


def keep_revision(need: Need, actor: Actor | None) -> None:
    """Keep what the need says at its present revision; in the caller's transaction."""
    NeedRevision.objects.update_or_create(
        need=need,
        number=need.revision,
        defaults={
            "title": need.title,
            "text": need.text,
            "conditions": [condition_record(row) for row in need.conditions.all()],
            "created_by": actor.user if actor else None,
        },
    )


def _submit(need: Need, actor: Actor | None) -> None:
    advance(need, NeedStatus.SUBMITTED, actor=actor.user if actor else None, zone_code=need.zone.code)
    if need.zone.opens_needs_itself:
        open_submitted(need)


def open_submitted(need: Need, *, actor: Actor | None = None, note: str = "") -> None:
    """Open a submitted need and report it to whoever scores; in the caller's transaction."""
    advance(need, NeedStatus.OPEN, actor=actor.user if actor else None, note=note, zone_code=need.zone.code)
    announce(need)


def announce(need: Need) -> None:
    """Report that this revision is open."""
    outbox.emit("need.opened", key=f"need:{need.uuid}:{need.revision}", need_id=need.pk, revision=need.revision)


def locked(need: Need) -> Need:
    """The need's newest row, held until the caller's transaction ends."""
    # NO KEY UPDATE: matches and conditions that point here may still be inserted meanwhile.
    return Need.objects.select_for_update(of=("self",), no_key=True).select_related("zone").get(pk=need.pk)


def _as_seen(need: Need) -> Need:
    """As `locked`. Raises StaleTransition where the need has left the status its reviewer saw: another was faster."""
    seen = need.status
    need = locked(need)
    if need.status != seen:
        raise StaleTransition
    return need


def need_submit(*, actor: Actor, need: Need) -> Need:
    """Submit a draft or a returned need. Raises InvalidInput while title or text is missing, NotTakingPart for an
    enterprise that is not approved.
    """
    if not may_submit(actor, need):
        raise NotAllowed
    require_taking_part(actor)
    need_spend(need.organization)
    with transaction.atomic(durable=True):
        need = locked(need)
        check_words(title=need.title, text=need.text)
        _leave_sheet(need, actor)
        _submit(need, actor)
    return need


def _leave_sheet(need: Need, actor: Actor) -> None:
    """What is submitted is the need, and no longer its sheet. One whose words were never read is read now."""
    sheet = NeedDraft.objects.filter(need=need).first()
    if sheet is None:
        return
    if sheet.typed.get("rows") is None:
        read = need_read(title=need.title, text=need.text).conditions
        rows = conditions_from([c.to_exchange() for c in read], origin=ConditionOrigin.READ)
        conditions_replace(need, rows + [row for row in need.conditions.all() if not _has_kind(rows, row.kind)])
        keep_revision(need, actor)
    sheet.delete()


def _has_kind(rows: Iterable[Condition], kind: str) -> bool:
    return any(row.kind == kind for row in rows)


def need_edit(*, actor: Actor, need: Need, revision: int, entered: NeedInput) -> Need:
    """Write a new revision over the one the caller saw; an open need is scored again.

    Raises StaleTransition if `revision` is no longer the newest, IllegalTransition where the need's life is over.
    """
    if not may_edit(actor, need):
        raise NotAllowed
    rows = _checked_rows(entered, as_draft=need.status == NeedStatus.DRAFT)
    with transaction.atomic(durable=True):
        need = locked(need)
        if need.revision != revision:
            raise StaleTransition
        if not is_editable(need):
            raise IllegalTransition
        if need.status in {NeedStatus.SUBMITTED, NeedStatus.OPEN}:
            require_taking_part(actor)
        need.title, need.text, need.region = entered.title.strip(), entered.text, entered.region
        need.country, need.visibility, need.revision = entered.country, entered.visibility, revision + 1
        need.save(update_fields=["title", "text", "region", "country", "visibility", "revision", "updated_at"])
        conditions_replace(need, rows)
        keep_revision(need, actor)
        NeedDraft.objects.filter(need=need).delete()
        if not owns(actor, need):
            record("edited", need, actor=actor.user, zone_code=need.zone.code, detail={"revision": need.revision})
        if need.status == NeedStatus.OPEN:
            announce(need)
    return need


def need_open(*, actor: Actor, need: Need, note: str = "") -> Need:
    """Open a submitted need after review, by the zone's office."""
    if not may_return(actor, need):
        raise NotAllowed
    with transaction.atomic(durable=True):
        need = _as_seen(need)
        open_submitted(need, actor=actor, note=note)
    return need


def need_return(*, actor: Actor, need: Need, note: str) -> Need:
    """Send a need back for clarification; the note reaches its owner. Raises InvalidInput without a note."""
    if not may_return(actor, need):
        raise NotAllowed
    if not note.strip():
        raise InvalidInput(errors={"note": [_("Please say what has to be clarified.")]})
    with transaction.atomic(durable=True):
        need = _as_seen(need)
        advance(need, NeedStatus.RETURNED, actor=actor.user, note=note, zone_code=need.zone.code)
        report_closed(need)
        if need.created_by:
            notifications.owe(
                [need.created_by],
                "need.returned",
                key=f"need:{need.uuid}:{need.revision}:returned",
                path=f"/needs/{need.number}/",
                params={"number": need.number, "title": notice_title(need), "note": notice_words(need, note)},
            )
    return need


def need_withdraw(*, actor: Actor, need: Need, note: str = "") -> Need:
    """Take a need back; its unanswered leads are closed and their operators told."""
    if not may_withdraw(actor, need):
        raise NotAllowed
    with transaction.atomic(durable=True):
        need = locked(need)
        advance(need, NeedStatus.WITHDRAWN, actor=actor.user, note=note, zone_code=need.zone.code)
        report_closed(need)
    return need


def need_expire(*, need: Need) -> Need:
    """Close a need whose time is over."""
    with transaction.atomic(durable=True):
        need = locked(need)
        advance(need, NeedStatus.EXPIRED, actor=None, zone_code=need.zone.code)
        report_closed(need)
    return need


def report_closed(need: Need) -> None:
    """Tell whoever follows needs that this one has ended; in the transaction that ended it."""
    outbox.emit("need.closed", key=f"need:{need.uuid}:{need.revision}:closed", need_id=need.pk)
