"""GET /api/v1/leads/ and GET /api/v1/leads/{id}/"""

from __future__ import annotations

from typing import Any

import pytest

from matching.api.serializers import LeadBody
from matching.models import Match
from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, MatchFactory, NeedFactory, QuestionFactory, QuoteFactory
from zhongshi.accounts.actors import Actor

URL = "/api/v1/leads/"


def test_lists_ones_own(api: ApiOf, operator: Actor, lead: Match) -> None:
    MatchFactory.create(approved=True)
    body = api(operator).get(URL).json()

    assert (body["count"], [row["id"] for row in body["results"]]) == (1, [str(lead.uuid)])
    [row] = body["results"]
    assert set(row) == set(LeadBody().fields)
    assert row["need"] == {
        "number": lead.need.number,
        "title": lead.need.title,
        "text": lead.need.text,
        "is_full_text": True,
        "region": "510100",
    }
    assert (row["status"], row["contacts"]) == ("approved", None)


def test_reads_one(api: ApiOf, operator: Actor, lead: Match) -> None:
    client = api(operator)

    assert client.get(f"{URL}{lead.uuid}/").json() == client.get(URL).json()["results"][0]


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_nothing_before_the_review(api: ApiOf, operator: Actor, need: Need, capability: object, status: str) -> None:
    match = MatchFactory.create(need=need, capability=capability, reviewed=True, status=status)

    assert api(operator).get(URL).json() == {"count": 0, "results": []}
    assert api(operator).get(f"{URL}{match.uuid}/").status_code == 404


def test_no_word_of_the_text_and_no_contact_before_the_choice(
    api: ApiOf, operator: Actor, enterprise: Actor, lead: Match
) -> None:
    Need.objects.filter(pk=lead.need_id).update(visibility="nda")
    text = api(operator).get(f"{URL}{lead.uuid}/").content.decode()

    assert lead.need.title not in text
    assert lead.need.text not in text
    assert enterprise.organization.name not in text
    assert enterprise.organization.contact_phone not in text


def test_quotes_of_others_are_not_shown(api: ApiOf, operator: Actor, lead: Match) -> None:
    QuoteFactory.create(match=MatchFactory.create(need=lead.need, quoted=True), amount="777777.00")

    assert "777777" not in api(operator).get(URL).content.decode()


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("waiting", {"approved"}),
        ("answered", {"accepted", "declined", "quoted"}),
        ("approved", {"approved"}),
        ("declined", {"declined"}),
        ("won", set()),
        ("", {"approved", "accepted", "declined", "quoted"}),
    ],
)
def test_filters_by_state(api: ApiOf, operator: Actor, capability: Any, state: str, found: set[str]) -> None:
    for trait in ("approved", "accepted", "declined", "quoted"):
        MatchFactory.create(capability=capability, **{trait: True})
    results = api(operator).get(URL, {"state": state}).json()["results"]

    assert {row["status"] for row in results} == found


def test_an_unknown_state_is_400(api: ApiOf, operator: Actor) -> None:
    answer = api(operator).get(URL, {"state": "lost"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["state"])


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, operator: Actor, capability: Any, django_assert_num_queries: Any, number: int
) -> None:
    platform = capability.platform
    for _ in range(number):
        match = MatchFactory.create(
            need=NeedFactory.create(), capability=CapabilityFactory.create(platform=platform), quoted=True
        )
        QuoteFactory.create(match=match)
        QuestionFactory.create(match=match)
    client = api(operator)

    # Token, membership, count, leads, quotes, questions.
    with django_assert_num_queries(6):
        assert len(client.get(URL).json()["results"]) == number


def test_others_see_none(
    api: ApiOf, enterprise: Actor, operator2: Actor, zone_admin: Actor, other_zone_admin: Actor, lead: Match
) -> None:
    for actor in (enterprise, operator2, zone_admin, other_zone_admin):
        assert api(actor).get(URL).json() == {"count": 0, "results": []}
        assert api(actor).get(f"{URL}{lead.uuid}/").status_code == 404
    assert api(None).get(URL).status_code == 401
