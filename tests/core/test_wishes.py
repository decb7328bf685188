"""Quiet hours and the time of the daily mail: arithmetic of the clock, in Shanghai."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from zhongshi.core.models import NoticeSettings
from zhongshi.core.notifications import event_of
from zhongshi.core.notifications.wishes import due_at, next_digest, quiet_until, wants

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(day: int, clock: str) -> datetime:
    return datetime.combine(datetime(2026, 11, day, tzinfo=SHANGHAI), time.fromisoformat(clock), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("21:59", ("22:00", "07:30"), None),
        ("22:00", ("22:00", "07:30"), (22, "07:30")),
        ("23:59", ("22:00", "07:30"), (22, "07:30")),
        ("00:00", ("22:00", "07:30"), (21, "07:30")),
        ("07:29", ("22:00", "07:30"), (21, "07:30")),
        ("07:30", ("22:00", "07:30"), None),
        ("12:00", ("12:00", "13:30"), (21, "13:30")),
        ("13:30", ("12:00", "13:30"), None),
        ("11:59", ("12:00", "13:30"), None),
        ("09:00", ("09:00", "09:00"), None),
    ],
)
def test_quiet_hours_end_where_they_should(now: str, quiet: tuple[str, str], until: tuple[int, str] | None) -> None:
    start, end = map(time.fromisoformat, quiet)

    assert quiet_until(_at(21, now), start, end) == (_at(*until) if until else None)


def test_the_clock_is_shanghais_whatever_the_server_counts_in() -> None:
    quarter_past_ten_pm = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)

    assert quiet_until(quarter_past_ten_pm, time(22), time(7)) == datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hour", "day"), [("08:59", 9, 21), ("09:00", 9, 22), ("09:01", 9, 22), ("23:59", 0, 22), ("00:00", 0, 22)]
)
def test_the_daily_mail_is_the_next_one(now: str, hour: int, day: int) -> None:
    assert next_digest(_at(21, now), hour) == _at(day, f"{hour:02}:00")


def test_only_what_is_urgent_passes_the_quiet_hours() -> None:
    wishes = NoticeSettings(quiet_from=time(22), quiet_to=time(7))
    late = _at(21, "23:00")

    assert due_at(wishes, event_of("match.approved"), late) == late
    assert due_at(wishes, event_of("match.quoted"), late) == _at(22, "07:00")
    assert due_at(NoticeSettings(), event_of("match.quoted"), late) == late


def test_everything_is_wanted_until_somebody_objects() -> None:
    wishes = NoticeSettings(muted=["mail:match.quoted"])

    assert not wants(wishes, event_of("match.quoted"), "mail")
    assert wants(wishes, event_of("match.quoted"), "wecom")
    assert wants(wishes, event_of("match.asked"), "mail")
    assert wants(NoticeSettings(), event_of("match.quoted"), "mail")
