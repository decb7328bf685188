"""What a person wants to be told outside the page, and when: values, and the arithmetic of the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhongshi.core.models import NoticeSettings

from .registry import Event


def settings_of(user_id: int) -> NoticeSettings:
    """A person's settings, or an unsaved row that says: everything at once."""
    return NoticeSettings.objects.filter(user_id=user_id).first() or NoticeSettings(user_id=user_id)


def settings_save(
    *, user_id: int, muted: Iterable[str], digest_hour: int | None, quiet_from: time | None, quiet_to: time | None
) -> NoticeSettings:
    """Keep a person's settings; `muted` holds "channel:event", the times are of the installation's zone."""
    values = {
        "muted": sorted(muted),
        "digest_hour": digest_hour,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
    }
    row, _ = NoticeSettings.objects.update_or_create(user_id=user_id, defaults=values)
    return row


def wants(wishes: NoticeSettings, event: Event, channel: str) -> bool:
    """Whether this event goes out by this channel."""
    return f"{channel}:{event.name}" not in wishes.muted


def due_at(wishes: NoticeSettings, event: Event, now: datetime) -> datetime:
    """When a notice may go out: now, or when the quiet hours that are running end. Urgent ones do not wait."""
    if event.is_urgent or wishes.quiet_from is None or wishes.quiet_to is None:
        return now
    return quiet_until(now, wishes.quiet_from, wishes.quiet_to) or now


def quiet_until(now: datetime, start: time, end: time) -> datetime | None:
    """The end of the quiet hours that are running at `now`, or None outside them. They may cross midnight."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    clock = local.time().replace(tzinfo=None)
    if start <= end:
        return _at(local.date(), end) if start <= clock < end else None
    if clock >= start:
        return _at(local.date() + timedelta(days=1), end)
    return _at(local.date(), end) if clock < end else None


def next_digest(now: datetime, hour: int) -> datetime:
    """The next time the daily mail leaves, strictly after `now`."""
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    at = digest_time(today, hour)
    return at if at > now else digest_time(today + timedelta(days=1), hour)


def digest_time(day: date, hour: int) -> datetime:
    """When the daily mail of `day` leaves."""
    return _at(day, time(hour))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
