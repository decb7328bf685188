"""POST /api/v1/questions/{id}/answer/"""

from __future__ import annotations

from typing import Any

import pytest

from matching.models import Match, Question
from tests.conftest import ApiOf
from tests.factories import QuestionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification


@pytest.fixture
def question(lead: Match, operator: Actor) -> Question:
    return QuestionFactory.create(match=lead, asked_by=operator.user)


def _url(question: Question) -> str:
    return f"/api/v1/questions/{question.uuid}/answer/"


def test_answers_and_tells_the_operator(api: ApiOf, enterprise: Actor, operator: Actor, question: Question) -> None:
    answer = api(enterprise).post(_url(question), {"answer": "约200 mPa·s"}, format="json")

    assert answer.status_code == 200
    question.refresh_from_db()
    body = answer.json()
    assert (body["id"], body["text"], body["answer"]) == (str(question.uuid), question.text, "约200 mPa·s")
    assert question.answered_by == enterprise.user
    assert list(Notification.objects.values_list("recipient_id", "event")) == [
        (operator.user.pk, "match.question_answered")
    ]


def test_a_second_answer_is_422(api: ApiOf, enterprise: Actor, question: Question) -> None:
    client = api(enterprise)
    statuses = [client.post(_url(question), {"answer": text}, format="json").status_code for text in ("一", "二")]

    assert statuses == [200, 422]
    question.refresh_from_db()
    assert question.answer == "一"


@pytest.mark.parametrize("body", [{}, {"answer": ""}, {"answer": " "}, {"answer": "长" * 5001}, {"answer": None}])
def test_bad_input_names_the_field(api: ApiOf, enterprise: Actor, question: Question, body: dict[str, Any]) -> None:
    answer = api(enterprise).post(_url(question), body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["answer"])
    question.refresh_from_db()
    assert question.answered_at is None


def test_who_may_not(
    api: ApiOf,
    enterprise2: Actor,
    operator: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    question: Question,
) -> None:
    actors = (None, enterprise2, operator, operator2, zone_admin, other_zone_admin)
    statuses = [api(actor).post(_url(question), {"answer": "x"}, format="json").status_code for actor in actors]

    assert statuses == [401, 404, 403, 404, 403, 404]
    question.refresh_from_db()
    assert question.answered_at is None
