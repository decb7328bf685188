"""The next twelve weeks of a capability, each with its word: from its calendar, else from its free periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import SlotState
from platforms.models import Capability

WEEKS = 12
_LOOKS = {
    SlotState.FREE: "slot-free",
    SlotState.BOOKED: "slot-booked",
    SlotState.MAINTENANCE: "slot-service",
    SlotState.RESERVED: "slot-held",
}


@dataclass(frozen=True, slots=True)
class Week:
    """The week from `monday` on: its word and the class it is drawn with."""

    monday: date
    word: str
    css: str


def coming_weeks(capability: Capability) -> list[Week]:
    """Twelve weeks from this one on; empty where nothing is known of any. Wants `slots` and `free_periods` fetched."""
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday())
    slots = {slot.week: slot.state for slot in capability.slots.all() if slot.equipment_id is None}
    weeks = [_week(capability, slots, first + timedelta(weeks=number)) for number in range(WEEKS)]
    return weeks if any(week.css != "slot-unknown" for week in weeks) else []


def _week(capability: Capability, slots: dict[date, str], monday: date) -> Week:
    if state := slots.get(monday):
        return Week(monday, str(SlotState(state).label), _LOOKS[SlotState(state)])
    sunday = monday + timedelta(days=6)
    for period in capability.free_periods.all():
        if period.starts_on <= sunday and monday <= period.ends_on:
            whole = period.starts_on <= monday and sunday <= period.ends_on
            return Week(monday, str(SlotState.FREE.label) if whole else _("partly free"), "slot-free")
    return Week(monday, _("not stated"), "slot-unknown")
