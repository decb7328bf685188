"""Handing out what a need says: decided when it is read, written down before it leaves."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.disclosure import NOBODY, Disclosed, Reader, Standing, is_confidential, shape_of, stage_of
from requests.enums import Stage
from requests.models import Agreement, Disclosure, Need, ReadingReason
from requests.rules import owns
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import User
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed

REASON_HOLDS = timedelta(hours=8)
_LEAST_REASON, _MOST_REASON = 4, 300


def need_disclose(
    *, reader: Reader, need: Need, standing: Standing = NOBODY, more: frozenset[str] = frozenset()
) -> tuple[Stage, Disclosed]:
    """Return how far `reader` may read the need now, and so much of it; a reading of a confidential one is recorded.

    `more` names what else goes out with it (contacts). Raises NotAllowed for somebody it is not disclosed to at all.
    The agreement's row stays locked until the record is in, so nothing read after a revocation precedes it.
    """
    if not is_confidential(need) or (reader.actor and owns(reader.actor, need)):
        stage = stage_of(need, reader.actor, standing=standing)
        return _given(stage), shape_of(need, stage, reader.actor)
    with transaction.atomic():
        agreement = _agreement(reader, need)
        reason = reason_of(reader.user, need) if _needs_reason(reader) else ""
        stage = _given(stage_of(need, reader.actor, standing=standing, agreement=agreement, has_reason=bool(reason)))
        shape = shape_of(need, stage, reader.actor)
        _write_down(reader, need, stage, sorted({*shape.fields, *more}), reason)
    return stage, shape


def _given(stage: Stage) -> Stage:
    if stage == Stage.NOTHING:
        raise NotAllowed
    return stage


def _agreement(reader: Reader, need: Need) -> Agreement | None:
    if reader.actor is None or reader.actor.role != Role.OPERATOR:
        return None
    rows = Agreement.objects.select_for_update(no_key=True)
    return rows.filter(need=need, organization=reader.actor.organization).first()


def _needs_reason(reader: Reader) -> bool:
    return reader.actor is None or reader.actor.is_zone_admin


def _write_down(reader: Reader, need: Need, stage: Stage, fields: list[str], reason: str) -> None:
    organization = reader.actor.organization if reader.actor else None
    row = Disclosure.objects.create(
        need=need,
        revision=need.revision,
        user=reader.user,
        organization=organization,
        stage=stage,
        fields=fields,
        medium=reader.medium,
        address=reader.address,
        reason=reason,
    )
    # The trail names the row and keeps no address: it can never be changed, and people may ask to have theirs removed.
    detail = {
        "stage": stage.value,
        "medium": reader.medium.value,
        "revision": need.revision,
        "organization": str(organization.uuid) if organization else None,
        "disclosure": str(row.uuid),
    }
    record("disclosed", need, actor=reader.user, note=reason, zone_code=need.zone.code, detail=detail)


def reason_of(user: User, need: Need) -> str:
    """The reason this person gave for reading the need in the last eight hours; empty without one."""
    rows = ReadingReason.objects.filter(need=need, user=user, given_at__gt=timezone.now() - REASON_HOLDS)
    return rows.values_list("reason", flat=True).first() or ""


def reason_give(*, reader: Reader, need: Need, reason: str) -> ReadingReason:
    """Say why a confidential need is opened; holds for this need and eight hours.

    Raises NotAllowed for anyone but the zone's office and the superuser, InvalidInput for less than a few words.
    """
    actor, words = reader.actor, reason.strip()
    if actor is not None and stage_of(need, actor, has_reason=True) != Stage.TEXT:
        raise NotAllowed
    if not _LEAST_REASON <= len(words) <= _MOST_REASON:
        raise InvalidInput(errors={"reason": [_("Say why in 4 to 300 characters; the enterprise reads it.")]})
    with transaction.atomic(durable=True):
        row = ReadingReason.objects.create(need=need, user=reader.user, reason=words)
        record("reading_reason", need, actor=reader.user, note=words, zone_code=need.zone.code)
    return row
