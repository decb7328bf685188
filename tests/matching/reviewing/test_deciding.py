"""Deciding on the board: one by one on its page, and many at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from matching.models import Match
from matching.services.deciding import decide_many
from platforms.models import Capability, ListingVersion
from tests.factories import CertificateFactory, FactFactory
from tests.matching.reviewing.conftest import Waiting
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.errors import NotAllowed
from zhongshi.core.models import AuditEntry, Notification

BOARD = "/park/review/"
DECIDED = {
    "organization": ("approved", "returned"),
    "platform": ("published", "returned"),
    "capability": ("published", "returned"),
    "certificate": ("checked", "returned"),
    "need": ("open", "returned"),
    "match": ("approved", "rejected"),
}


def _address(kind: str, row: Any) -> str:
    return f"{BOARD}{kind}/{row.uuid}/"


@pytest.mark.parametrize("kind", DECIDED)
def test_each_kind_is_shown_and_approved(kind: str, zone: Zone, office: Client, one_of_each: Waiting) -> None:
    row = one_of_each(zone)[kind]
    page = office.get(_address(kind, row))
    answer = office.post(
        _address(kind, row), {"decision": "approve", "seen": row.status, "next": "/park/review/?kind=x"}
    )

    row.refresh_from_db()
    assert page.status_code == 200
    assert (answer.status_code, answer["Location"], row.status) == (302, "/park/review/?kind=x", DECIDED[kind][0])


@pytest.mark.parametrize("kind", DECIDED)
def test_each_kind_goes_back_with_its_reason(kind: str, zone: Zone, office: Client, one_of_each: Waiting) -> None:
    row = one_of_each(zone)[kind]

    office.post(_address(kind, row), {"decision": "return", "seen": row.status, "reason": "other", "note": "缺少图纸"})

    row.refresh_from_db()
    assert row.status == DECIDED[kind][1]
    entry = AuditEntry.objects.filter(object_id=row.uuid).latest("id")
    assert (entry.to_status, entry.note, entry.zone_code) == (DECIDED[kind][1], "缺少图纸", zone.code)


@pytest.mark.parametrize("kind", DECIDED)
def test_without_a_reason_nothing_goes_back(kind: str, zone: Zone, office: Client, one_of_each: Waiting) -> None:
    row = one_of_each(zone)[kind]

    refused = office.post(_address(kind, row), {"decision": "return", "seen": row.status})

    before = row.status
    row.refresh_from_db()
    assert (refused.status_code, row.status) == (400, before)


@pytest.mark.parametrize("kind", DECIDED)
def test_another_zones_office_finds_nothing(kind: str, other_zone: Zone, office: Client, one_of_each: Waiting) -> None:
    row = one_of_each(other_zone)[kind]

    assert office.get(_address(kind, row)).status_code == 404
    assert office.post(_address(kind, row), {"decision": "approve"}).status_code == 404
    before = row.status
    row.refresh_from_db()
    assert row.status == before


def test_a_common_reason_stands_before_the_words(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    match = one_of_each(zone)["match"]

    office.post(_address("match", match), {"decision": "reject", "reason": "stopped", "note": "至明年三月"})

    match.refresh_from_db()
    assert match.review_note == "the platform is not in operation：至明年三月"


def test_what_was_typed_is_kept_where_somebody_was_faster(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    need = one_of_each(zone)["need"]
    type(need).objects.filter(pk=need.pk).update(status="open")

    refused = office.post(_address("need", need), {"decision": "return", "seen": "submitted", "note": "请写明规模"})

    assert refused.status_code == 409
    assert "请写明规模" in refused.content.decode() or "Somebody else has changed this" in refused.content.decode()


def test_unknown_kinds_and_drafts_are_not_there(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    need = one_of_each(zone)["need"]
    type(need).objects.filter(pk=need.pk).update(status="draft")

    assert office.get(_address("need", need)).status_code == 404
    assert office.get(_address("word", need)).status_code == 404


def test_shows_what_changed_since_it_was_published(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    capability = one_of_each(zone)["capability"]
    FactFactory.create(capability=capability)
    office.post(_address("capability", capability), {"decision": "approve"})
    assert ListingVersion.objects.get(listing=capability.uuid).record["process"] == ["发酵"]

    Capability.objects.filter(pk=capability.pk).update(status="submitted", name="发酵线（扩建）")
    FactFactory.create(capability=capability, value="冻干", text="冻干")
    FactFactory.create(capability=capability, value="喷干", text="喷雾干燥", source="read")
    page = office.get(_address("capability", capability)).content.decode()

    assert "<ins>冻干</ins>" in page
    assert "<ins>发酵线（扩建）</ins>" in page
    assert "<del>" in page
    assert "<ins>发酵</ins>" not in page
    assert "喷雾干燥" not in page


def test_many_at_once_are_decided_each_by_itself(
    zone: Zone, zone_admin: Actor, office: Client, one_of_each: Waiting
) -> None:
    rows = one_of_each(zone)
    own = CertificateFactory.create(platform=rows["platform"], status="checked", checked_by=zone_admin.user)
    keys = [f"{kind}:{row.uuid}:{row.status}" for kind, row in rows.items()] + [f"certificate:{own.uuid}:checked"]

    page = office.post(f"{BOARD}?view=list", {"item": keys, "decision": "approve"}).content.decode()

    for kind, row in rows.items():
        row.refresh_from_db()
        assert row.status == DECIDED[kind][0]
    own.refresh_from_db()
    assert own.status == "checked"
    assert "Not everything could be decided" in page
    assert "a second person has to publish it" in page


def test_many_go_back_with_one_reason(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    rows = one_of_each(zone)
    keys = [f"{kind}:{row.uuid}:{row.status}" for kind, row in rows.items()]

    answer = office.post(f"{BOARD}?view=list", {"item": keys, "decision": "return", "reason": "incomplete"})

    assert answer.status_code == 302
    for kind, row in rows.items():
        row.refresh_from_db()
        assert row.status == DECIDED[kind][1]
    assert Match.objects.get(pk=rows["match"].pk).review_note == "important details are missing"
    told = Notification.objects.values_list("params__note", flat=True)
    assert set(told) <= {"important details are missing", None}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"decision": "approve"}, "Tick at least one line first."),
        ({"decision": "return", "item": "need:x:submitted"}, "Please give the reason why they go back."),
    ],
)
def test_an_empty_hand_decides_nothing(sent: dict[str, str], said: str, office: Client) -> None:
    refused = office.post(f"{BOARD}?view=list", sent)

    assert (refused.status_code, said in refused.content.decode()) == (400, True)


def test_what_is_not_ones_own_is_no_longer_there(
    other_zone: Zone, zone_admin: Actor, operator: Actor, one_of_each: Waiting
) -> None:
    need = one_of_each(other_zone)["need"]
    keys = [f"need:{need.uuid}:submitted", "need:nonsense:submitted", "word:x:y"]

    outcomes = decide_many(actor=zone_admin, keys=keys, approve=True)

    assert [bool(outcome.refusal) for outcome in outcomes] == [True, True, True]
    need.refresh_from_db()
    assert need.status == "submitted"
    with pytest.raises(NotAllowed):
        decide_many(actor=operator, keys=keys, approve=True)
