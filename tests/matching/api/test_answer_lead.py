"""POST /api/v1/leads/{id}/accept/, decline/, quote/, ask/"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from matching.models import Match, Question, Quote
from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, Notification

SOON = timezone.localdate() + timedelta(days=30)
QUOTE = {"amount": "480000.00", "valid_until": SOON.isoformat()}
BODIES: dict[str, dict[str, Any]] = {
    "accept": {},
    "decline": {"reason": "档期已满"},
    "quote": QUOTE,
    "ask": {"question": "粘度？"},
}


def _url(match: Match, verb: str) -> str:
    return f"/api/v1/leads/{match.uuid}/{verb}/"


def _notices() -> list[tuple[int, str]]:
    return list(Notification.objects.values_list("recipient_id", "event"))


def test_accepts(api: ApiOf, operator: Actor, enterprise: Actor, lead: Match) -> None:
    answer = api(operator).post(_url(lead, "accept"))

    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    lead.refresh_from_db()
    assert (lead.answered_by, lead.status) == (operator.user, "accepted")
    assert _notices() == [(enterprise.user.pk, "match.accepted")]
    assert list(AuditEntry.objects.values_list("actor_id", "from_status", "to_status")) == [
        (operator.user.pk, "approved", "accepted")
    ]


def test_declines_with_a_reason_that_reaches_the_enterprise(
    api: ApiOf, operator: Actor, enterprise: Actor, lead: Match
) -> None:
    answer = api(operator).post(_url(lead, "decline"), {"reason": "档期已满"}, format="json")

    assert (answer.json()["status"], answer.json()["decline_reason"]) == ("declined", "档期已满")
    assert (_notices(), Notification.objects.get().params["reason"]) == (
        [(enterprise.user.pk, "match.declined")],
        "档期已满",
    )


def test_quotes(api: ApiOf, operator: Actor, enterprise: Actor, lead: Match) -> None:
    entered = {
        "amount": 480000,
        "currency": "CNY",
        "lines": [{"name": "三批发酵", "amount": 450000}, {"name": "检测", "amount": "30000.50"}],
        "valid_until": SOON.isoformat(),
        "start": SOON.isoformat(),
        "days": 30,
        "payment": "预付三成",
        "note": "含原料",
    }
    answer = api(operator).post(_url(lead, "quote"), entered, format="json")

    assert (answer.status_code, answer.json()["status"]) == (200, "quoted")
    quote = Quote.objects.get()
    assert (quote.amount, quote.currency, quote.valid_until, quote.starts_on, quote.days, quote.note) == (
        Decimal("480000.00"),
        "CNY",
        SOON,
        SOON,
        30,
        "含原料",
    )
    assert quote.lines == [{"name": "三批发酵", "amount": "450000.00"}, {"name": "检测", "amount": "30000.50"}]
    assert quote.payment == "预付三成"
    [shown] = answer.json()["quotes"]
    assert shown["payment"] == "预付三成"
    assert (shown["id"], shown["amount"], shown["lines"]) == (str(quote.uuid), "480000.00", quote.lines)
    assert _notices() == [(enterprise.user.pk, "match.quoted")]


def test_asks_and_the_lead_still_waits(api: ApiOf, operator: Actor, enterprise: Actor, lead: Match) -> None:
    answer = api(operator).post(_url(lead, "ask"), {"question": "粘度？"}, format="json")

    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    question = Question.objects.get()
    assert (question.text, question.asked_by, question.answered_at) == ("粘度？", operator.user, None)
    assert [row["id"] for row in answer.json()["questions"]] == [str(question.uuid)]
    assert _notices() == [(enterprise.user.pk, "match.asked")]


def test_a_refusal_may_say_its_kind(operator: Actor, lead: Match, api: ApiOf) -> None:
    answer = api(operator).post(_url(lead, "decline"), {"reason": "太大", "code": "scale"}, format="json")

    lead.refresh_from_db()
    assert (answer.status_code, lead.decline_reason, lead.decline_code) == (200, "太大", "scale")


@pytest.mark.parametrize("second", ["accept", "decline"])
@pytest.mark.parametrize("first", ["accept", "decline", "quote"])
def test_a_second_answer_is_422(api: ApiOf, operator: Actor, lead: Match, first: str, second: str) -> None:
    client = api(operator)
    assert client.post(_url(lead, first), BODIES[first], format="json").status_code == 200
    lead.refresh_from_db()
    status = lead.status
    again = client.post(_url(lead, second), BODIES[second], format="json")

    assert (again.status_code, again.json()["code"]) == (422, "illegal_move")
    lead.refresh_from_db()
    assert lead.status == status
    assert Notification.objects.count() == 1


def test_a_second_quote_is_422(api: ApiOf, operator: Actor, lead: Match) -> None:
    client = api(operator)

    assert [client.post(_url(lead, "quote"), QUOTE, format="json").status_code for _ in range(2)] == [200, 422]
    assert Quote.objects.count() == 1


def test_a_question_after_a_refusal_is_422(api: ApiOf, operator: Actor, lead: Match) -> None:
    client = api(operator)
    client.post(_url(lead, "decline"), BODIES["decline"], format="json")

    assert client.post(_url(lead, "ask"), BODIES["ask"], format="json").status_code == 422
    assert Question.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("accept", {"note": "x"}, "note"),
        ("decline", {}, "reason"),
        ("decline", {"reason": "太大", "code": "nonsense"}, "code"),
        ("decline", {"reason": ""}, "reason"),
        ("decline", {"reason": "  "}, "reason"),
        ("decline", {"reason": "长" * 501}, "reason"),
        ("decline", {"reason": None}, "reason"),
        ("decline", {"reason": ["x"]}, "reason"),
        ("ask", {}, "question"),
        ("ask", {"question": " "}, "question"),
        ("ask", {"question": "长" * 2001}, "question"),
        ("quote", {**QUOTE, "amount": None}, "amount"),
        ("quote", {**QUOTE, "amount": 0}, "amount"),
        ("quote", {**QUOTE, "amount": -5}, "amount"),
        ("quote", {**QUOTE, "amount": "1e20"}, "amount"),
        ("quote", {**QUOTE, "amount": "Infinity"}, "amount"),
        ("quote", {**QUOTE, "amount": "1.234"}, "amount"),
        ("quote", {"amount": 5}, "valid_until"),
        ("quote", {**QUOTE, "valid_until": "soon"}, "valid_until"),
        ("quote", {**QUOTE, "valid_until": "2020-01-01"}, "valid_until"),
        ("quote", {**QUOTE, "start": "2020-01-01"}, "start"),
        ("quote", {**QUOTE, "days": 0}, "days"),
        ("quote", {**QUOTE, "days": 10**12}, "days"),
        ("quote", {**QUOTE, "currency": "yuan"}, "currency"),
        ("quote", {**QUOTE, "lines": [{"name": "x"}]}, "lines.0.amount"),
        ("quote", {**QUOTE, "lines": [{"name": "x", "amount": 1, "tax": 2}]}, "lines.0.tax"),
        ("quote", {**QUOTE, "lines": {"name": "x"}}, "lines.non_field_errors"),
        ("quote", {**QUOTE, "discount": 1}, "discount"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    api: ApiOf, operator: Actor, lead: Match, verb: str, body: dict[str, Any], field: str
) -> None:
    answer = api(operator).post(_url(lead, verb), body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    lead.refresh_from_db()
    assert (lead.status, lead.answered_at) == ("approved", None)
    assert (Quote.objects.count(), Question.objects.count(), Notification.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("verb", list(BODIES))
def test_who_may_not(
    api: ApiOf,
    enterprise: Actor,
    enterprise2: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    lead: Match,
    verb: str,
) -> None:
    actors = (None, enterprise, enterprise2, operator2, zone_admin, other_zone_admin)
    statuses = [api(actor).post(_url(lead, verb), BODIES[verb], format="json").status_code for actor in actors]

    assert statuses == [401, 404, 404, 404, 404, 404]
    lead.refresh_from_db()
    assert lead.status == "approved"


def test_an_answer_that_lost_a_race_is_409(api: ApiOf, operator: Actor, lead: Match, monkeypatch: Any) -> None:
    """Between the look and the lock the clock lets the lead expire."""
    from matching.services import leads  # noqa: PLC0415 - leaf

    lock = leads.lock_match

    def lock_late(match: Match) -> Match:
        Match.objects.filter(pk=match.pk).update(status="expired")
        return lock(match)

    monkeypatch.setattr(leads, "lock_match", lock_late)
    answer = api(operator).post(_url(lead, "accept"))

    assert (answer.status_code, answer.json()["code"]) == (409, "lost_race")
    assert Notification.objects.count() == 0
