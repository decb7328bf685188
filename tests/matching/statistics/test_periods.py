"""Periods by their names, and what each is compared with."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from matching.statistics.periods import Span, month_of, offered_periods, period_named

HERE = ZoneInfo("Asia/Shanghai")


def _day(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=HERE)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026-11", _day(2026, 11, 1), _day(2026, 12, 1)),
        ("2026-12", _day(2026, 12, 1), _day(2027, 1, 1)),
        ("2026-Q4", _day(2026, 10, 1), _day(2027, 1, 1)),
        ("2026", _day(2026, 1, 1), _day(2027, 1, 1)),
    ],
)
def test_a_name_is_a_span(code: str, start: datetime, end: datetime) -> None:
    period = period_named(code)

    assert period is not None
    assert period.span == Span(start, end)


@pytest.mark.parametrize("code", ["", "2026-13", "2026-Q5", "1999", "2026-1", "November"])
def test_other_words_name_none(code: str) -> None:
    assert period_named(code) is None


def test_a_running_period_is_compared_with_as_much_of_the_one_before() -> None:
    month = month_of(date(2026, 11, 21))

    assert month.compared(_day(2026, 11, 3)) == Span(_day(2026, 10, 1), _day(2026, 10, 3))
    assert month.compared(_day(2026, 12, 5)) == Span(_day(2026, 10, 1), _day(2026, 11, 1))


def test_a_longer_month_is_not_compared_beyond_the_end_of_a_shorter() -> None:
    assert month_of(date(2026, 3, 31)).compared(_day(2026, 3, 31)) == Span(_day(2026, 2, 1), _day(2026, 3, 1))


def test_offers_a_year_of_months_and_the_longer_ones() -> None:
    codes = [period.code for period in offered_periods(date(2026, 2, 7))]

    assert codes[:3] == ["2026-02", "2026-01", "2025-12"]
    assert codes[11:] == ["2025-03", "2026-Q1", "2026", "2025"]


def test_periods_have_names_for_people(english: None) -> None:
    assert [period.label for code in ("2026-11", "2026-Q4", "2026") if (period := period_named(code))] == [
        "November 2026",
        "quarter 4 of 2026",
        "the year 2026",
    ]
