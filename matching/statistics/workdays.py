"""Working days: Monday to Friday, by the clock of the service's own time zone. Public holidays are not known here."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

LATE_AFTER = 2
# Whole numbers: where seconds are no longer exact, three days would now and then be shown as two.
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND
_WEEK = 5 * _DAY
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - local wall time, made aware where it leaves this module


def workdays_between(since: datetime, now: datetime) -> float:
    """Working days from `since` to `now`, both aware; Saturday and Sunday add nothing. Negative if `since` is later."""
    return (_position(now) - _position(since)) / _DAY


def workdays_before(now: datetime, days: float) -> datetime:
    """The moment `days` working days before `now`: what began earlier is older than that."""
    weeks, rest = divmod(_position(now) - round(days * _DAY), _WEEK)
    whole, rest = divmod(rest, _DAY)
    moment = _MONDAY + timedelta(weeks=weeks, days=whole, microseconds=rest)
    return timezone.make_aware(moment)


def _position(moment: datetime) -> int:
    """Working time in microseconds from a Monday long ago; it stands still over the weekend."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    days = (local.date() - _MONDAY.date()).days
    weeks, weekday = divmod(days, 7)
    today = (local - datetime.combine(local.date(), time())) // _MICROSECOND if weekday < 5 else 0
    return weeks * _WEEK + min(weekday, 5) * _DAY + today
