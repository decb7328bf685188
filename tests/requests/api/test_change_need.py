"""GET and PATCH /api/v1/needs/{id}/"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from requests.models import Need, NeedRevision
from requests.services.needs import NeedInput, need_post
from tests.conftest import ApiOf
from tests.factories import NeedFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent


def _url(need: Need) -> str:
    return f"/api/v1/needs/{need.uuid}/"


def test_reads(api: ApiOf, enterprise: Actor, need: Need) -> None:
    answer = api(enterprise).get(_url(need))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["number"], body["revision"]) == (str(need.uuid), need.number, 1)
    assert [condition["kind"] for condition in body["conditions"]] == ["process", "parameter"]


def test_changes_what_is_named_and_nothing_else(api: ApiOf, enterprise: Actor, need: Need) -> None:
    before = api(enterprise).get(_url(need)).json()
    answer = api(enterprise).patch(_url(need), {"revision": 1, "region": "110000"}, format="json")

    assert answer.status_code == 200
    after = answer.json()
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == before | {"region": "110000", "revision": 2}


def test_keeps_the_revision_and_has_it_scored(api: ApiOf, enterprise: Actor, need: Need) -> None:
    api(enterprise).patch(_url(need), {"revision": 1, "title": "新题目"}, format="json")

    assert list(NeedRevision.objects.values_list("number", "title")) == [(1, need.title), (2, "新题目")]
    assert [event.payload for event in OutboxEvent.objects.filter(handler__startswith="matching")] == [
        {"need_id": need.pk, "revision": 2}
    ]


def test_a_changed_text_is_read_anew_but_entered_conditions_stay(api: ApiOf, enterprise: Actor) -> None:
    entered = NeedInput(title="发酵", text="需要500L发酵罐，必须有GMP。", budget=100.0)
    need, _ = need_post(actor=enterprise, entered=entered)
    text = "需要冻干机，必须有GMP。"
    answer = api(enterprise).patch(_url(need), {"revision": 1, "title": "冻干", "text": text}, format="json")

    found = {(c["kind"], c.get("value"), c.get("quantity"), c["origin"]) for c in answer.json()["conditions"]}
    assert ("budget", None, "budget", "given") in found
    assert ("qualification", "GMP", None, "read") in found
    assert not any(quantity == "volume" or value == "发酵" for _, value, quantity, _ in found)
    for condition in answer.json()["conditions"]:
        if condition["origin"] == "read":
            start, end = condition["span"]
            assert f"冻干\n{text}"[start:end] == condition["text"]


@pytest.mark.parametrize(("budget", "most"), [(5, [5.0]), ({"max": 2, "unit": "万元"}, [20_000.0]), (None, [])])
def test_a_budget_takes_the_place_of_the_old_one(api: ApiOf, enterprise: Actor, budget: Any, most: list[float]) -> None:
    entered = NeedInput(title="发酵", text="发酵中试", conditions=[], budget=100.0)
    need, _ = need_post(actor=enterprise, entered=entered)
    answer = api(enterprise).patch(_url(need), {"revision": 1, "budget": budget}, format="json")

    assert [condition["max"] for condition in answer.json()["conditions"]] == most


def test_a_stale_revision_is_409_and_changes_nothing(api: ApiOf, enterprise: Actor, need: Need) -> None:
    client = api(enterprise)
    client.patch(_url(need), {"revision": 1, "title": "先到"}, format="json")
    late = client.patch(_url(need), {"revision": 1, "title": "后到"}, format="json")

    assert (late.status_code, late.json()["code"]) == (409, "lost_race")
    need.refresh_from_db()
    assert (need.title, need.revision) == ("先到", 2)
    assert OutboxEvent.objects.filter(handler__startswith="matching").count() == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"title": "x"}, 400, "revision"),
        ({"revision": "one"}, 400, "revision"),
        ({"revision": 0}, 400, "revision"),
        ({"revision": 1, "status": "open"}, 400, "status"),
        ({"revision": 1, "title": ""}, 400, "title"),
        ({"revision": 1, "text": ""}, 400, "text"),
        ({"revision": 1, "text": "长" * 50_000}, 413, "text"),
        ({"revision": 1, "conditions": [{"kind": "wish"}]}, 400, "conditions.0.kind"),
        ({"revision": 1, "visibility": "secret"}, 400, "visibility"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    api: ApiOf, enterprise: Actor, need: Need, body: dict[str, Any], status: int, field: str
) -> None:
    answer = api(enterprise).patch(_url(need), body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    need.refresh_from_db()
    assert need.revision == 1
    assert OutboxEvent.objects.count() == 0


@pytest.mark.parametrize("status", ["contracted", "completed", "withdrawn", "expired"])
def test_a_need_whose_life_is_over_stays_as_it_is(api: ApiOf, enterprise: Actor, status: str) -> None:
    over = NeedFactory.create(organization=enterprise.organization, status=status)
    answer = api(enterprise).patch(_url(over), {"revision": 1, "title": "x"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (422, "illegal_move")
    over.refresh_from_db()
    assert over.revision == 1


def test_the_zones_office_changes_too_and_leaves_its_trace(api: ApiOf, zone_admin: Actor, need: Need) -> None:
    answer = api(zone_admin).patch(_url(need), {"revision": 1, "title": "更正"}, format="json")

    assert (answer.status_code, answer.json()["title"]) == (200, "更正")
    assert NeedRevision.objects.get(number=2).created_by == zone_admin.user
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id, entry.detail) == (
        "edited",
        zone_admin.user,
        need.uuid,
        {"revision": 2},
    )


def test_somebody_elses_is_404(
    api: ApiOf, enterprise2: Actor, operator: Actor, other_zone_admin: Actor, need: Need
) -> None:
    for actor in (enterprise2, operator, other_zone_admin):
        client = api(actor)
        statuses = [
            client.get(_url(need)).status_code,
            client.patch(_url(need), {"revision": 1, "title": "x"}, format="json").status_code,
        ]
        assert statuses == [404, 404]
    need.refresh_from_db()
    assert need.revision == 1


@pytest.mark.parametrize("public_id", [str(UUID(int=1)), "17", "not-an-id", "%00"])
def test_an_unknown_id_is_404_in_the_common_shape(api: ApiOf, enterprise: Actor, public_id: str) -> None:
    answer = api(enterprise).get(f"/api/v1/needs/{public_id}/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_method_is_405(api: ApiOf, enterprise: Actor, need: Need) -> None:
    answer = api(enterprise).delete(_url(need))

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
