"""Listings come in from exchange records and go out as they came."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from platforms.models import Capability, CatalogueClock, Fact, Platform
from platforms.selectors import catalogue_version, changed_since, platform_record
from platforms.services.listings import capability_advance, platform_advance, platform_load
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
DEMO = Path(__file__).resolve().parents[3] / "platforms" / "demo" / "platforms.jsonl"
RECORD: dict[str, Any] = {
    "id": "x-1",
    "name": "某中试平台",
    "operator": "某研究院",
    "operator_kind": "institute",
    "country": "CN",
    "region": "510100",
    "city": "成都",
    "chains": ["生物制造"],
    "level": "省级",
    "status": "运营",
    "source": {"url": "https://example.com/a", "date": "2025-12-25", "grade": "A"},
    "capabilities": [
        {
            "id": "x-1-1",
            "name": "发酵中试",
            "summary": "500升发酵罐,不承接医药项目",
            "stages": ["PILOT"],
            "services": ["工艺放大熟化"],
            "processes": ["发酵"],
            "materials": ["酶制剂"],
            "parameters": [
                {"quantity": "volume", "min": 50, "max": 500.5, "unit": "L", "count": 3, "text": "50-500.5L三台"}
            ],
            "qualifications": ["GMP"],
            "small_batch": True,
            "price": {"amount": 7.5, "unit": "万元/周"},
            "availability": [{"from": "2027-01-04", "to": "2027-02-28"}],
            "trl": [4, 7],
        }
    ],
}


def _changed(**columns: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RECORD), **columns}


def _with_capability(**columns: Any) -> dict[str, Any]:
    record = copy.deepcopy(RECORD)
    record["capabilities"][0] |= columns
    return record


def test_a_record_comes_back_as_it_came(zone: Zone) -> None:
    assert platform_load(record=RECORD, zone=zone) == "created"

    assert platform_record(Platform.objects.get()) == RECORD


def test_unknown_keys_are_kept_at_every_level(zone: Zone) -> None:
    record = _with_capability(hall="B3")
    record["parameters_note"] = {"by": "hand"}
    record["capabilities"][0]["parameters"][0]["vessel"] = "搪玻璃"

    platform_load(record=record, zone=zone)

    assert platform_record(Platform.objects.get()) == record


def test_loading_is_idempotent_by_id(zone: Zone) -> None:
    outcomes = [
        platform_load(record=record, zone=zone)
        for record in (RECORD, RECORD, _changed(name="改名"), _changed(name="改名"))
    ]

    assert outcomes == ["created", "unchanged", "updated", "unchanged"]
    assert Platform.objects.get().name == "改名"
    assert (Platform.objects.count(), Capability.objects.count()) == (1, 1)
    assert Fact.objects.filter(source="declared").count() == 6


def test_a_capability_that_left_the_record_is_suspended_not_deleted(zone: Zone) -> None:
    platform_load(record=RECORD, zone=zone, publish=True)

    platform_load(record=_changed(capabilities=[]), zone=zone)

    assert Capability.objects.get().status == "suspended"


def test_publishing_moves_the_platform_and_its_capabilities_with_a_log(zone: Zone) -> None:
    platform_load(record=RECORD, zone=zone, publish=True)

    assert (Platform.objects.get().status, Capability.objects.get().status) == ("published", "published")
    assert Capability.objects.published().count() == 1
    assert AuditEntry.objects.filter(to_status="published").count() == 2


def test_what_the_summary_says_is_stored_beside_what_is_declared(zone: Zone) -> None:
    platform_load(record=_with_capability(parameters=[], processes=[]), zone=zone)

    read = Fact.objects.filter(source="read")
    assert ("process", "发酵") in set(read.values_list("kind", "value"))
    assert ("volume", 500.0) in set(read.values_list("quantity", "high"))


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({}, {"id", "name", "capabilities"}),
        (_changed(name=" "), {"name"}),
        (_changed(chains="生物制造"), {"chains"}),
        (_changed(capabilities=["x"]), {"capabilities.0"}),
        (_changed(capabilities=RECORD["capabilities"] * 2), {"capabilities.1.id"}),
        (
            _with_capability(parameters=[{"quantity": "volume", "min": 1, "max": 5, "unit": "kg"}]),
            {"capabilities.0.parameters.0.unit"},
        ),
        (
            _with_capability(parameters=[{"quantity": "volume", "min": "x", "max": 5, "unit": "L"}]),
            {"capabilities.0.parameters.0.min"},
        ),
        (
            _with_capability(parameters=[{"quantity": "volume", "min": 9, "max": 5, "unit": "L"}]),
            {"capabilities.0.parameters.0.max"},
        ),
        (_with_capability(availability=[{"from": "2027-02-01", "to": "2027-01-01"}]), {"capabilities.0.availability"}),
        (_with_capability(trl=[7, 4]), {"capabilities.0.trl"}),
        (_with_capability(price="7万"), {"capabilities.0.price"}),
    ],
)
def test_a_bad_record_names_its_fields_and_changes_nothing(
    zone: Zone, record: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        platform_load(record=record, zone=zone)

    assert set(refused.value.errors or {}) == fields
    assert (Platform.objects.count(), Fact.objects.count()) == (0, 0)


def test_another_operators_platform_is_not_overwritten(zone: Zone, operator: Actor, operator2: Actor) -> None:
    platform_load(record=RECORD, zone=zone, organization=operator.organization)

    with pytest.raises(NotAllowed):
        platform_load(record=_changed(name="夺走"), zone=zone, organization=operator2.organization)

    assert Platform.objects.get().name == "某中试平台"


def test_the_clock_tells_what_changed_since(zone: Zone) -> None:
    platform_load(record=RECORD, zone=zone, publish=True)
    seen = catalogue_version()
    assert list(changed_since(seen)) == []

    platform_load(record=_with_capability(name="改名"), zone=zone)

    [record] = changed_since(seen)
    assert (record.capability["name"], record.is_listed) == ("改名", True)
    assert catalogue_version() > seen
    assert CatalogueClock.objects.count() == 1


def test_a_suspended_capability_is_reported_as_unlisted(zone: Zone, zone_admin: Actor) -> None:
    platform_load(record=RECORD, zone=zone, publish=True)
    seen = catalogue_version()

    capability_advance(actor=zone_admin, capability=Capability.objects.get(), target="suspended")

    [record] = changed_since(seen)
    assert record.is_listed is False


def _reported() -> list[tuple[str, int]]:
    rows = OutboxEvent.objects.filter(topic="listing.changed", handler__startswith="matching").order_by("pk")
    return [(row.key, row.payload["version"]) for row in rows]


def test_a_draft_is_not_reported_and_publishing_it_is(zone: Zone) -> None:
    platform_load(record=RECORD, zone=zone)
    assert _reported() == []

    platform_load(record=RECORD, zone=zone, publish=True)

    platform = Platform.objects.get()
    assert _reported() == [(f"listing:{platform.uuid}:{catalogue_version()}", catalogue_version())]


def test_each_change_of_a_public_listing_is_reported_once(zone: Zone, zone_admin: Actor) -> None:
    versions = []

    def note() -> None:
        versions.append(catalogue_version())
        assert [version for _, version in _reported()] == versions
        assert set(Capability.objects.values_list("version", flat=True)) == {versions[-1]}

    platform_load(record=RECORD, zone=zone, publish=True)
    note()
    platform_load(record=_with_capability(name="改名"), zone=zone, publish=True)
    note()
    capability_advance(actor=zone_admin, capability=Capability.objects.get(), target="suspended")
    note()
    platform_advance(actor=zone_admin, platform=Platform.objects.get(), target="suspended")
    note()
    platform_load(record=_with_capability(name="改名"), zone=zone, publish=True)
    assert len(_reported()) == 4


def test_a_capability_that_leaves_changes_its_siblings(zone: Zone, zone_admin: Actor) -> None:
    second = {**copy.deepcopy(RECORD["capabilities"][0]), "id": "x-1-2", "processes": ["离心"]}
    platform_load(record=_changed(capabilities=[RECORD["capabilities"][0], second]), zone=zone, publish=True)
    seen = catalogue_version()

    gone = Capability.objects.get(external_id="x-1-2")
    capability_advance(actor=zone_admin, capability=gone, target="suspended")

    [left] = [record for record in changed_since(seen) if record.is_listed]
    assert [sibling["processes"] for sibling in left.platform["capabilities"]] == [["发酵"]]


def test_operators_submit_and_the_zone_publishes(
    zone: Zone, operator: Actor, operator2: Actor, zone_admin: Actor
) -> None:
    platform_load(record=RECORD, zone=zone, organization=operator.organization)
    platform = Platform.objects.get()
    for actor in (operator2, zone_admin):
        with pytest.raises(NotAllowed if actor is operator2 else InvalidInput):
            platform_advance(actor=actor, platform=platform, target="returned")

    platform_advance(actor=operator, platform=platform, target="submitted")
    with pytest.raises(NotAllowed):
        platform_advance(actor=operator, platform=platform, target="published")
    platform_advance(actor=zone_admin, platform=platform, target="published")

    platform.refresh_from_db()
    assert platform.status == "published"


def test_every_demo_listing_comes_back_as_it_came(zone: Zone) -> None:
    records = [json.loads(line) for line in DEMO.read_text().splitlines()]
    for record in records:
        platform_load(record=record, zone=zone)

    stored = [platform_record(platform) for platform in Platform.objects.order_by("pk")]
    assert len(stored) == 202
    assert [_plain(record) for record in stored] == [_plain(record) for record in records]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """None and an absent word say the same; numbers compare by value."""
    return json.loads(json.dumps(record), parse_int=float)  # type: ignore[no-any-return]


UNREAD = _with_capability(summary="可开展挂釉、发酵等工序", processes=["发酵"])


def test_an_unread_phrase_is_stored_and_neither_found_nor_sent_out(zone: Zone) -> None:
    platform_load(record=UNREAD, zone=zone, publish=True)

    row = Capability.objects.get()
    assert list(row.facts.filter(kind="phrase").values_list("value", "text", "source")) == [
        ("process:挂釉", "挂釉", "read")
    ]
    assert "phrase" not in {fact.kind for fact in row.stated_facts}
    assert "phrase" not in set(Fact.objects.standing().values_list("kind", flat=True))
    assert platform_record(Platform.objects.get()) == UNREAD
    (record,) = changed_since(-1)
    assert [fact.value for fact in record.read if fact.kind == "phrase"] == ["process:挂釉"]
