"""Days pass: certificates run out, calendars too, and operators hear of it in time."""

import threading
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from platforms.models import Capability, Certificate, Fact, FreePeriod, Platform
from platforms.search import Search, count_facets
from platforms.selectors import catalogue_version, changed_since, platform_record
from platforms.services import platform_load
from platforms.services.dates import certificates_warn, listings_age
from platforms.services.validity import mark_lapsed
from platforms.tasks import take_up_dates
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2027, 3, 31)


def _day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def platform(operator: Actor) -> Platform:
    """Seen ten days ago, with GMP and ATEX stated of its one capability."""
    row = PlatformFactory.create(organization=operator.organization, zone=operator.zone, dated_on=_day(-10))
    capability = CapabilityFactory.create(platform=row)
    for value in ("GMP", "ATEX"):
        FactFactory.create(capability=capability, kind="qualification", value=value, text=value)
    return row


def _paper(platform: Platform, until: date | None, *, qualification: str = "GMP", **columns: object) -> Certificate:
    return Certificate.objects.create(
        platform=platform, qualification=qualification, valid_until=until, status="published", **columns
    )


def _lapsed() -> list[str]:
    return list(Fact.objects.filter(is_lapsed=True).values_list("value", flat=True))


def _notices() -> list[tuple[str, str, object]]:
    rows = Notification.objects.order_by("pk").select_related("recipient")
    return [(row.event, row.recipient.username, row.params.get("days")) for row in rows]


@pytest.mark.parametrize(
    ("papers", "lapsed"),
    [
        ([], []),
        ([("GMP", None, None)], []),
        ([("GMP", None, TODAY)], []),
        ([("GMP", None, _day(-1))], ["GMP"]),
        ([("GMP", None, _day(-1)), ("GMP", None, _day(1))], []),
        ([("GMP", _day(1), None)], ["GMP"]),
        ([("GMP", TODAY, None)], []),
        ([("GMP", None, _day(-1)), ("ATEX", None, _day(1))], ["GMP"]),
        ([("药品GMP", None, _day(-1))], ["GMP"]),
    ],
)
def test_a_paper_proves_from_its_first_to_its_last_day(
    platform: Platform, papers: list[tuple[str, date | None, date | None]], lapsed: list[str]
) -> None:
    for qualification, first, last in papers:
        _paper(platform, last, qualification=qualification, valid_from=first)

    mark_lapsed(platform, today=TODAY)

    assert _lapsed() == lapsed


def test_an_unpublished_paper_says_nothing(platform: Platform) -> None:
    _paper(platform, _day(-1))
    Certificate.objects.update(status="draft")

    mark_lapsed(platform, today=TODAY)

    assert _lapsed() == []


def test_a_new_paper_makes_the_fact_count_again(platform: Platform) -> None:
    _paper(platform, _day(-1))
    mark_lapsed(platform, today=TODAY)
    assert _lapsed() == ["GMP"]

    _paper(platform, _day(300))
    mark_lapsed(platform, today=TODAY)

    assert _lapsed() == []


def test_what_lapsed_is_neither_matched_nor_found_but_still_exported(zone: Zone) -> None:
    part = {"id": "x-1-1", "name": "线", "summary": "", "qualifications": ["GMP", "ATEX"], "parameters": []}
    paper = {"qualification": "GMP", "number": "SC-1", "valid_until": "2020-01-01"}
    record = {"id": "x-1", "name": "平台", "certificates": [paper], "capabilities": [part]}

    platform_load(record=record, zone=zone, publish=True)

    (taken,) = changed_since(-1)
    assert taken.capability["qualifications"] == ["ATEX"]
    assert count_facets(Search())["qualification"] == {"ATEX": 1}
    assert platform_record(Platform.objects.get())["capabilities"][0]["qualifications"] == ["GMP", "ATEX"]


@pytest.mark.parametrize(
    ("until", "taken_up"),
    [(_day(-11), 0), (_day(-10), 1), (_day(-4), 1), (_day(-1), 1), (TODAY, 0), (_day(5), 0)],
)
def test_what_ended_since_the_last_look_is_taken_up(platform: Platform, until: date, taken_up: int) -> None:
    _paper(platform, until)
    before = catalogue_version()

    assert listings_age(today=TODAY) == taken_up

    assert catalogue_version() - before == taken_up
    assert OutboxEvent.objects.filter(topic="listing.changed").values("key").distinct().count() == taken_up
    assert _lapsed() == ["GMP"] * taken_up


def test_it_is_taken_up_once_and_only_for_the_platform_concerned(platform: Platform) -> None:
    other = CapabilityFactory.create(platform=PlatformFactory.create(dated_on=_day(-10)))
    _paper(platform, _day(-3))

    assert [listings_age(today=TODAY), listings_age(today=TODAY), listings_age(today=_day(1))] == [1, 0, 0]

    other.refresh_from_db()
    assert other.version == 0
    assert _notices() == [("certificate.expired", "operator", None)]


