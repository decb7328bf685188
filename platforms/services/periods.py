"""The free days the engine reads, kept in step with the weeks an operator states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.utils import timezone

from platforms.enums import SlotState
from platforms.models import Capability, FreePeriod

Period = tuple[date, date]
_DAY = timedelta(days=1)
_WEEK = timedelta(days=6)


def follow_slots(capability: Capability, weeks: Collection[date]) -> None:
    """Rewrite the capability's free periods for these weeks (Mondays) from its slots; in the caller's transaction.

    What a week says of the line itself goes before what it says of the line's devices; of these one free is enough.
    A stated week replaces what a file said of it, and the days around it stay. Without any free day left the calendar
    counts as unknown, not as full: nobody said anything of the weeks that were not stated.
    """
    before = [(row.starts_on, row.ends_on) for row in capability.free_periods.all()]
    free = _free_weeks(capability, weeks)
    after = before
    for week in weeks:
        after = _without(after, week)
    after = _joined([*after, *((week, week + _WEEK) for week in free)])
    capability.free_periods.all().delete()
    FreePeriod.objects.bulk_create(FreePeriod(capability=capability, starts_on=a, ends_on=b) for a, b in after)
    was_full = capability.is_availability_known and not before
    capability.is_availability_known = bool(after) or was_full
    capability.save(update_fields=["is_availability_known", "updated_at"])


def follow_stated_weeks(capability: Capability) -> None:
    """Put what was stated of this week and later before the free days a file has just brought."""
    weeks = capability.slots.filter(week__gt=timezone.localdate() - _WEEK - _DAY).values_list("week", flat=True)
    if stated := sorted(set(weeks)):
        follow_slots(capability, stated)


def _free_weeks(capability: Capability, weeks: Collection[date]) -> list[date]:
    own: dict[date, str] = {}
    devices: dict[date, set[str]] = defaultdict(set)
    for slot in capability.slots.filter(week__in=weeks):
        if slot.equipment_id is None:
            own[slot.week] = slot.state
        else:
            devices[slot.week].add(slot.state)
    return [week for week in weeks if own.get(week) == SlotState.FREE or _by_devices(own, devices, week)]


def _by_devices(own: dict[date, str], devices: dict[date, set[str]], week: date) -> bool:
    return week not in own and SlotState.FREE in devices[week]


def _without(periods: Iterable[Period], week: date) -> list[Period]:
    """The periods less the seven days from `week` on."""
    left = []
    for first, last in periods:
        parts = [(first, min(last, week - _DAY)), (max(first, week + _WEEK + _DAY), last)]
        left += [(a, b) for a, b in parts if a <= b]
    return left


def _joined(periods: Iterable[Period]) -> list[Period]:
    """Neighbouring and overlapping periods as one."""
    joined: list[Period] = []
    for first, last in sorted(periods):
        if joined and first <= joined[-1][1] + _DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
