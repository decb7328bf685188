"""GET /api/v1/needs/"""

from __future__ import annotations

from typing import Any

import pytest

from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import ConditionFactory, NeedFactory
from zhongshi.accounts.actors import Actor

URL = "/api/v1/needs/"


def test_lists_ones_own_newest_first(api: ApiOf, enterprise: Actor, enterprise2: Actor, need: Need) -> None:
    newer = NeedFactory.create(organization=enterprise.organization)
    NeedFactory.create(organization=enterprise2.organization)

    body = api(enterprise).get(URL).json()

    assert list(body) == ["count", "results"]
    assert (body["count"], [row["id"] for row in body["results"]]) == (2, [str(newer.uuid), str(need.uuid)])


def test_a_zone_office_reads_what_was_submitted_in_its_zone(
    api: ApiOf, zone_admin: Actor, other_zone_admin: Actor, need: Need
) -> None:
    NeedFactory.create(organization=need.organization, status="draft")

    assert [row["number"] for row in api(zone_admin).get(URL).json()["results"]] == [need.number]
    assert api(other_zone_admin).get(URL).json() == {"count": 0, "results": []}


def test_operators_see_none_here(api: ApiOf, operator: Actor, need: Need) -> None:
    assert api(operator).get(URL).json() == {"count": 0, "results": []}


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, enterprise: Actor, django_assert_num_queries: Any, number: int
) -> None:
    for row in NeedFactory.create_batch(number, organization=enterprise.organization):
        ConditionFactory.create_batch(2, need=row)
    client = api(enterprise)

    # Token, membership, count, needs, conditions.
    with django_assert_num_queries(5):
        assert len(client.get(URL).json()["results"]) == number


def test_pages(api: ApiOf, enterprise: Actor) -> None:
    NeedFactory.create_batch(3, organization=enterprise.organization)
    client = api(enterprise)

    assert len(client.get(URL, {"page_size": 2}).json()["results"]) == 2
    assert len(client.get(URL, {"page_size": 2, "page": 2}).json()["results"]) == 1
    beyond = client.get(URL, {"page": 9})
    assert (beyond.status_code, beyond.json()["code"]) == (404, "not_found")


def test_a_page_has_at_most_a_hundred(api: ApiOf, enterprise: Actor) -> None:
    NeedFactory.create_batch(101, organization=enterprise.organization)

    body = api(enterprise).get(URL, {"page_size": 5000}).json()

    assert (body["count"], len(body["results"])) == (101, 100)


def test_filters_by_status(api: ApiOf, enterprise: Actor, need: Need) -> None:
    NeedFactory.create(organization=enterprise.organization, status="withdrawn")
    client = api(enterprise)

    assert [row["number"] for row in client.get(URL, {"status": "open"}).json()["results"]] == [need.number]
    wrong = client.get(URL, {"status": "lost"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["status"])


def test_anonymous_is_401(api: ApiOf, need: Need) -> None:
    answer = api(None).get(URL)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
