"""Working days: the weekend adds nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.statistics.workdays import workdays_before, workdays_between

HERE = ZoneInfo("Asia/Shanghai")


def _at(day: int, hour: int = 0) -> datetime:
    """A moment of November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=HERE)


@pytest.mark.parametrize(
    ("since", "now", "days"),
    [
        (_at(2), _at(3), 1.0),
        (_at(2, 9), _at(2, 21), 0.5),
        (_at(6, 12), _at(9, 12), 1.0),  # Friday noon to Monday noon
        (_at(7), _at(8, 23), 0.0),  # within a weekend
        (_at(2), _at(16), 10.0),
    ],
)
def test_only_monday_to_friday_count(since: datetime, now: datetime, days: float) -> None:
    assert workdays_between(since, now) == days


@pytest.mark.parametrize(
    ("now", "days", "moment"),
    [(_at(4, 10), 2, _at(2, 10)), (_at(9, 12), 1, _at(6, 12)), (_at(10, 8), 2, _at(6, 8)), (_at(8, 12), 1, _at(6))],
)
def test_looks_back_over_the_weekend(now: datetime, days: float, moment: datetime) -> None:
    assert workdays_before(now, days) == moment


@given(
    st.integers(0, 60 * 24 * 40).map(lambda minutes: _at(1) + timedelta(minutes=minutes)),
    st.integers(0, 60 * 24 * 20),
)
def test_what_began_before_the_moment_is_older(now: datetime, minutes: int) -> None:
    since = now - timedelta(minutes=minutes)
    if since < workdays_before(now, 2):
        assert workdays_between(since, now) >= 2
    else:
        assert workdays_between(since, now) <= 2


@example(datetime(2026, 12, 23, 10, 0, 0, 7, tzinfo=HERE), 3)
@given(st.timedeltas(timedelta(0), timedelta(days=9_000)).map(lambda later: _at(1) + later), st.integers(0, 99))
def test_back_and_forth_is_exact_to_the_microsecond(now: datetime, days: int) -> None:
    """In seconds as floats three days came out as 2.99… and were shown as two, from 22 December 2026 on."""
    assert workdays_between(workdays_before(now, days), now) == days
