"""An operator's own bookings as an iCalendar feed: what is not free, and nothing of any need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from platforms.enums import SlotState
from platforms.models import CapacitySlot
from zhongshi.accounts.models import Organization

SHOWN_BACK = timedelta(weeks=12)
_WEEK = timedelta(weeks=1)


def feed_of(organization: Organization) -> bytes:
    """The organization's weeks that are taken, from twelve weeks ago on; neighbouring equal weeks are one event."""
    calendar = Calendar()
    calendar.add("prodid", "-//Zhongshi//capacity//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Capacity of %(name)s") % {"name": organization.name})
    for run in _runs(_taken(organization)):
        calendar.add_component(_event(run))
    body: bytes = calendar.to_ical()
    return body


def _taken(organization: Organization) -> Iterable[CapacitySlot]:
    rows = CapacitySlot.objects.filter(
        capability__platform__organization=organization, week__gte=timezone.localdate() - SHOWN_BACK
    ).exclude(state=SlotState.FREE)
    return rows.select_related("capability", "equipment").order_by("capability_id", "equipment_id", "week")


def _runs(slots: Iterable[CapacitySlot]) -> Iterator[list[CapacitySlot]]:
    """Weeks of one unit that follow each other and say the same."""
    for _key, group in groupby(slots, key=lambda slot: (slot.capability_id, slot.equipment_id)):
        run: list[CapacitySlot] = []
        for slot in group:
            if run and (slot.week, slot.state, slot.note) != (run[-1].week + _WEEK, run[-1].state, run[-1].note):
                yield run
                run = []
            run.append(slot)
        yield run


def _event(run: list[CapacitySlot]) -> Event:
    first = run[0]
    event = Event()
    event.add("uid", _uid(first, first.week))
    event.add("dtstamp", max(slot.updated_at for slot in run))
    event.add("dtstart", first.week)
    event.add("dtend", run[-1].week + _WEEK)
    event.add("summary", f"{SlotState(first.state).label} · {first.equipment or first.capability}")
    if first.note:
        event.add("description", first.note)
    return event


def _uid(slot: CapacitySlot, week: date) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"{slot.capability.uuid}.{slot.equipment_id or 'line'}.{week}@{host}"
