"""Drafts: kept while they are written, once for each page they are written on, deleted on request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from requests.enums import NeedStatus
from requests.models import Condition, Need, NeedDraft
from requests.records import conditions_from
from requests.rules import may_post, owns
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, NotAllowed, StaleTransition

from .needs import NeedInput, budget_rows, conditions_replace, insert_draft, keep_revision, locked
from .reading import MAX_TITLE, check_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The open page that writes: its own name, and which state of the draft it has seen."""

    form: str
    revision: int = 0
    saves: int = 0


def draft_of(actor: Actor, form: str) -> Need | None:
    """The draft that the page `form` has made, None while it has made none or that is no draft any more."""
    if not form:
        return None
    rows = Need.objects.visible_to(actor).filter(status=NeedStatus.DRAFT)
    return rows.filter(idempotency_key=form).first()


def draft_keep(
    *,
    actor: Actor,
    entered: NeedInput,
    typed: dict[str, Any],
    page: Page,
    need: Need | None = None,
    is_settled: bool = False,
) -> Need:
    """Write the sheet as it stands over the page's draft, or make its draft; one page never makes two.

    `typed` is the sheet itself, `entered` as much of it as can be a need. `is_settled` for a press of the button,
    False for what the page keeps by itself: that never goes over what the button has stored. Raises StaleTransition
    where another page has written since, IllegalTransition where the need is no draft any more.
    """
    if not may_post(actor) or (need is not None and not owns(actor, need)):
        raise NotAllowed
    entered = replace(entered, title=entered.title.strip()[:MAX_TITLE])
    check_words(title=entered.title or "-", text=entered.text or "-")
    rows = conditions_from(entered.conditions or [])
    rows += budget_rows(entered, rows)
    need = need or Need.objects.filter(organization=actor.organization, idempotency_key=page.form).first()
    if need is None:
        try:
            return _made(actor, entered, typed, page, rows, is_settled=is_settled)
        except IntegrityError:
            # The race: the same page twice at once. The unique key let one through; this one writes over it.
            need = Need.objects.get(organization=actor.organization, idempotency_key=page.form)
    with transaction.atomic(durable=True):
        return _written(locked(need), actor, entered, typed, page, rows, is_settled=is_settled)


def _made(
    actor: Actor, entered: NeedInput, typed: dict[str, Any], page: Page, rows: list[Condition], *, is_settled: bool
) -> Need:
    with transaction.atomic(durable=True):
        need = insert_draft(actor, entered, rows, page.form)
        NeedDraft.objects.create(need=need, form=page.form, typed=typed, is_settled=is_settled)
    return need


def _written(
    need: Need,
    actor: Actor,
    entered: NeedInput,
    typed: dict[str, Any],
    page: Page,
    rows: list[Condition],
    *,
    is_settled: bool,
) -> Need:
    if need.status != NeedStatus.DRAFT:
        raise IllegalTransition
    sheet = NeedDraft.objects.filter(need=need).first()
    saves = sheet.saves if sheet else 0
    is_own = sheet is not None and sheet.form == page.form and (is_settled or not sheet.is_settled)
    if not is_own and (page.revision, page.saves) != (need.revision, saves):
        raise StaleTransition
    need.title, need.text, need.region = entered.title, entered.text, entered.region
    need.visibility, need.body_digest = entered.visibility, entered.digest()
    need.save(update_fields=["title", "text", "region", "visibility", "body_digest", "updated_at"])
    conditions_replace(need, rows)
    keep_revision(need, actor)
    NeedDraft.objects.update_or_create(
        need=need, defaults={"form": page.form, "saves": saves + 1, "is_settled": is_settled, "typed": typed}
    )
    return need


def draft_delete(*, actor: Actor, need: Need) -> None:
    """Delete a draft of one's own for good. Raises IllegalTransition for anything that was ever submitted."""
    if not owns(actor, need):
        raise NotAllowed
    with transaction.atomic(durable=True):
        need = locked(need)
        if need.status != NeedStatus.DRAFT:
            raise IllegalTransition
        record("deleted", need, actor=actor.user, from_status=need.status)
        need.delete()
