"""Sums over a route that say what they do not know: exact, on calendars small enough to count by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.route_totals import Step, distance, totals

CHENGDU, CHONGQING, WUHAN = (30.57, 104.07), (29.56, 106.55), (30.59, 114.30)
DAY = date(2027, 3, 1)


def _free(*periods: tuple[int, int]) -> tuple[tuple[date, date], ...]:
    return tuple((DAY + timedelta(days=first), DAY + timedelta(days=last)) for first, last in periods)


def _day(days: int) -> date:
    return DAY + timedelta(days=days)


def _time(*calendars: tuple[tuple[int, int], ...] | None, weeks: int | None = 1, latest: int | None = None) -> object:
    steps = [Step(periods=None if periods is None else _free(*periods)) for periods in calendars]
    found = totals(steps, weeks=weeks, earliest=DAY, latest=None if latest is None else _day(latest))
    first = None if found.start is None else (found.start - DAY).days
    last = None if found.end is None else (found.end - DAY).days
    return first, last, found.unknown_calendars, found.is_booked


@pytest.mark.parametrize(
    ("prices", "total", "unknown"),
    [
        ((70_000.0, 50_000.0), 120_000.0, 0),
        ((70_000.0, None, 50_000.0), 120_000.0, 1),
        ((None, None), None, 2),
        ((0.0, None), 0.0, 1),
    ],
)
def test_prices_add_up_as_far_as_known(prices: tuple[float | None, ...], total: float | None, unknown: int) -> None:
    found = totals([Step(price=price) for price in prices], weeks=1, earliest=DAY)

    assert (found.price, found.unknown_prices) == (total, unknown)


def test_ways_are_measured_from_step_to_step() -> None:
    there = totals([Step(place=CHENGDU), Step(place=CHONGQING), Step(place=WUHAN)], weeks=1, earliest=DAY)
    assert there.km == pytest.approx(264 + 755, abs=4)
    assert there.unknown_ways == 0

    gap = totals([Step(place=CHENGDU), Step(), Step(place=WUHAN)], weeks=1, earliest=DAY)
    assert (gap.km, gap.unknown_ways) == (None, 2)

    half = totals([Step(place=CHENGDU), Step(place=CHENGDU), Step()], weeks=1, earliest=DAY)
    assert (half.km, half.unknown_ways) == (0.0, 1)


def test_distance_on_the_sphere() -> None:
    assert distance((0, 0), (0, 90)) == pytest.approx(10_007.5, abs=0.1)
    assert distance((90, 0), (-90, 0)) == pytest.approx(20_015.1, abs=0.1)
    assert distance(CHENGDU, CHENGDU) == 0.0


@pytest.mark.parametrize(
    ("calendars", "expected"),
    [
        ((((0, 6),), ((7, 13),)), (0, 13, 0, False)),
        ((((0, 20),), ((0, 20),)), (0, 13, 0, False)),
        ((((0, 5), (9, 30)), ((0, 30),)), (9, 22, 0, False)),
        ((((0, 3), (4, 6)), ((7, 13),)), (0, 13, 0, False)),
        ((((3, 40),), ((0, 16), (30, 36))), (3, 16, 0, False)),
        ((((4, 40),), ((0, 16), (30, 36))), (4, 36, 0, False)),
        ((((0, 6),), ((0, 12),)), (None, None, 0, True)),
        (((), ((0, 30),)), (None, None, 0, True)),
        ((None, ((0, 30),)), (None, None, 1, False)),
        ((None, None, ((0, 30),)), (None, None, 2, False)),
        ((((-30, -1), (5, 20)), ((0, 99),)), (5, 18, 0, False)),
    ],
)
def test_the_earliest_runs_one_after_the_other(
    calendars: tuple[tuple[tuple[int, int], ...] | None, ...], expected: tuple[object, ...]
) -> None:
    assert _time(*calendars) == expected


def test_without_a_length_the_dates_stay_unknown() -> None:
    assert _time(((0, 30),), ((0, 30),), weeks=None) == (None, None, 0, False)


@pytest.mark.parametrize(("latest", "expected"), [(5, (5, 18, 0, False)), (4, (None, None, 0, True))])
def test_only_the_first_step_must_begin_in_time(latest: int, expected: tuple[object, ...]) -> None:
    assert _time(((5, 30),), ((0, 60),), latest=latest) == expected


_CALENDAR = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=3).map(
    lambda parts: tuple((first, first + more) for first, more in parts)
)


@given(st.lists(_CALENDAR, min_size=1, max_size=3))
def test_no_sequence_of_runs_ends_earlier(calendars: list[tuple[tuple[int, int], ...]]) -> None:
    def is_free(calendar: tuple[tuple[int, int], ...], first: int) -> bool:
        return all(any(low <= day <= high for low, high in calendar) for day in range(first, first + 7))

    ends = {-1}
    for calendar in calendars:
        ends = {first + 6 for end in ends for first in range(end + 1, 70) if is_free(calendar, first)}

    found = totals([Step(periods=_free(*calendar)) for calendar in calendars], weeks=1, earliest=DAY)

    assert found.end == (_day(min(ends)) if ends else None)
    assert found.is_booked is not bool(ends)
