"""Periods a figure is counted over: a month, a quarter, a year, each with the one it is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

_MONTH = re.compile(r"^(2\d{3})-(0[1-9]|1[0-2])$")
_QUARTER = re.compile(r"^(2\d{3})-Q([1-4])$")
_YEAR = re.compile(r"^(2\d{3})$")
MONTHS_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """`months` whole months from the first of a month; `code` is how an address names it: 2026-11, 2026-Q4, 2026."""

    code: str
    first: date
    months: int

    @property
    def span(self) -> Span:
        """All of it, by the clock of the service's own time zone."""
        return Span(_midnight(self.first), _midnight(_shifted(self.first, self.months)))

    def is_running(self, now: datetime) -> bool:
        """Whether it has not ended yet."""
        return now < self.span.end

    def compared(self, now: datetime) -> Span:
        """The period before; while this one runs only as much of it as has passed of this one."""
        before = Span(_midnight(_shifted(self.first, -self.months)), self.span.start)
        if not self.is_running(now):
            return before
        return Span(before.start, min(before.end, before.start + (now - self.span.start)))

    @property
    def label(self) -> str:
        """How people call it, in the active language."""
        if self.months == 1:
            return date_format(self.first, "YEAR_MONTH_FORMAT")
        if self.months == 3:
            words = {"year": self.first.year, "quarter": (self.first.month + 2) // 3}
            return _("quarter %(quarter)s of %(year)s") % words
        return _("the year %(year)s") % {"year": self.first.year}


def period_named(code: str) -> Period | None:
    """The period an address names, or None where it names none."""
    if found := _MONTH.match(code):
        return Period(code, date(int(found[1]), int(found[2]), 1), 1)
    if found := _QUARTER.match(code):
        return Period(code, date(int(found[1]), 3 * int(found[2]) - 2, 1), 3)
    if found := _YEAR.match(code):
        return Period(code, date(int(found[1]), 1, 1), 12)
    return None


def month_of(day: date) -> Period:
    """The month a day lies in."""
    return Period(f"{day:%Y-%m}", day.replace(day=1), 1)


def offered_periods(today: date) -> list[Period]:
    """What a page offers: the last twelve months, this quarter, this year and the last."""
    months = [month_of(_shifted(today.replace(day=1), -back)) for back in range(MONTHS_OFFERED)]
    quarter = (today.month + 2) // 3
    codes = [f"{today.year}-Q{quarter}", str(today.year), str(today.year - 1)]
    return months + [period for code in codes if (period := period_named(code))]


def _shifted(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
