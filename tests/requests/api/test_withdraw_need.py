"""POST /api/v1/needs/{id}/withdraw/"""

from __future__ import annotations

import pytest

from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import NeedFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent


def _url(need: Need) -> str:
    return f"/api/v1/needs/{need.uuid}/withdraw/"


def test_withdraws_with_trail_and_event(api: ApiOf, enterprise: Actor, need: Need) -> None:
    answer = api(enterprise).post(_url(need), {"note": "已找到"}, format="json")

    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    entry = AuditEntry.objects.get()
    assert (entry.object_id, entry.actor, entry.from_status, entry.to_status, entry.note) == (
        need.uuid,
        enterprise.user,
        "open",
        "withdrawn",
        "已找到",
    )
    assert [(event.topic, event.payload) for event in OutboxEvent.objects.all()] == [
        ("need.closed", {"need_id": need.pk})
    ]


def test_needs_no_body(api: ApiOf, zone_admin: Actor, need: Need) -> None:
    assert api(zone_admin).post(_url(need)).json()["status"] == "withdrawn"


def test_a_second_time_is_422(api: ApiOf, enterprise: Actor, need: Need) -> None:
    client = api(enterprise)
    client.post(_url(need))
    again = client.post(_url(need))

    assert (again.status_code, again.json()["code"]) == (422, "illegal_move")
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize("status", ["contracted", "completed", "expired"])
def test_after_a_contract_it_is_too_late(api: ApiOf, enterprise: Actor, status: str) -> None:
    need = NeedFactory.create(organization=enterprise.organization, status=status)

    assert api(enterprise).post(_url(need)).status_code == 422
    need.refresh_from_db()
    assert need.status == status


def test_bad_input(api: ApiOf, enterprise: Actor, need: Need) -> None:
    answer = api(enterprise).post(_url(need), {"note": "长" * 501}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["note"])
    need.refresh_from_db()
    assert need.status == "open"


def test_somebody_elses_is_404(
    api: ApiOf, enterprise2: Actor, operator: Actor, other_zone_admin: Actor, need: Need
) -> None:
    assert [api(actor).post(_url(need)).status_code for actor in (enterprise2, operator, other_zone_admin)] == [404] * 3
    assert api(None).post(_url(need)).status_code == 401
    need.refresh_from_db()
    assert need.status == "open"
