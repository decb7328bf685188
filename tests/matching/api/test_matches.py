"""GET /api/v1/needs/{id}/matches/"""

from __future__ import annotations

from typing import Any

import pytest

from matching.api.serializers import MatchBody, MatchesBody
from matching.models import Match
from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import MatchFactory, QuestionFactory, QuoteFactory, ScoringRunFactory
from zhongshi.accounts.actors import Actor


def _url(need: Need) -> str:
    return f"/api/v1/needs/{need.uuid}/matches/"


def test_answers_the_whole_result(api: ApiOf, enterprise: Actor, need: Need, proposed: Match) -> None:
    body = api(enterprise).get(_url(need)).json()

    capability, platform = proposed.capability, proposed.capability.platform
    assert body.pop("scored_at")
    assert body == {
        "state": "ready",
        "rules_version": "r1",
        "candidates": 1,
        "funnel": [{"step": "all", "count": 3}, {"step": "process", "count": 1}],
        "excluded": [{"reason": "fails", "kind": "process", "count": 2}],
        "relaxations": [],
        "routes": [],
        "results": [
            {
                "id": str(proposed.uuid),
                "capability": {
                    "id": str(capability.uuid),
                    "external_id": capability.external_id,
                    "name": capability.name,
                    "platform": {
                        "id": str(platform.uuid),
                        "name": platform.name,
                        "city": "成都",
                        "region": "510100",
                        "country": "CN",
                    },
                },
                "rank": 1,
                "score": 80.0,
                "components": [{"name": "process", "weight": 1.0, "value": 0.8, "points": 80.0}],
                "verdicts": [
                    {
                        "condition": 0,
                        "kind": "process",
                        "hard": True,
                        "verdict": "pass",
                        "evidence": {"text": "发酵", "source": "declared", "date": "2025-12-25"},
                    }
                ],
                "status": "proposed",
                "review_note": "",
                "decline_reason": "",
                "quotes": [],
                "questions": [],
                "contacts": None,
            }
        ],
    }


def test_is_what_the_document_says(api: ApiOf, enterprise: Actor, need: Need, lead: Match) -> None:
    QuoteFactory.create(match=lead)
    QuestionFactory.create(match=lead)
    body = api(enterprise).get(_url(need)).json()

    assert set(body) == set(MatchesBody().fields)
    [result] = body["results"]
    assert set(result) == set(MatchBody().fields)
    for name in ("quotes", "questions", "components", "verdicts"):
        assert set(result[name][0]) == set(MatchBody().fields[name].child.fields)


def test_says_scoring_while_the_newest_revision_waits(api: ApiOf, enterprise: Actor, need: Need) -> None:
    ScoringRunFactory.create(need=need)
    Need.objects.filter(pk=need.pk).update(revision=2)
    body = api(enterprise).get(_url(need)).json()

    assert (body["state"], body["results"], body["scored_at"]) == ("scoring", [], None)
    assert set(body) == set(MatchesBody().fields)


def test_contacts_stay_closed_before_the_choice(api: ApiOf, enterprise: Actor, need: Need, capability: Any) -> None:
    MatchFactory.create(need=need, capability=capability, quoted=True)
    operator = capability.platform.organization
    text = api(enterprise).get(_url(need)).content.decode()

    assert operator.contact_phone not in text
    assert operator.contact_email not in text


def test_the_zones_office_reads_it(api: ApiOf, zone_admin: Actor, need: Need, proposed: Match) -> None:
    assert [row["id"] for row in api(zone_admin).get(_url(need)).json()["results"]] == [str(proposed.uuid)]


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, enterprise: Actor, need: Need, django_assert_num_queries: Any, number: int
) -> None:
    for match in MatchFactory.create_batch(number, need=need, quoted=True):
        QuoteFactory.create(match=match)
        QuestionFactory.create(match=match)
    client = api(enterprise)

    # Token, membership, need, run, matches, quotes, questions.
    with django_assert_num_queries(7):
        assert len(client.get(_url(need)).json()["results"]) == number


def test_somebody_elses_is_404(
    api: ApiOf, enterprise2: Actor, operator: Actor, other_zone_admin: Actor, need: Need, lead: Match
) -> None:
    assert [api(actor).get(_url(need)).status_code for actor in (enterprise2, operator, other_zone_admin)] == [404] * 3
    assert api(None).get(_url(need)).status_code == 401
