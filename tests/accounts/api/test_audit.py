"""GET /api/v1/audit/"""

from __future__ import annotations

from typing import Any

import pytest

from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import NeedFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record

URL = "/api/v1/audit/"


def test_reads_the_zones_own_rows_newest_first(
    api: ApiOf, zone_admin: Actor, other_zone_admin: Actor, need: Need
) -> None:
    record("noted", need, actor=None, zone_code="wh")
    record("status", need, actor=None, from_status="submitted", to_status="open", zone_code="cd")
    record("edited", need, actor=zone_admin.user, note="更正", zone_code="cd", detail={"revision": 2})
    body = api(zone_admin).get(URL).json()

    assert all(row.pop("at") for row in body["results"])
    common = {"object_kind": "need", "object_id": str(need.uuid)}
    assert body == {
        "count": 2,
        "results": [
            {
                "actor": "zone_admin",
                "action": "edited",
                **common,
                "from_status": "",
                "to_status": "",
                "note": "更正",
                "detail": {"revision": 2},
            },
            {
                "actor": None,
                "action": "status",
                **common,
                "from_status": "submitted",
                "to_status": "open",
                "note": "",
                "detail": {},
            },
        ],
    }
    assert [row["action"] for row in api(other_zone_admin).get(URL).json()["results"]] == ["noted"]


def test_filters(api: ApiOf, zone_admin: Actor, need: Need) -> None:
    other = NeedFactory.create(organization=need.organization)
    record("edited", need, actor=None, zone_code="cd")
    record("edited", other, actor=None, zone_code="cd")
    record("noted", other, actor=None, zone_code="cd")
    client = api(zone_admin)

    assert client.get(URL, {"object": str(need.uuid)}).json()["count"] == 1
    assert client.get(URL, {"object": str(other.uuid), "action": "noted"}).json()["count"] == 1
    wrong = client.get(URL, {"object": "17"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["object"])


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, zone_admin: Actor, need: Need, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        record("noted", need, actor=zone_admin.user, zone_code="cd")
    client = api(zone_admin)

    # Token, membership, count, rows with their people.
    with django_assert_num_queries(4):
        assert len(client.get(URL).json()["results"]) == number


def test_is_for_the_office_alone(api: ApiOf, enterprise: Actor, operator: Actor) -> None:
    assert [api(actor).get(URL).status_code for actor in (None, enterprise, operator)] == [401, 403, 403]
