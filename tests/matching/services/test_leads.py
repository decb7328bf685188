"""An operator answers: accept, decline with a reason, ask, quote."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from matching.models import Match, Question, Quote
from matching.services.leads import (
    QuoteInput,
    lead_accept,
    lead_ask,
    lead_decline,
    lead_quote,
    question_answer,
)
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


def _offer(**columns: object) -> QuoteInput:
    given = {"amount": Decimal("120000"), "valid_until": timezone.localdate() + timedelta(days=30), **columns}
    return QuoteInput(**given)  # type: ignore[arg-type]


def _notice() -> tuple[str, str]:
    notice = Notification.objects.get()
    return notice.recipient.username, notice.event


def test_accepting_tells_the_enterprise(lead: Match, operator: Actor) -> None:
    lead_accept(actor=operator, match=lead)

    lead.refresh_from_db()
    assert (lead.status, lead.answered_by) == ("accepted", operator.user)
    assert lead.answered_at is not None
    assert _notice() == ("enterprise", "match.accepted")


def test_declining_carries_its_reason_to_the_enterprise(lead: Match, operator: Actor) -> None:
    lead_decline(actor=operator, match=lead, reason="六月前排满")

    lead.refresh_from_db()
    assert (lead.status, lead.decline_reason) == ("declined", "六月前排满")
    assert Notification.objects.get().params["reason"] == "六月前排满"
    assert AuditEntry.objects.get().note == "六月前排满"


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501])
def test_declining_needs_a_reason_that_fits(lead: Match, operator: Actor, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        lead_decline(actor=operator, match=lead, reason=reason)

    assert set(refused.value.errors or {}) == {"reason"}
    lead.refresh_from_db()
    assert (lead.status, Notification.objects.count()) == ("approved", 0)


def test_quoting_accepts_as_well(lead: Match, operator: Actor) -> None:
    quote = lead_quote(actor=operator, match=lead, offer=_offer(days=20, lines=[{"name": "试验", "amount": "90000"}]))

    lead.refresh_from_db()
    quote.refresh_from_db()
    assert lead.status == "quoted"
    assert (quote.amount, quote.currency, quote.days) == (Decimal("120000.00"), "CNY", 20)
    assert quote.lines == [{"name": "试验", "amount": "90000"}]
    assert _notice() == ("enterprise", "match.quoted")
    assert Notification.objects.get().params["amount"] == "120,000.00"


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1e15")}, "amount"),
        ({"valid_until": timezone.localdate() - timedelta(days=2)}, "valid_until"),
        ({"start": timezone.localdate() - timedelta(days=2)}, "start"),
    ],
)
def test_an_impossible_offer_names_its_field(
    lead: Match, operator: Actor, columns: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        lead_quote(actor=operator, match=lead, offer=_offer(**columns))

    assert set(refused.value.errors or {}) == {field}
    assert Quote.objects.count() == 0


def test_a_second_answer_is_illegal(lead: Match, operator: Actor) -> None:
    answered = lead_decline(actor=operator, match=lead, reason="规模不符")

    for again in (
        lambda: lead_accept(actor=operator, match=answered),
        lambda: lead_decline(actor=operator, match=answered, reason="又一次"),
        lambda: lead_quote(actor=operator, match=answered, offer=_offer()),
        lambda: lead_ask(actor=operator, match=answered, text="还在吗"),
    ):
        with pytest.raises(IllegalTransition):
            again()
    assert Notification.objects.count() == 1


def test_the_slower_of_two_colleagues_is_told(lead: Match, operator: Actor) -> None:
    stale = Match.objects.select_related("need", "capability__platform").get(pk=lead.pk)
    lead_accept(actor=operator, match=lead)

    with pytest.raises(StaleTransition):
        lead_decline(actor=operator, match=stale, reason="太晚")

    lead.refresh_from_db()
    assert (lead.status, lead.decline_reason) == ("accepted", "")


@pytest.mark.parametrize("person", ["operator2", "enterprise", "zone_admin"])
def test_only_the_capabilitys_operator_answers(lead: Match, person: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(person)
    attempts = (
        lambda: lead_accept(actor=actor, match=lead),
        lambda: lead_decline(actor=actor, match=lead, reason="x"),
        lambda: lead_quote(actor=actor, match=lead, offer=_offer()),
        lambda: lead_ask(actor=actor, match=lead, text="?"),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    lead.refresh_from_db()
    assert (lead.status, Question.objects.count(), Quote.objects.count()) == ("approved", 0, 0)


def test_a_question_goes_and_its_answer_comes_back(lead: Match, operator: Actor, enterprise: Actor) -> None:
    question = lead_ask(actor=operator, match=lead, text=" 料液粘度是多少？ ")
    assert (question.text, _notice()) == ("料液粘度是多少？", ("enterprise", "match.asked"))
    lead.refresh_from_db()
    assert lead.status == "approved"

    question_answer(actor=enterprise, question=question, text="约 5 mPa·s")

    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("约 5 mPa·s", enterprise.user)
    newest = Notification.objects.latest("id")
    assert (newest.recipient, newest.event) == (operator.user, "match.question_answered")


def test_a_question_is_answered_once_and_by_its_owner(lead: Match, operator: Actor, enterprise: Actor) -> None:
    question = lead_ask(actor=operator, match=lead, text="料液粘度？")
    with pytest.raises(NotAllowed):
        question_answer(actor=operator, question=question, text="自问自答")
    question_answer(actor=enterprise, question=question, text="约 5 mPa·s")

    with pytest.raises(IllegalTransition):
        question_answer(actor=enterprise, question=question, text="再答一次")


@pytest.mark.parametrize("text", ["", " \n"])
def test_empty_words_are_refused(lead: Match, operator: Actor, text: str) -> None:
    with pytest.raises(DomainError) as refused:
        lead_ask(actor=operator, match=lead, text=text)

    assert set(refused.value.errors or {}) == {"question"}
