"""An old need posted anew: its words and conditions as a fresh draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests.enums import ConditionOrigin
from requests.models import Need
from requests.records import condition_record, conditions_from
from requests.rules import may_post, owns
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import NotAllowed
from zhongshi.vocabulary.enums import ConditionKind

from .needs import NeedInput, insert_draft


@dataclass(frozen=True, slots=True)
class Again:
    """The new draft, and the conditions that stayed behind because their time is over."""

    need: Need
    dropped: list[dict[str, Any]]


def need_again(*, actor: Actor, need: Need, key: str) -> Again:
    """Make a draft with the words and conditions of one's own `need`, whatever became of it.

    Conditions on days that have passed are left out. The same `key` gives the same draft. Raises NotAllowed for
    anybody but the owner.
    """
    if not may_post(actor) or not owns(actor, need):
        raise NotAllowed
    records = [condition_record(row) for row in need.conditions.all()]
    today = timezone.localdate()
    dropped = [record for record in records if is_past(record, today)]
    entered = NeedInput(
        title=need.title,
        text=need.text,
        conditions=[record for record in records if record not in dropped],
        country=need.country,
        region=need.region,
        visibility=need.visibility,
    )
    return Again(_draft(actor, entered, f"again:{key}"[:100]), dropped)


def _draft(actor: Actor, entered: NeedInput, key: str) -> Need:
    same = Need.objects.filter(organization=actor.organization, idempotency_key=key)
    if known := same.first():
        return known
    rows = conditions_from(entered.conditions or [], origin=ConditionOrigin.GIVEN)
    try:
        with transaction.atomic(durable=True):
            return insert_draft(actor, entered, rows, key)
    except IntegrityError:
        return same.get()


def is_past(record: dict[str, Any], today: date) -> bool:
    """Whether the condition asks for a day before `today`; periods such as P2M count from now and never are."""
    if record["kind"] == ConditionKind.START_BY:
        return _is_before(record.get("value"), today)
    if record["kind"] == ConditionKind.WINDOW:
        return _is_before(record.get("latest_start"), today)
    return False


def _is_before(day: Any, today: date) -> bool:
    try:
        return date.fromisoformat(str(day)) < today
    except ValueError:
        return False
