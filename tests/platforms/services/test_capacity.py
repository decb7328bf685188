"""Weeks an operator states, and the free days the engine reads of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from platforms.enums import SlotState
from platforms.models import Capability, CapacitySlot, Equipment, FreePeriod
from platforms.selectors import catalogue_version
from platforms.services.capacity import SlotEntry, monday_of, slots_state, weeks_between
from platforms.services.import_drafts import import_submit
from platforms.services.listings import platform_load
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(weeks=1)
SUNDAY = timedelta(days=6)


@pytest.fixture
def first() -> date:
    """The Monday of next week."""
    return monday_of(timezone.localdate()) + WEEK


def state(
    actor: Actor, line: Capability, state: str, *weeks: date, device: Equipment | None = None, note: str = ""
) -> int:
    entries = [SlotEntry(capability=line, equipment=device, week=week, state=state, note=note) for week in weeks]
    return slots_state(actor=actor, entries=entries)


def free(line: Capability) -> list[tuple[date, date]]:
    return list(FreePeriod.objects.filter(capability=line).values_list("starts_on", "ends_on"))


def test_free_weeks_become_one_free_period(operator: Actor, capability: Capability, first: date) -> None:
    version = catalogue_version()

    assert state(operator, capability, "free", first, first + WEEK) == 2

    capability.refresh_from_db()
    assert free(capability) == [(first, first + WEEK + SUNDAY)]
    assert (capability.is_availability_known, capability.version) == (True, version + 1)
    fact = OutboxEvent.objects.get(topic="listing.changed", handler__contains="reversing")
    assert fact.payload == {"platform_id": capability.platform_id, "version": version + 1}
    entry = AuditEntry.objects.get(action="capacity_stated")
    assert (entry.object_id, entry.actor_id) == (capability.uuid, operator.user.pk)
    assert entry.detail == {"weeks": [f"{first}", f"{first + WEEK}"], "states": ["free"]}


@pytest.mark.parametrize("taken", ["booked", "maintenance", "reserved"])
def test_a_week_that_is_taken_leaves_the_days_around_it(
    operator: Actor, capability: Capability, first: date, taken: str
) -> None:
    FreePeriod.objects.create(capability=capability, starts_on=first - SUNDAY, ends_on=first + 2 * WEEK)

    state(operator, capability, taken, first)

    assert free(capability) == [
        (first - SUNDAY, first - timedelta(days=1)),
        (first + WEEK, first + 2 * WEEK),
    ]


def test_one_free_device_is_enough_until_the_line_itself_is_taken(
    operator: Actor, capability: Capability, first: date
) -> None:
    devices = [Equipment.objects.create(capability=capability, name=name) for name in ("R-501", "R-301")]
    state(operator, capability, "booked", first, device=devices[0])
    assert free(capability) == []

    state(operator, capability, "free", first, device=devices[1])
    assert free(capability) == [(first, first + SUNDAY)]

    state(operator, capability, "maintenance", first)
    assert free(capability) == []


def test_without_a_free_day_the_calendar_is_unknown_and_not_full(
    operator: Actor, capability: Capability, first: date
) -> None:
    state(operator, capability, "free", first)
    state(operator, capability, "booked", first)

    capability.refresh_from_db()
    assert (free(capability), capability.is_availability_known) == ([], False)


def test_taking_a_statement_back_removes_its_row(operator: Actor, capability: Capability, first: date) -> None:
    state(operator, capability, "free", first)

    assert state(operator, capability, "", first) == 1

    assert (CapacitySlot.objects.count(), free(capability)) == (0, [])


def test_what_is_said_again_changes_nothing(operator: Actor, capability: Capability, first: date) -> None:
    state(operator, capability, "booked", first, note="A 项目")
    version = catalogue_version()

    assert state(operator, capability, "booked", first, note="A 项目") == 0

    assert catalogue_version() == version


@pytest.mark.parametrize(
    ("weeks", "said", "note", "field"),
    [
        (-1, "free", "", "week"),
        (105, "free", "", "week"),
        (1, "full", "", "state"),
        (1, "free", "x" * 201, "note"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is(
    operator: Actor, capability: Capability, first: date, weeks: int, said: str, note: str, field: str
) -> None:
    day = monday_of(timezone.localdate()) + weeks * WEEK
    with pytest.raises(InvalidInput) as refused:
        slots_state(
            actor=operator,
            entries=[
                SlotEntry(capability=capability, week=first, state="free"),
                SlotEntry(capability=capability, week=day, state=said, note=note),
            ],
        )

    assert set(refused.value.errors or {}) == {field}
    assert CapacitySlot.objects.count() == 0


def test_a_device_of_another_line_and_a_day_that_is_no_monday_are_refused(
    operator: Actor, capability: Capability, first: date
) -> None:
    other = Capability.objects.create(platform=capability.platform, name="另一条线", status="draft")
    device = Equipment.objects.create(capability=other, name="R-1")
    with pytest.raises(InvalidInput):
        state(operator, capability, "free", first, device=device)
    with pytest.raises(InvalidInput):
        state(operator, capability, "free", first + timedelta(days=1))


def test_nobody_states_weeks_of_another(
    operator2: Actor, zone_admin: Actor, capability: Capability, first: date
) -> None:
    for actor in (operator2, zone_admin):
        with pytest.raises(NotAllowed):
            state(actor, capability, "free", first)

    assert CapacitySlot.objects.count() == 0


def test_the_database_keeps_one_state_a_week_from_monday(operator: Actor, capability: Capability, first: date) -> None:
    row = {"capability": capability, "state": SlotState.FREE, "updated_by": operator.user}
    CapacitySlot.objects.create(week=first, **row)
    for wrong in ({"week": first}, {"week": first + timedelta(days=1)}, {"week": first + WEEK, "state": "full"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CapacitySlot.objects.create(**{**row, **wrong})


def test_weeks_between_two_days() -> None:
    assert weeks_between(date(2026, 11, 25), date(2026, 12, 7)) == [
        date(2026, 11, 23),
        date(2026, 11, 30),
        date(2026, 12, 7),
    ]
    assert weeks_between(date(2026, 12, 7), date(2026, 11, 25)) == []


def test_a_file_neither_forgets_devices_nor_goes_before_what_was_stated(operator: Actor, first: date) -> None:
    def load(name: str, **part: object) -> None:
        head = {"id": "x-1", "name": name}
        record = {**head, "capabilities": [{"id": "x-1-1", "name": "发酵", "equipment": [{"name": "R-501"}], **part}]}
        platform_load(record=record, zone=operator.zone, organization=operator.organization, publish=True)

    load("某平台")
    line, device = Capability.objects.get(), Equipment.objects.get()
    state(operator, line, "booked", first, device=device)
    state(operator, line, "reserved", first + WEEK)

    load("某平台二", availability=[{"from": f"{first}", "to": f"{first + 3 * WEEK - timedelta(days=1)}"}])

    assert Equipment.objects.get().pk == device.pk
    assert CapacitySlot.objects.count() == 2
    assert free(line) == [(first + 2 * WEEK, first + 2 * WEEK + SUNDAY)]


def load_file(actor: Actor, record: dict[str, Any]) -> None:
    """Load a file of one record as its operator, and do the work that is owed."""
    job = import_submit(actor=actor, file_name="a.jsonl", content=json.dumps(record).encode())
    event = OutboxEvent.objects.get(topic="import.submitted", state="pending")
    assert outbox.run(event.pk)
    job.refresh_from_db()
    assert job.state == "done"


def test_an_import_in_batches_leaves_the_desks_work_alone(operator: Actor, first: date) -> None:
    week = {"from": f"{first}", "to": f"{first + 2 * WEEK - timedelta(days=1)}"}
    part = {"id": "x-1-1", "name": "发酵", "equipment": [{"name": "R-501"}]}
    record = {"id": "x-1", "name": "某平台", "capabilities": [part]}
    load_file(operator, record)
    line, device = Capability.objects.get(), Equipment.objects.get()
    written = Capability.objects.create(platform=line.platform, name="工作台写的", status="published")
    state(operator, line, "booked", first)

    load_file(operator, {**record, "capabilities": [{**part, "availability": [week]}]})

    assert Equipment.objects.get().pk == device.pk
    assert free(line) == [(first + WEEK, first + WEEK + SUNDAY)]
    written.refresh_from_db()
    assert written.status == "published"
