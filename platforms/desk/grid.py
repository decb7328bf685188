"""The capacity grid: lines and their devices against weeks, a word in every cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Prefetch

from platforms.enums import SlotState
from platforms.models import Capability, CapacitySlot, Equipment
from zhongshi.accounts.actors import Actor

SHOWN_WEEKS = 12
PARTLY = "partly"
_SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Unit:
    """A line, or one device of it. `key` names it in forms."""

    capability: Capability
    equipment: Equipment | None = None

    @property
    def key(self) -> str:
        line = str(self.capability.uuid)
        return f"{line}.{self.equipment.pk}" if self.equipment else line

    @property
    def name(self) -> str:
        return self.equipment.name if self.equipment else self.capability.name


@dataclass(frozen=True, slots=True)
class Cell:
    """One week of a unit: a slot's state, "partly" where only some days of a listing's free period fall into it, or
    "" where nobody said anything."""

    week: date
    state: str
    note: str = ""
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its weeks."""

    unit: Unit
    cells: Sequence[Cell]

    @property
    def is_device(self) -> bool:
        return self.unit.equipment is not None


def weeks_from(first: date, count: int = SHOWN_WEEKS) -> list[date]:
    """`count` Mondays from that of the week which holds `first`."""
    start = first - timedelta(days=first.weekday())
    return [start + timedelta(weeks=n) for n in range(count)]


def lines_of(actor: Actor, weeks: Collection[date], *, only: int | None = None) -> list[Capability]:
    """The actor's lines (or the one with the key `only`) with what the grid shows of those weeks, in four queries."""
    slots = CapacitySlot.objects.filter(week__range=(min(weeks), max(weeks)))
    rows = Capability.objects.visible_to(actor).filter(platform__organization=actor.organization)
    rows = rows.filter(pk=only) if only else rows
    return list(
        rows.select_related("platform")
        .prefetch_related("equipment", "free_periods", Prefetch("slots", queryset=slots, to_attr="shown_slots"))
        .order_by("platform_id", "position", "pk")
    )


def units_of(lines: Iterable[Capability]) -> list[Unit]:
    """Each line followed by its devices."""
    return [unit for line in lines for unit in (Unit(line), *(Unit(line, device) for device in line.equipment.all()))]


def grid_of(lines: Iterable[Capability], weeks: Sequence[date]) -> list[Row]:
    """A row a unit. A line without a statement for a week shows what its listing says of free days."""
    return [_row(unit, weeks) for unit in units_of(lines)]


def _row(unit: Unit, weeks: Sequence[date]) -> Row:
    device = unit.equipment.pk if unit.equipment else None
    shown: list[CapacitySlot] = unit.capability.shown_slots  # type: ignore[attr-defined] # by `lines_of`
    slots = {slot.week: slot for slot in shown if slot.equipment_id == device}
    return Row(unit, [_cell(unit, week, slots.get(week)) for week in weeks])


def _cell(unit: Unit, week: date, slot: CapacitySlot | None) -> Cell:
    if slot:
        return Cell(week, slot.state, slot.note)
    return Cell(week, "" if unit.equipment else _by_listing(unit.capability, week))


def _by_listing(line: Capability, week: date) -> str:
    sunday = week + _SUNDAY
    periods = [(row.starts_on, row.ends_on) for row in line.free_periods.all()]
    if any(first <= week and sunday <= last for first, last in periods):
        return SlotState.FREE
    return PARTLY if any(first <= sunday and week <= last for first, last in periods) else ""


def with_suggestion(rows: Sequence[Row], *, weeks_needed: int, latest: date | None) -> list[Row]:
    """Mark the first run of free weeks that is long enough and begins by `latest`, on the unit that has it first."""
    # Of two that are free at once the device goes before its line: it is what will be booked.
    runs = [
        (start, not row.is_device, position)
        for position, row in enumerate(rows)
        if (start := _run(row, weeks_needed)) is not None and (latest is None or row.cells[start].week <= latest)
    ]
    if not runs:
        return list(rows)
    start, _is_line, position = min(runs)
    marked = range(start, start + weeks_needed)
    cells = [replace(cell, is_suggested=n in marked) for n, cell in enumerate(rows[position].cells)]
    return [replace(row, cells=cells) if n == position else row for n, row in enumerate(rows)]


def _run(row: Row, length: int) -> int | None:
    """Where the first `length` free weeks in a row begin."""
    free = [cell.state == SlotState.FREE for cell in row.cells]
    return next((n for n in range(len(free) - length + 1) if all(free[n : n + length])), None)
