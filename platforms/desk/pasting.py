"""Weeks pasted from a spreadsheet: names down, Mondays across, a word in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from platforms.enums import SlotState
from platforms.services.capacity import CLEARED, SlotEntry, monday_of
from zhongshi.core.errors import InvalidInput

from .grid import Unit

MOST_CHARACTERS = 50_000
_WORDS = {
    "空闲": SlotState.FREE,
    "free": SlotState.FREE,
    "已订": SlotState.BOOKED,
    "booked": SlotState.BOOKED,
    "检修": SlotState.MAINTENANCE,
    "maintenance": SlotState.MAINTENANCE,
    "预留": SlotState.RESERVED,
    "reserved": SlotState.RESERVED,
    "—": CLEARED,
    "-": CLEARED,
}


def pasted_entries(text: str, units: Sequence[Unit], *, today: date) -> list[SlotEntry]:
    """Read a pasted table. An empty cell leaves its week as it is, "—" takes back what was said.

    Dates may be written 2026-11-23, 2026/11/23 or 11-23; one without a year is the next such day. Raises InvalidInput
    with a line for each cell, name or date that cannot be read.
    """
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    if len(text) > MOST_CHARACTERS or len(rows) < 2:
        raise InvalidInput(errors={"table": [_("Paste a table: names in the first column, weeks in the first row.")]})
    problems: list[str] = []
    weeks = [_week(cell, today, problems) for cell in rows[0][1:]]
    known = _by_name(units)
    entries: list[SlotEntry] = []
    for number, cells in enumerate(rows[1:], start=2):
        unit = known.get(cells[0].strip())
        if unit is None:
            problems.append(_("Row %(row)s: no line or device of yours is called “%(name)s”.") % _at(number, cells[0]))
            continue
        entries += _entries(unit, weeks, cells[1:], number, problems)
    if problems:
        raise InvalidInput(errors={"table": problems[:20]})
    return entries


def _by_name(units: Sequence[Unit]) -> dict[str, Unit]:
    """Units by name; a name several have names nothing."""
    times = Counter(unit.name.strip() for unit in units)
    return {unit.name.strip(): unit for unit in units if times[unit.name.strip()] == 1}


def _at(row: int, name: str) -> dict[str, object]:
    return {"row": row, "name": name.strip()[:60]}


def _week(cell: str, today: date, problems: list[str]) -> date | None:
    text = cell.strip().replace("/", "-").replace(".", "-")
    if not text:
        return None
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        day = date(*numbers) if len(numbers) == 3 else _coming(*numbers, today=today)
    except (TypeError, ValueError):
        problems.append(_("“%(name)s” is no date.") % {"name": cell.strip()[:60]})
        return None
    return monday_of(day)


def _coming(month: int, day: int, *, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= monday_of(today) else date(today.year + 1, month, day)


def _entries(
    unit: Unit, weeks: Sequence[date | None], cells: Sequence[str], number: int, problems: list[str]
) -> list[SlotEntry]:
    entries = []
    for week, cell in zip(weeks, cells, strict=False):
        word = cell.strip().lower()
        if not word or week is None:
            continue
        if word not in _WORDS:
            problems.append(_("Row %(row)s: “%(name)s” is no state.") % _at(number, cell))
            continue
        entries.append(SlotEntry(capability=unit.capability, equipment=unit.equipment, week=week, state=_WORDS[word]))
    return entries
