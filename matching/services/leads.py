"""What an operator does with a lead (线索): accept, ask, decline with a reason, quote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import IN_TALKS, DeclineReason, MatchStatus
from matching.models import Match, Question, Quote
from matching.rules import operates, owns_need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.rules import require_taking_part
from zhongshi.accounts.services.consents import contacts_agree
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need, require_need
from .telling import tell_operator, tell_owner

MAX_AMOUNT = Decimal("999999999999.99")
MAX_PAYMENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteInput:
    """An offer: `amount` in `currency`, items [{name, amount}], dates, working days, terms of payment."""

    amount: Decimal
    valid_until: date
    currency: str = "CNY"
    lines: list[dict[str, Any]] = field(default_factory=list)
    start: date | None = None
    days: int | None = None
    payment: str = ""
    note: str = ""


@contextmanager
def _answering(actor: Actor, match: Match) -> Iterator[Match]:
    """Open the transaction of an answer on the row as the caller saw it; a rival's answer makes `advance` refuse.

    The need is held as well: once its enterprise has taken it back nobody's answer reaches it, though the worker that
    closes its leads has not come by yet.
    """
    if not operates(actor, match):
        raise NotAllowed
    require_taking_part(actor)
    seen = match.status
    with transaction.atomic(durable=True):
        need = lock_need(match.need_id)
        locked = lock_match(match)
        require_need(need, locked, seen)
        locked.status = seen
        yield locked


def _answered(actor: Actor) -> dict[str, Any]:
    return {"answered_at": timezone.now(), "answered_by": actor.user}


def lead_accept(*, actor: Actor, match: Match) -> Match:
    """Say yes; a quote follows. A second answer raises IllegalTransition."""
    with _answering(actor, match) as lead:
        advance(lead, MatchStatus.ACCEPTED, actor=actor.user, zone_code=lead.need.zone.code, **_answered(actor))
        contacts_agree(user=actor.user, match=lead.uuid)
        tell_owner(lead, "match.accepted")
    return lead


def lead_decline(*, actor: Actor, match: Match, reason: str, code: str = "") -> Match:
    """Say no. The reason is required and reaches the enterprise; `code` is its kind, to be counted."""
    if not reason.strip():
        raise InvalidInput(errors={"reason": [_("Please give a reason; the enterprise will read it.")]})
    if code not in {"", *DeclineReason.values}:
        raise InvalidInput(errors={"code": [_("Unknown kind of reason: %(code)s") % {"code": code}]})
    if len(reason) > 500:
        raise InvalidInput(errors={"reason": [_("At most %(most)s characters.") % {"most": 500}]})
    with _answering(actor, match) as lead:
        advance(
            lead,
            MatchStatus.DECLINED,
            actor=actor.user,
            note=reason,
            zone_code=lead.need.zone.code,
            decline_reason=reason,
            decline_code=code,
            **_answered(actor),
        )
        tell_owner(lead, "match.declined", reason=reason)
    return lead


def lead_quote(*, actor: Actor, match: Match, offer: QuoteInput) -> Quote:
    """Send an offer; from `approved` this accepts as well. A second one raises IllegalTransition."""
    _check_offer(offer)
    with _answering(actor, match) as lead:
        advance(lead, MatchStatus.QUOTED, actor=actor.user, zone_code=lead.need.zone.code, **_answered(actor))
        quote = Quote.objects.create(
            match=lead,
            amount=offer.amount,
            currency=offer.currency,
            lines=offer.lines,
            valid_until=offer.valid_until,
            starts_on=offer.start,
            days=offer.days,
            payment=offer.payment,
            note=offer.note,
            quoted_by=actor.user,
        )
        contacts_agree(user=actor.user, match=lead.uuid)
        tell_owner(lead, "match.quoted", amount=f"{offer.amount:,.2f}", currency=offer.currency)
    return quote


def _check_offer(offer: QuoteInput) -> None:
    errors: dict[str, list[str]] = {}
    if not 0 < offer.amount <= MAX_AMOUNT:
        errors["amount"] = [_("Must be greater than zero.")]
    if offer.valid_until < timezone.localdate():
        errors["valid_until"] = [_("Lies in the past.")]
    if len(offer.payment) > MAX_PAYMENT:
        errors["payment"] = [_("At most %(most)s characters.") % {"most": MAX_PAYMENT}]
    if offer.start and offer.start < timezone.localdate():
        errors["start"] = [_("Lies in the past.")]
    if errors:
        raise InvalidInput(errors=errors)


def lead_ask(*, actor: Actor, match: Match, text: str) -> Question:
    """Ask the enterprise before answering; not an answer, so the clock goes on."""
    if not text.strip():
        raise InvalidInput(errors={"question": [_("Please write your question.")]})
    with _answering(actor, match) as lead:
        current = Match.objects.values_list("status", flat=True).get(pk=lead.pk)
        if current not in IN_TALKS:
            raise IllegalTransition
        question = Question.objects.create(match=lead, text=text.strip(), asked_by=actor.user)
        _record("asked", lead, actor, question)
        tell_owner(lead, "match.asked", key=f":{question.uuid}", question=question.text)
    return question


def question_answer(*, actor: Actor, question: Question, text: str) -> Question:
    """Reply to an operator's question, once."""
    match = question.match
    if not owns_need(actor, match):
        raise NotAllowed
    if not text.strip():
        raise InvalidInput(errors={"answer": [_("Please write your answer.")]})
    with transaction.atomic(durable=True):
        answered = Question.objects.filter(pk=question.pk, answered_at__isnull=True).update(
            answer=text.strip(), answered_at=timezone.now(), answered_by=actor.user
        )
        if not answered:
            raise IllegalTransition
        question.refresh_from_db()
        _record("answered", match, actor, question)
        tell_operator(match, "match.question_answered", key=f":{question.uuid}", answer=question.answer)
    return question


def _record(action: str, match: Match, actor: Actor, question: Question) -> None:
    # The words stay with the question alone: the trail is never changed, and people may ask to have theirs removed.
    detail = {"question": str(question.uuid)}
    record(action, match, actor=actor.user, zone_code=match.need.zone.code, detail=detail)
