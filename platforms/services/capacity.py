"""What an operator states of its weeks. The engine's free days follow in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import SlotState
from platforms.models import Capability, CapacitySlot, Equipment, Platform
from platforms.rules import runs
from zhongshi.accounts.actors import Actor
from zhongshi.core.audit import record
from zhongshi.core.errors import InvalidInput, NotAllowed

from .listings import touch
from .periods import follow_slots

MOST_WEEKS = 104
MOST_ENTRIES = 2000
CLEARED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEntry:
    """One week (its Monday) of a capability, or of one of its devices. The state "" takes back what was said."""

    capability: Capability
    week: date
    state: str
    equipment: Equipment | None = None
    note: str = ""


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of the weeks from the one that holds `first` to the one that holds `last`."""
    start, end = monday_of(first), monday_of(last)
    return [start + timedelta(weeks=n) for n in range((end - start).days // 7 + 1)]


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def slots_state(*, actor: Actor, entries: Sequence[SlotEntry]) -> int:
    """State weeks of one's own lines and devices; returns how many differ from what was stated before.

    Every listing with a difference counts as changed. Raises NotAllowed for another's line, InvalidInput for a state,
    note or week that cannot be stored; then nothing is.
    """
    if not all(runs(actor, entry.capability.platform) for entry in entries):
        raise NotAllowed
    _check(entries)
    by_platform: dict[int, list[SlotEntry]] = defaultdict(list)
    for entry in entries:
        by_platform[entry.capability.platform_id].append(entry)
    with transaction.atomic(durable=True):
        # In the order of their keys: two people who state weeks of the same platforms never wait for one another.
        return sum(_state(actor, pk, by_platform[pk]) for pk in sorted(by_platform))


def _check(entries: Sequence[SlotEntry]) -> None:
    this_week = monday_of(timezone.localdate())
    latest = this_week + timedelta(weeks=MOST_WEEKS)
    errors: dict[str, list[str]] = {}
    if len(entries) > MOST_ENTRIES:
        errors["weeks"] = [_("At most %(most)s weeks at once.") % {"most": MOST_ENTRIES}]
    if any(entry.state not in {CLEARED, *SlotState.values} for entry in entries):
        errors["state"] = [_("Please choose a state.")]
    if any(len(entry.note) > 200 for entry in entries):
        errors["note"] = [_("At most %(most)s characters.") % {"most": 200}]
    if any(entry.week != monday_of(entry.week) or not this_week <= entry.week <= latest for entry in entries):
        errors["week"] = [_("Weeks from this one to %(day)s can be stated.") % {"day": latest}]
    if any(entry.equipment and entry.equipment.capability_id != entry.capability.pk for entry in entries):
        errors["unit"] = [_("This device belongs to another line.")]
    if errors:
        raise InvalidInput(errors=errors)


def _state(actor: Actor, platform_id: int, entries: Sequence[SlotEntry]) -> int:
    # The race: an import or an editor writing the same platform, which rewrites its free periods as well.
    platform = Platform.objects.select_for_update(of=("self",)).select_related("zone").get(pk=platform_id)
    lines = {entry.capability.pk: entry.capability for entry in entries}
    known = {
        (slot.capability_id, slot.equipment_id, slot.week): slot
        for slot in CapacitySlot.objects.filter(capability__in=lines)
    }
    changed = [entry for entry in entries if _differs(entry, known.get(_key(entry)))]
    for entry in changed:
        _write(actor, entry, known.get(_key(entry)))
    for pk in sorted({entry.capability.pk for entry in changed}):
        weeks = sorted({entry.week for entry in changed if entry.capability.pk == pk})
        follow_slots(lines[pk], weeks)
        detail = {"weeks": [week.isoformat() for week in weeks], "states": sorted({e.state for e in changed})}
        record("capacity_stated", lines[pk], actor=actor.user, zone_code=platform.zone.code, detail=detail)
    if changed:
        touch(platform)
    return len(changed)


def _key(entry: SlotEntry) -> tuple[int, int | None, date]:
    return entry.capability.pk, entry.equipment.pk if entry.equipment else None, entry.week


def _differs(entry: SlotEntry, slot: CapacitySlot | None) -> bool:
    if slot is None:
        return entry.state != CLEARED
    return (entry.state, entry.note) != (slot.state, slot.note)


def _write(actor: Actor, entry: SlotEntry, slot: CapacitySlot | None) -> None:
    if entry.state == CLEARED:
        assert slot is not None  # noqa: S101 - it differs
        slot.delete()
        return
    slot = slot or CapacitySlot(capability=entry.capability, equipment=entry.equipment, week=entry.week)
    slot.state, slot.note, slot.updated_by = entry.state, entry.note, actor.user
    slot.save()
