"""What a lead leaves open, answered by its operator into the listing, where every other need reads it too."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from matching.asking import OpenQuestion, Way, conditions_of_match, open_questions
from matching.enums import IN_TALKS, MatchStatus
from matching.models import Match
from matching.rules import operates
from platforms.models import Fact
from platforms.services.answering import Answer, facts_answer
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed

from .locking import lock_match


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered: a value or "no" for a choice, bounds and unit for a range."""

    chosen: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""


def lead_confirm(*, actor: Actor, match: Match, index: int, reply: Reply) -> list[Fact]:
    """Store the answer to the condition `index` of a lead in talks as facts of the capability's listing.

    The match is judged anew with every other open need, soon after. Raises InvalidInput where the condition is not
    open to this kind of answer, IllegalTransition for a lead that is over.
    """
    if not operates(actor, match):
        raise NotAllowed
    with transaction.atomic(durable=True):
        lead = lock_match(match)
        if MatchStatus(lead.status) not in IN_TALKS:
            raise IllegalTransition
        question = _asked(lead, index)
        return facts_answer(actor=actor, capability=lead.capability, answers=_answers(question, reply))


def _asked(lead: Match, index: int) -> OpenQuestion:
    asked = open_questions(lead, conditions_of_match(lead), [])
    found = next((question for question in asked if question.index == index), None)
    if found is None or found.way not in {Way.CHOICE, Way.RANGE}:
        raise InvalidInput(_("This is not open any more."))
    return found


def _answers(question: OpenQuestion, reply: Reply) -> list[Answer]:
    if question.way == Way.RANGE:
        quantity = str(question.condition["quantity"])
        return [Answer(kind="parameter", quantity=quantity, low=reply.low, high=reply.high, unit=reply.unit)]
    try:
        return question.answered(reply.chosen)
    except KeyError:
        raise InvalidInput(errors={"chosen": [_("Please choose an answer.")]}) from None
