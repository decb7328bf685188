"""Not suitable: kept with its reason, told politely where the operator knew, and never proposed again."""

from __future__ import annotations

import pytest

from matching.findings import Found
from matching.models import Dismissal, Match
from matching.services.dismissing import match_dismiss
from matching.services.proposing import propose
from requests.models import Need
from tests.factories import MatchFactory, QuoteFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


def deeds() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "to_status"))


def test_a_lead_is_closed_and_its_operator_told_why(lead: Match, enterprise: Actor, operator: Actor) -> None:
    match_dismiss(actor=enterprise, match=lead, code="price", words=" 超出预算一倍 ")

    lead.refresh_from_db()
    assert lead.status == "not_chosen"
    kept = Dismissal.objects.get()
    assert (kept.match, kept.code, kept.words, kept.said_by) == (lead, "price", "超出预算一倍", enterprise.user)
    assert deeds() == [("status", "not_chosen"), ("dismissed", "")]
    assert AuditEntry.objects.get(action="dismissed").detail == {"code": "price"}
    told = Notification.objects.get()
    assert (told.recipient, told.event, told.params["reason"]) == (operator.user, "match.unsuited", "超出预算一倍")


def test_without_words_the_kind_of_reason_is_told(lead: Match, enterprise: Actor) -> None:
    match_dismiss(actor=enterprise, match=lead, code="place")

    assert Notification.objects.get().params["reason"] == str(Dismissal.objects.get().get_code_display())


def test_an_operator_that_never_saw_it_learns_nothing(proposed: Match, enterprise: Actor, operator: Actor) -> None:
    match_dismiss(actor=enterprise, match=proposed, code="scale")

    proposed.refresh_from_db()
    assert (proposed.status, proposed.reviewed_at) == ("not_chosen", None)
    assert Notification.objects.count() == 0
    assert list(Match.objects.for_operator(operator)) == []


def test_a_withdrawn_proposal_never_was_a_lead(proposed: Match, operator: Actor) -> None:
    Match.objects.filter(pk=proposed.pk).update(status="withdrawn")

    assert list(Match.objects.for_operator(operator)) == []


def test_a_withdrawn_lead_stays_readable(lead: Match, operator: Actor) -> None:
    Match.objects.filter(pk=lead.pk).update(status="withdrawn")

    assert list(Match.objects.for_operator(operator)) == [lead]


def test_it_is_not_proposed_again(proposed: Match, enterprise: Actor) -> None:
    match_dismiss(actor=enterprise, match=proposed, code="scale")
    proposed.refresh_from_db()
    found = Found(capability_id=proposed.capability_id, rank=1, score=99.0, components=[], verdicts=[])

    again = propose(proposed.need, proposed.run, found, proposed)

    assert (again.status, again.score) == ("not_chosen", 99.0)


@pytest.mark.parametrize(
    ("code", "words", "field"),
    [("", "", "code"), ("bogus", "x", "code"), ("other", "  ", "words"), ("price", "长" * 501, "words")],
)
def test_a_reason_is_required(lead: Match, enterprise: Actor, code: str, words: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        match_dismiss(actor=enterprise, match=lead, code=code, words=words)

    lead.refresh_from_db()
    assert (list(refused.value.errors or {}), lead.status) == ([field], "approved")
    assert Dismissal.objects.count() == 0


@pytest.mark.parametrize("person", ["enterprise2", "operator", "zone_admin"])
def test_only_the_needs_owner_says_so(lead: Match, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        match_dismiss(actor=request.getfixturevalue(person), match=lead, code="price")

    assert Dismissal.objects.count() == 0


def test_not_after_the_operators_no(need: Need, enterprise: Actor) -> None:
    declined = MatchFactory.create(need=need, declined=True)

    with pytest.raises(IllegalTransition):
        match_dismiss(actor=enterprise, match=declined, code="price")


def test_not_once_the_need_is_contracted(lead: Match, enterprise: Actor) -> None:
    Need.objects.update(status="contracted")

    with pytest.raises(IllegalTransition):
        match_dismiss(actor=enterprise, match=lead, code="price")


def test_an_offer_that_came_meanwhile_is_not_turned_down_unseen(lead: Match, enterprise: Actor) -> None:
    seen = Match.objects.select_related("need").get(pk=lead.pk)
    Match.objects.filter(pk=lead.pk).update(status="quoted", answered_at=lead.reviewed_at, answered_by=enterprise.user)
    QuoteFactory.create(match=lead)

    with pytest.raises(StaleTransition):
        match_dismiss(actor=enterprise, match=seen, code="price")

    lead.refresh_from_db()
    assert (lead.status, Dismissal.objects.count()) == ("quoted", 0)
