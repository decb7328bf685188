"""POST /api/v1/matches/{id}/review/"""

from __future__ import annotations

from typing import Any

import pytest

from matching.models import Match
from tests.conftest import ApiOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, Notification


def _url(match: Match) -> str:
    return f"/api/v1/matches/{match.uuid}/review/"


def test_approves(api: ApiOf, zone_admin: Actor, operator: Actor, proposed: Match) -> None:
    answer = api(zone_admin).post(_url(proposed), {"approve": True}, format="json")

    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.reviewed_by) == ("approved", zone_admin.user)
    assert proposed.answer_due_at is not None
    assert list(Notification.objects.values_list("recipient_id", "event")) == [(operator.user.pk, "match.approved")]
    assert list(AuditEntry.objects.values_list("actor_id", "from_status", "to_status")) == [
        (zone_admin.user.pk, "proposed", "approved")
    ]


def test_rejects_with_a_note_that_reaches_the_enterprise(
    api: ApiOf, zone_admin: Actor, enterprise: Actor, proposed: Match
) -> None:
    answer = api(zone_admin).post(_url(proposed), {"approve": False, "note": "重复"}, format="json")

    assert (answer.json()["status"], answer.json()["review_note"]) == ("rejected", "重复")
    notice = Notification.objects.get()
    assert (notice.recipient, notice.event, notice.params["note"]) == (enterprise.user, "match.rejected", "重复")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "approve"),
        ({"approve": "perhaps"}, "approve"),
        ({"approve": None}, "approve"),
        ({"approve": False}, "note"),
        ({"approve": False, "note": " "}, "note"),
        ({"approve": True, "notes": "x"}, "notes"),
    ],
)
def test_bad_input_names_the_field(
    api: ApiOf, zone_admin: Actor, proposed: Match, body: dict[str, Any], field: str
) -> None:
    answer = api(zone_admin).post(_url(proposed), body, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_a_second_review_is_422(api: ApiOf, zone_admin: Actor, lead: Match) -> None:
    answer = api(zone_admin).post(_url(lead), {"approve": False, "note": "x"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (422, "illegal_move")
    assert Notification.objects.count() == 0


def test_who_may_not(
    api: ApiOf,
    enterprise: Actor,
    enterprise2: Actor,
    operator: Actor,
    operator2: Actor,
    other_zone_admin: Actor,
    proposed: Match,
) -> None:
    """The owner sees the match and may not; the operator does not even see it before the review."""
    actors = (None, enterprise, enterprise2, operator, operator2, other_zone_admin)
    statuses = [api(actor).post(_url(proposed), {"approve": True}, format="json").status_code for actor in actors]

    assert statuses == [401, 403, 404, 404, 404, 404]
    proposed.refresh_from_db()
    assert proposed.status == "proposed"