def test_a_paper_that_comes_into_force_is_taken_up(platform: Platform) -> None:
    _paper(platform, _day(300), valid_from=_day(-1))
    mark_lapsed(platform, today=_day(-10))
    assert _lapsed() == ["GMP"]

    assert listings_age(today=TODAY) == 1
    assert _lapsed() == []


@pytest.mark.parametrize(("ends", "taken_up"), [(_day(-11), 0), (_day(-1), 1), (TODAY, 0)])
def test_a_free_period_gone_by_is_taken_up(platform: Platform, ends: date, taken_up: int) -> None:
    FreePeriod.objects.create(capability=Capability.objects.get(), starts_on=_day(-30), ends_on=ends)

    assert [listings_age(today=TODAY), listings_age(today=TODAY)] == [taken_up, 0]


def test_a_platform_never_looked_at_is_taken_up_whatever_its_age(platform: Platform) -> None:
    Platform.objects.update(dated_on=None)
    _paper(platform, date(2001, 1, 1))

    assert listings_age(today=TODAY) == 1


def test_a_hidden_platform_waits_until_it_is_published(platform: Platform) -> None:
    _paper(platform, _day(-1))
    Platform.objects.update(status="suspended")

    assert listings_age(today=TODAY) == 0


def test_a_platform_being_written_is_left_to_its_writer(platform: Platform) -> None:
    _paper(platform, _day(-1))
    is_locked, is_done = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Platform.objects.select_for_update().get(pk=platform.pk)
            is_locked.set()
            assert is_done.wait(20)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert is_locked.wait(20)
    try:
        assert listings_age(today=TODAY) == 0
    finally:
        is_done.set()
        writer.join(20)
    assert listings_age(today=TODAY) == 1


def test_loading_a_listing_looks_at_its_dates(zone: Zone) -> None:
    part = {"id": "x-1-1", "name": "线", "summary": "", "availability": [{"from": "2020-01-01", "to": "2020-02-01"}]}
    platform_load(record={"id": "x-1", "name": "平台", "capabilities": [part]}, zone=zone, publish=True)

    assert listings_age(today=timezone.localdate()) == 0


@pytest.mark.parametrize(
    ("left", "days"), [(91, []), (90, [90]), (31, [31]), (30, [30]), (8, [8]), (7, [7]), (1, [1]), (0, [0]), (-1, [])]
)
def test_operators_are_warned_within_ninety_thirty_and_seven_days(
    platform: Platform, left: int, days: list[int]
) -> None:
    _paper(platform, _day(left), number="SC-1")

    assert certificates_warn(today=TODAY) == len(days)

    assert _notices() == [("certificate.expiring", "operator", day) for day in days]


def test_each_warning_comes_once_also_when_the_listing_is_loaded_anew(platform: Platform) -> None:
    _paper(platform, _day(30), number="SC-1")
    certificates_warn(today=TODAY)
    OutboxEvent.objects.all().delete()
    Certificate.objects.all().delete()
    _paper(platform, _day(30), number="SC-1")

    counts = [certificates_warn(today=_day(days)) for days in (1, 2, 22, 23, 24, 30, 31)]

    assert counts == [0, 0, 0, 1, 0, 0, 0]
    assert [days for *_, days in _notices()] == [30, 7]
    assert OutboxEvent.objects.filter(topic="notification.owed").count() == 1


def test_a_renewed_certificate_is_warned_of_anew(platform: Platform) -> None:
    _paper(platform, _day(5))
    _paper(platform, _day(6))

    assert certificates_warn(today=TODAY) == 2


def test_nobody_is_told_of_a_platform_without_operator_here(platform: Platform) -> None:
    Platform.objects.update(organization=None)
    _paper(platform, _day(5))

    assert certificates_warn(today=TODAY) == 0


def test_beat_knows_the_task() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["take-up-dates"]

    assert (entry["task"], entry["options"]["expires"] < entry["schedule"]) == (take_up_dates.name, True)


def test_free_days_gone_by_are_no_availability(platform: Platform) -> None:
    capability, today = Capability.objects.get(), timezone.localdate()
    week = timedelta(days=7)

    def availability() -> object:
        (record,) = changed_since(-1)
        return record.capability["availability"]

    assert availability() is None
    Capability.objects.update(is_availability_known=True)
    assert availability() == []

    FreePeriod.objects.create(capability=capability, starts_on=today - 2 * week, ends_on=today - week)
    assert availability() is None

    FreePeriod.objects.create(capability=capability, starts_on=today - week, ends_on=today)
    FreePeriod.objects.create(capability=capability, starts_on=today + week, ends_on=today + 2 * week)
    assert availability() == [
        {"from": f"{today}", "to": f"{today}"},
        {"from": f"{today + week}", "to": f"{today + 2 * week}"},
    ]


def test_a_certificate_whose_successor_is_published_is_not_warned_of(platform: Platform) -> None:
    old = _paper(platform, _day(5))
    successor = _paper(platform, _day(400))
    Certificate.objects.filter(pk=successor.pk).update(renews=old)

    assert certificates_warn(today=TODAY) == 0
