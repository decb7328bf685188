"""An operator writes its own listings, against the version it has seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from platforms.models import Capability, Equipment, Fact, Platform
from platforms.services.answering import Answer, facts_answer
from platforms.services.editing import (
    CapabilityEntry,
    DeviceEntry,
    PlatformEntry,
    capability_save,
    capability_seen,
    platform_save,
    platform_seen,
)
from platforms.services.import_plan import said
from tests.factories import FactFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def today() -> str:
    """Asked for when it is needed: the suite may run across midnight."""
    return timezone.localdate().isoformat()


def part(**fields: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "name": "发酵线",
        "summary": "两台",
        "stages": ["PILOT"],
        "services": [],
        "processes": ["发酵"],
        "materials": [],
        "qualifications": ["GMP"],
        "parameters": [{"quantity": "volume", "min": 100, "max": 500, "unit": "L", "count": 2, "text": ""}],
        "small_batch": True,
        "trl": [4, 7],
        "price": {"amount": 8, "unit": "万元/周"},
    }
    return whole | fields


def fresh(capability: Capability) -> Capability:
    return Capability.objects.select_related("platform").get(pk=capability.pk)


def save(actor: Actor, capability: Capability, **fields: Any) -> Capability:
    row = fresh(capability)
    entry = CapabilityEntry(part=part(**fields))
    return capability_save(actor=actor, platform=row.platform, capability=row, entry=entry, seen=capability_seen(row))


def test_a_new_service_is_a_draft_with_its_facts_dated_today(operator: Actor, capability: Capability) -> None:
    entry = CapabilityEntry(part=part(), devices=[DeviceEntry(name="R-501", model="BR500", count=2)])

    row = capability_save(actor=operator, platform=capability.platform, capability=None, entry=entry)

    row = fresh(row)
    assert (row.status, row.external_id, row.position, row.trl_from, row.trl_to) == ("draft", None, 1, 4, 7)
    assert (row.small_batch, row.price) == (True, {"amount": 8, "unit": "万元/周"})
    declared = row.facts.filter(source="declared").values_list(
        "kind", "value", "quantity", "low", "high", "source_date"
    )
    assert sorted(declared) == [
        ("parameter", "", "volume", 100, 500, today()),
        ("process", "发酵", "", None, None, today()),
        ("qualification", "GMP", "", None, None, today()),
        ("stage", "PILOT", "", None, None, today()),
    ]
    assert list(row.equipment.values_list("name", "model", "count", "is_bookable")) == [("R-501", "BR500", 2, True)]
    entry_row = AuditEntry.objects.get(action="listing_edited")
    assert (entry_row.object_id, entry_row.actor_id) == (row.uuid, operator.user.pk)


def test_a_published_service_stays_published_and_counts_as_changed(operator: Actor, capability: Capability) -> None:
    save(operator, capability)

    row = fresh(capability)
    assert (row.status, row.name, row.external_id) == ("published", "发酵线", capability.external_id)
    assert row.version > capability.version
    assert OutboxEvent.objects.filter(topic="listing.changed").exists()


def test_facts_that_stay_keep_their_date(operator: Actor, capability: Capability) -> None:
    save(operator, capability, processes=["发酵", "离心"])

    dates = dict(capability.facts.filter(kind="process", source="declared").values_list("value", "source_date"))
    assert dates == {"发酵": "2025-12-25", "离心": today()}


def test_the_calendar_is_not_the_sheets_to_change(operator: Actor, capability: Capability) -> None:
    Capability.objects.update(is_availability_known=True)

    save(operator, capability)

    assert fresh(capability).is_availability_known is True


def test_an_answer_stays_until_it_is_taken_back(operator: Actor, capability: Capability) -> None:
    with transaction.atomic():
        answers = [Answer(kind="process", value="冻干")]
        (fact,) = facts_answer(actor=operator, capability=fresh(capability), answers=answers)
    save(operator, capability)
    assert capability.facts.filter(source="answered").count() == 1

    row = fresh(capability)
    entry = CapabilityEntry(part=part(), dropped=[fact.pk])
    capability_save(actor=operator, platform=row.platform, capability=row, entry=entry, seen=capability_seen(row))

    assert capability.facts.filter(source="answered").count() == 0


def test_what_is_dropped_is_an_answer_and_nothing_else(operator: Actor, capability: Capability) -> None:
    other = FactFactory.create(source="answered")
    row = fresh(capability)
    entry = CapabilityEntry(part=part(), dropped=[other.pk])

    capability_save(actor=operator, platform=row.platform, capability=row, entry=entry, seen=capability_seen(row))

    assert Fact.objects.filter(pk=other.pk).exists()


def test_devices_that_are_kept_keep_their_rows(operator: Actor, capability: Capability) -> None:
    kept, gone = (Equipment.objects.create(capability=capability, name=name) for name in ("R-501", "R-301"))
    foreign = Equipment.objects.create(
        capability=Capability.objects.create(platform=capability.platform, status="draft")
    )
    row = fresh(capability)
    devices = [DeviceEntry(name="R-501A", key=kept.pk, is_bookable=False), DeviceEntry(name="R-1", key=foreign.pk)]

    capability_save(
        actor=operator,
        platform=row.platform,
        capability=row,
        entry=CapabilityEntry(part=part(), devices=devices),
        seen=capability_seen(row),
    )

    rows = {device.pk: device.name for device in capability.equipment.all()}
    assert rows[kept.pk] == "R-501A"
    assert (gone.pk in rows, foreign.pk in rows, len(rows)) == (False, False, 2)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"trl": [7, 4]}, "trl"),
        ({"parameters": [{"quantity": "volume", "min": 5, "max": 1, "unit": "L"}]}, "parameters.0.max"),
        ({"parameters": [{"quantity": "volume", "min": 5, "max": None, "unit": "kg"}]}, "parameters.0.unit"),
        ({"parameters": [{"quantity": "", "min": 5, "max": None, "unit": "L"}]}, "parameters.0.quantity"),
    ],
)
def test_bad_fields_are_named_and_nothing_changes(
    operator: Actor, capability: Capability, fields: dict[str, Any], field: str
) -> None:
    before = capability_seen(fresh(capability))

    with pytest.raises(InvalidInput) as refused:
        save(operator, capability, **fields)

    assert set(refused.value.errors or {}) == {field}
    assert capability_seen(fresh(capability)) == before


def test_an_edit_on_an_old_version_is_refused(operator: Actor, capability: Capability) -> None:
    old = capability_seen(fresh(capability))
    save(operator, capability, name="先保存的")

    with pytest.raises(StaleTransition):
        capability_save(
            actor=operator,
            platform=capability.platform,
            capability=fresh(capability),
            entry=CapabilityEntry(part=part(name="后保存的")),
            seen=old,
        )

    assert fresh(capability).name == "先保存的"


def test_neither_calendar_nor_reading_makes_a_version_old(operator: Actor, capability: Capability) -> None:
    seen = capability_seen(fresh(capability))
    Capability.objects.update(version=99, is_availability_known=True)
    FactFactory.create(capability=capability, source="read", value="离心")

    assert capability_seen(fresh(capability)) == seen


def test_nobody_else_writes(operator2: Actor, zone_admin: Actor, capability: Capability) -> None:
    for actor in (operator2, zone_admin):
        with pytest.raises(NotAllowed):
            save(actor, capability)
        with pytest.raises(NotAllowed):
            platform_save(actor=actor, platform=capability.platform, entry=PlatformEntry(head={"name": "x"}))
    assert AuditEntry.objects.count() == 0


def head(**fields: Any) -> dict[str, Any]:
    return {
        "name": "某平台",
        "operator": "某公司",
        "operator_kind": "enterprise",
        "country": "CN",
        "region": "510100",
        "city": "成都",
        "chains": ["新材料"],
        "status": "运营",
    } | fields


def test_a_new_platform_is_a_draft_of_its_organization(operator: Actor) -> None:
    row = platform_save(actor=operator, platform=None, entry=PlatformEntry(head=head(), is_confirmed=True))

    row = Platform.objects.get(pk=row.pk)
    assert (row.status, row.organization, row.zone) == ("draft", operator.organization, operator.zone)
    assert (row.name, row.region, row.chains, row.operating_status) == ("某平台", "510100", ["新材料"], "运营")
    assert (row.is_confirmed, row.source_date, row.external_id) == (True, today(), None)
    assert OutboxEvent.objects.filter(topic="listing.changed").count() == 0


def test_editing_a_platform_keeps_what_the_sheet_does_not_show(operator: Actor, capability: Capability) -> None:
    platform = capability.platform
    Platform.objects.filter(pk=platform.pk).update(level="省级", extra={"note": "x"}, source_grade="A")
    platform.refresh_from_db()

    platform_save(
        actor=operator,
        platform=platform,
        entry=PlatformEntry(head=head(), url="https://example.com/b"),
        seen=platform_seen(platform),
    )

    platform.refresh_from_db()
    assert (platform.name, platform.level, platform.extra) == ("某平台", "省级", {"note": "x"})
    assert (platform.source_url, platform.source_grade, platform.status) == ("https://example.com/b", "A", "published")


def test_an_old_version_of_a_platform_is_refused(operator: Actor, capability: Capability) -> None:
    with pytest.raises(StaleTransition):
        platform_save(
            actor=operator, platform=capability.platform, entry=PlatformEntry(head=head()), seen="something else"
        )
    assert Platform.objects.get(pk=capability.platform_id).name != "某平台"


def test_a_device_written_here_is_the_one_a_file_means(operator: Actor, capability: Capability) -> None:
    row = fresh(capability)
    entry = CapabilityEntry(part=part(), devices=[DeviceEntry(name="R-501", model="BR500")])
    capability_save(actor=operator, platform=row.platform, capability=row, entry=entry, seen=capability_seen(row))

    assert said(fresh(capability))["equipment"] == [{"name": "R-501", "model": "BR500"}]
