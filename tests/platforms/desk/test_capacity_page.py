"""The capacity calendar: the grid, weeks by form and by table, and the private feed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from platforms.models import CalendarFeed, Capability, CapacitySlot, Equipment, FreePeriod
from platforms.services.capacity import monday_of
from platforms.services.feeds import feed_open
from tests.factories import CapabilityFactory, PlatformFactory
from zhongshi.accounts.actors import Actor

PAGE = "/desk/capacity/"
WEEK = timedelta(weeks=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first() -> date:
    return monday_of(timezone.localdate()) + WEEK


def sent(capability: Capability, monday: date, /, **fields: str) -> dict[str, str]:
    whole = {"do": "state", "unit": str(capability.uuid), "first": f"{monday}", "last": f"{monday + WEEK}"}
    return whole | {"state": "booked", "note": "A 项目"} | fields


@pytest.mark.parametrize("rows", [1, 30])
def test_the_grid_costs_the_same_for_one_and_thirty(
    rows: int, browser: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows - 1):
        CapabilityFactory.create(platform=capability.platform)
    for line in Capability.objects.all():
        Equipment.objects.create(capability=line, name=f"R-{line.pk}")

    with django_assert_num_queries(14):
        page = browser.get(PAGE).content.decode()

    assert page.count('class="capacity-device"') == rows
    assert page.count("<td") == 12 * 2 * rows


def test_the_grid_says_what_the_listing_and_the_operator_say(
    browser: Client, operator: Actor, capability: Capability, first: date
) -> None:
    FreePeriod.objects.create(capability=capability, starts_on=first, ends_on=first + WEEK + timedelta(days=2))
    CapacitySlot.objects.create(
        capability=capability, week=first + 2 * WEEK, state="maintenance", note="换轴", updated_by=operator.user
    )

    page = browser.get(f"{PAGE}?from={first}").content.decode()

    cells = [part.split("<", 1)[0].split(">", 1)[1] for part in page.split("<td ")[1:5]]
    assert cells == ["free", "partly free", "maintenance", "—"]
    assert "换轴" in page


def test_weeks_are_stated_by_the_form(browser: Client, capability: Capability, first: date) -> None:
    answer = browser.post(PAGE, sent(capability, first), follow=True)

    rows = list(CapacitySlot.objects.values_list("week", "state", "note"))
    assert rows == [(first, "booked", "A 项目"), (first + WEEK, "booked", "A 项目")]
    assert "2 weeks changed." in answer.content.decode()


def test_weeks_of_a_device_and_taking_back(browser: Client, capability: Capability, first: date) -> None:
    device = Equipment.objects.create(capability=capability, name="R-501")
    unit = f"{capability.uuid}.{device.pk}"
    browser.post(PAGE, sent(capability, first, unit=unit, last=""))
    assert [slot.equipment for slot in CapacitySlot.objects.all()] == [device]

    browser.post(PAGE, sent(capability, first, unit=unit, state="cleared", last=""))
    assert CapacitySlot.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first", "gestern", "Enter a valid date."),
        ("last", "2020-01-01", "Lies before the first week."),
        ("last", "2999-01-01", "At most 104 weeks at once."),
        ("state", "full", "Select a valid choice."),
        ("unit", "nobody", "Select a valid choice."),
    ],
)
def test_a_bad_form_stays_typed(
    browser: Client, capability: Capability, first: date, field: str, typed: str, said: str
) -> None:
    refused = browser.post(PAGE, sent(capability, first, **{field: typed}))

    page = refused.content.decode()
    assert refused.status_code == 400
    assert said in page
    assert 'value="A 项目"' in page
    assert CapacitySlot.objects.count() == 0


def test_weeks_gone_by_are_refused_by_the_service(browser: Client, capability: Capability, first: date) -> None:
    refused = browser.post(PAGE, sent(capability, first - 3 * WEEK))

    assert refused.status_code == 400
    assert "Weeks from this one to" in refused.content.decode()


def test_a_table_is_taken_over(browser: Client, capability: Capability, first: date) -> None:
    device = Equipment.objects.create(capability=capability, name="R-501")
    table = f"设备\t{first}\t{first + WEEK:%Y/%m/%d}\n{capability.name}\t空闲\t\nR-501\t检修\t已订"

    browser.post(PAGE, {"do": "paste", "table": table})

    rows = CapacitySlot.objects.order_by("id").values_list("equipment", "week", "state")
    assert list(rows) == [
        (None, first, "free"),
        (device.pk, first, "maintenance"),
        (device.pk, first + WEEK, "booked"),
    ]


def test_a_table_with_an_unknown_word_changes_nothing_and_stays(
    browser: Client, capability: Capability, first: date
) -> None:
    table = f"\t{first}\tmorgen\n{capability.name}\t空闲\nR-9\tvoll\n{capability.name}\tvoll"

    refused = browser.post(PAGE, {"do": "paste", "table": table})

    page = refused.content.decode()
    assert refused.status_code == 400
    assert "“morgen” is no date." in page
    assert "Row 3: no line or device of yours is called “R-9”." in page
    assert "Row 4: “voll” is no state." in page
    assert "voll</textarea>" in page
    assert CapacitySlot.objects.count() == 0


def test_the_feed_shows_what_is_taken_and_nothing_else(
    browser: Client, operator: Actor, operator2: Actor, capability: Capability, first: date
) -> None:
    browser.post(PAGE, sent(capability, first))
    browser.post(PAGE, sent(capability, first + 3 * WEEK, state="free", last=""))
    other = CapabilityFactory.create(platform=PlatformFactory.create(organization=operator2.organization))
    CapacitySlot.objects.create(capability=other, week=first, state="booked", updated_by=operator2.user)
    opened = browser.post(PAGE, {"do": "feed"}).content.decode()
    address = opened.split('value="http://testserver')[1].split('"')[0]

    answer = Client().get(address)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (first, first + 2 * WEEK)
    assert str(event["summary"]).endswith(capability.name)
    assert str(event["description"]) == "A 项目"
    assert address not in browser.get(PAGE).content.decode()


def test_a_revoked_or_guessed_address_is_not_found(browser: Client, operator: Actor, capability: Capability) -> None:
    _feed, token = feed_open(actor=operator)
    assert Client().get(f"{PAGE}{token}.ics").status_code == 200

    browser.post(PAGE, {"do": "revoke"})

    assert Client().get(f"{PAGE}{token}.ics").status_code == 404
    assert Client().get(f"{PAGE}guess.ics").status_code == 404
    assert CalendarFeed.objects.live().count() == 0


def test_others_see_and_state_nothing(stranger: Client, capability: Capability, first: date) -> None:
    assert capability.name not in stranger.get(PAGE).content.decode()
    assert stranger.post(PAGE, sent(capability, first)).status_code == 400
    assert Client().post(PAGE, sent(capability, first)).status_code == 302
    assert stranger.post(PAGE, {"do": "nonsense"}).status_code == 404
    assert CapacitySlot.objects.count() == 0


def test_dates_nobody_can_mean_show_today(browser: Client, capability: Capability) -> None:
    this_week = monday_of(timezone.localdate())
    for asked in ("gestern", "", f"{this_week}"):
        assert f"{this_week:%m-%d}" in browser.get(f"{PAGE}?from={asked}").content.decode()
    assert browser.get(f"{PAGE}?from=9999-12-31").status_code == 200
    assert browser.get(f"{PAGE}?from=0001-01-01").status_code == 200
