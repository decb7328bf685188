"""The page of a capability: its next weeks, who stands before and behind it in the chain, where errors go."""

from datetime import date, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from platforms.models import Capability, CapacitySlot, FreePeriod
from platforms.neighbours import neighbours_of
from platforms.views.weeks import WEEKS, coming_weeks
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory, UserFactory
from zhongshi.vocabulary.models import Term


@pytest.fixture
def monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


@pytest.fixture
def stages(db: None) -> None:
    for code in ("LAB", "SCALE", "PILOT", "DEMO"):
        Term.objects.create(kind="stage", code=code, name_zh=f"环节{code}", name_en=code.title())


@pytest.mark.usefixtures("english")
def test_weeks_come_from_the_calendar_and_else_from_free_periods(capability: Capability, monday: date) -> None:
    person = UserFactory.create()
    for number, state in enumerate(("booked", "maintenance", "reserved", "free")):
        CapacitySlot.objects.create(
            capability=capability, week=monday + timedelta(weeks=number), state=state, updated_by=person
        )
    FreePeriod.objects.create(
        capability=capability, starts_on=monday + timedelta(weeks=4), ends_on=monday + timedelta(weeks=5, days=2)
    )

    weeks = coming_weeks(capability)

    assert [(week.word, week.css) for week in weeks] == [
        ("booked", "slot-booked"),
        ("maintenance", "slot-service"),
        ("reserved", "slot-held"),
        ("free", "slot-free"),
        ("free", "slot-free"),
        ("partly free", "slot-free"),
        *[("not stated", "slot-unknown")] * (WEEKS - 6),
    ]
    assert [week.monday for week in weeks] == [monday + timedelta(weeks=number) for number in range(WEEKS)]


def test_a_device_that_is_booked_books_not_the_line(capability: Capability, monday: date) -> None:
    device = capability.equipment.create(name="R-501")
    CapacitySlot.objects.create(
        capability=capability, equipment=device, week=monday, state="booked", updated_by=UserFactory.create()
    )

    assert coming_weeks(capability) == []


def test_no_week_known_is_said_in_words(client: Client, capability: Capability) -> None:
    text = client.get(f"/services/{capability.uuid}/?lang=en").content.decode()

    assert "The platform has not stated when the line is free." in text
    assert 'class="weeks"' not in text


@pytest.mark.usefixtures("stages")
def test_neighbours_are_of_the_same_chain_and_another_platform(capability: Capability) -> None:
    FactFactory.create(capability=capability, kind="stage", value="SCALE")
    FactFactory.create(capability=capability, kind="stage", value="PILOT")
    FactFactory.create(capability=capability, kind="stage", value="DEMO", is_negated=True)
    own = CapabilityFactory.create(platform=capability.platform)
    other_chain = CapabilityFactory.create(platform=PlatformFactory.create(chains=["氢能"]))
    before = CapabilityFactory.create()
    for row in (own, other_chain, before):
        FactFactory.create(capability=row, kind="stage", value="LAB")

    first, second = neighbours_of(capability)

    assert first is not None
    assert (first.stage, first.count, first.rows) == ("LAB", 2, [before])
    assert second is not None
    assert (second.stage, second.count, second.rows) == ("DEMO", 0, [])


@pytest.mark.usefixtures("stages")
def test_the_page_names_the_gap_behind_it(client: Client, capability: Capability) -> None:
    FactFactory.create(capability=capability, kind="stage", value="PILOT")

    text = client.get(f"/services/{capability.uuid}/?lang=en").content.decode()

    assert "Behind · Demo" in text
    assert "No other platform names this stage." in text


@pytest.mark.usefixtures("stages")
@pytest.mark.parametrize(("stage", "sides"), [("LAB", (False, True)), ("DEMO", (True, False)), ("", (False, False))])
def test_the_ends_of_a_chain_have_one_neighbour(capability: Capability, stage: str, sides: tuple[bool, bool]) -> None:
    if stage:
        FactFactory.create(capability=capability, kind="stage", value=stage)

    assert tuple(side is not None for side in neighbours_of(capability)) == sides


def test_an_error_is_reported_with_the_listing_s_number(client: Client, capability: Capability) -> None:
    with override_settings(CONTACT_EMAIL="office@example.org"):
        text = client.get(f"/services/{capability.uuid}/?lang=en").content.decode()
    assert f'href="mailto:office@example.org?subject=Correction%20of%20a%20listing%20{capability.uuid}&amp;' in text

    with override_settings(CONTACT_EMAIL=""):
        text = client.get(f"/platforms/{capability.platform.uuid}/?lang=en").content.decode()
    assert f"Tell the zone's office: {capability.platform.uuid}" in text
    assert "mailto:" not in text


@pytest.mark.usefixtures("stages")
def test_the_page_asks_the_same_however_much_stands_around_it(
    client: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    FactFactory.create(capability=capability, kind="stage", value="SCALE")
    FactFactory.create(kind="stage", value="LAB")
    address = f"/services/{capability.uuid}/"
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
    for _ in range(29):
        FactFactory.create(kind="stage", value="LAB")
    with django_assert_num_queries(12):
        client.get(address)
