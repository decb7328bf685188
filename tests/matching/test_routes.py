"""Routes as people see them: what the listings publish, added up; a listing taken down drops its route."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import ScoringRun
from matching.routes import route_record, shown_routes
from platforms.models import Capability, FreePeriod
from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, ConditionFactory, PlatformFactory, QuoteFactory, ScoringRunFactory
from zhongshi.accounts.actors import Actor

pytestmark = pytest.mark.django_db


def _in(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _line(region: str, price: Any, *periods: tuple[int, int], **columns: Any) -> Capability:
    row = CapabilityFactory.create(
        platform=PlatformFactory.create(region=region), price=price, is_availability_known=bool(periods), **columns
    )
    for first, last in periods:
        FreePeriod.objects.create(capability=row, starts_on=_in(first), ends_on=_in(last))
    return row


def _run(need: Need, *rows: Capability) -> ScoringRun:
    uuids = [str(row.uuid) for row in rows]
    steps = [{"capability": uuid, "conditions": [number]} for number, uuid in enumerate(uuids)]
    return ScoringRunFactory.create(need=need, routes=[{"capabilities": uuids, "steps": steps, "missing": []}])


def _totals(need: Need, *rows: Capability) -> Any:
    (route,) = shown_routes(need, _run(need, *rows))
    assert route.capabilities == list(rows)
    return route_record(route)["totals"]


def _window(need: Need, weeks: float | None = 2) -> None:
    window = {"earliest_start": f"{_in(10)}", "latest_start": f"{_in(30)}", "weeks": weeks}
    ConditionFactory.create(need=need, kind="window", value=None, extra=window)


def test_totals_add_up_what_the_listings_state(need: Need) -> None:
    _window(need)
    chengdu = _line("510100", {"amount": 7.5, "unit": "万元/周"}, (0, 100))
    zone = _line("四川/成都高新区", {"amount": 20000, "unit": "元/周"}, (0, 40))
    chongqing = _line("500000", {"amount": 1, "unit": "万元/周"}, (0, 5), (45, 60))

    assert _totals(need, chengdu, zone, chongqing) == {
        "price": {"per_week": 105_000.0, "currency": "CNY", "unknown": 0},
        "time": {"start": f"{_in(10)}", "end": f"{_in(58)}", "is_booked": False, "unknown": 0},
        "distance": {"km": 264, "unknown": 0},
    }


@pytest.mark.parametrize("price", [None, {"amount": 3, "unit": "万元/批"}, {"amount": 3, "unit": ""}])
def test_what_cannot_be_added_counts_as_unknown(need: Need, price: Any) -> None:
    _window(need)
    silent, ran_out = _line("510000", price), _line("", price, (-20, -1))
    known = _line("420100", {"amount": 1, "unit": "万元/周"}, (0, 100))

    assert _totals(need, silent, known, ran_out) == {
        "price": {"per_week": 10_000.0, "currency": "CNY", "unknown": 2},
        "time": {"start": None, "end": None, "is_booked": False, "unknown": 2},
        "distance": {"km": None, "unknown": 2},
    }


def test_a_need_without_window_takes_its_duration_from_today(need: Need) -> None:
    ConditionFactory.create(need=need, kind="duration", value=None, quantity="duration", low=8, high=10, unit="day")
    rows = [_line("510100", None, (-50, 100)), _line("510100", None, (3, 40))]

    assert _totals(need, *rows)["time"] == {
        "start": f"{_in(0)}", "end": f"{_in(27)}", "is_booked": False, "unknown": 0,
    }  # fmt: skip


def test_full_calendars_are_said_to_be_full(need: Need) -> None:
    _window(need)
    rows = [_line("510100", None, (0, 100)), _line("510100", None, (0, 20))]

    assert _totals(need, *rows)["time"] == {"start": None, "end": None, "is_booked": True, "unknown": 0}


def test_a_listing_taken_down_drops_its_route(need: Need) -> None:
    rows = [_line("510100", None), _line("510100", None, status="suspended")]

    assert shown_routes(need, _run(need, *rows)) == []


def test_a_quote_never_enters(need: Need) -> None:
    listed = _line("510100", None)
    QuoteFactory.create(match__need=need, match__capability=listed, match__quoted=True)
    ScoringRun.objects.filter(need=need).update(
        routes=[{"capabilities": [str(listed.uuid)], "steps": [], "missing": []}]
    )

    (route,) = shown_routes(need, ScoringRun.objects.get(need=need))

    assert route.totals.price is None


@pytest.mark.parametrize("number", [2, 3])
def test_routes_cost_the_same_whatever_their_number(
    need: Need, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = _run(need, *[_line("510100", None, (0, 5)) for _ in range(number)])
    shown_routes(need, run)

    # Vocabulary version, listings, their free periods, the need's conditions.
    with django_assert_num_queries(4):
        shown_routes(need, run)


def test_owner_reads_totals_on_page_and_in_the_api(need: Need, enterprise: Actor, client: Client, api: ApiOf) -> None:
    _window(need)
    run = _run(need, _line("510100", {"amount": 7.5, "unit": "万元/周"}, (0, 100)), _line("420100", None, (0, 100)))

    client.force_login(enterprise.user)
    page = client.get(f"/needs/{need.number}/matches/").content.decode()
    answer = api(enterprise).get(f"/api/v1/needs/{need.uuid}/matches/").json()

    assert "<dd>至少 7.5 万元/周，1 项未注明</dd>" in page
    assert f"<dd>{_in(10)} 至 {_in(37)}</dd>" in page
    assert "<dd>980 公里</dd>" in page
    assert answer["routes"][0]["steps"] == run.routes[0]["steps"]
    assert answer["routes"][0]["totals"]["price"] == {"per_week": 75000.0, "currency": "CNY", "unknown": 1}
