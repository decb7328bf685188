"""The grid in values: what a cell says, and which run of weeks fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from platforms.desk.grid import Cell, Row, Unit, grid_of, lines_of, units_of, weeks_from, with_suggestion
from platforms.models import Capability, CapacitySlot, Equipment, FreePeriod
from zhongshi.accounts.actors import Actor

MONDAY = date(2026, 11, 23)
WEEK = timedelta(weeks=1)


def row(states: str, *, device: bool = False) -> Row:
    """A row of weeks: f free, b booked, p partly free, . nothing said."""
    names = {"f": "free", "b": "booked", "p": "partly", ".": ""}
    unit = Unit(Capability(name="线"), Equipment(pk=1, name="R-501") if device else None)
    return Row(unit, [Cell(MONDAY + n * WEEK, names[letter]) for n, letter in enumerate(states)])


def marked(rows: list[Row]) -> list[str]:
    return ["".join("S" if cell.is_suggested else "-" for cell in one.cells) for one in rows]


@pytest.mark.parametrize(
    ("rows", "length", "latest", "found"),
    [
        (["bffb"], 2, None, ["-SS-"]),
        (["bffb"], 3, None, ["----"]),
        (["pf.f"], 1, None, ["-S--"]),
        (["bbff", "bffb"], 2, None, ["----", "-SS-"]),
        (["bbff"], 2, MONDAY + WEEK, ["----"]),
        (["bbff"], 2, MONDAY + 2 * WEEK, ["--SS"]),
        ([], 1, None, []),
    ],
)
def test_the_first_run_that_is_long_enough_is_suggested(
    rows: list[str], length: int, latest: date | None, found: list[str]
) -> None:
    assert marked(with_suggestion([row(one) for one in rows], weeks_needed=length, latest=latest)) == found


def test_a_device_goes_before_its_line() -> None:
    rows = with_suggestion([row("ff"), row("ff", device=True)], weeks_needed=1, latest=None)
    assert marked(rows) == ["--", "S-"]


def test_weeks_begin_on_the_monday() -> None:
    assert weeks_from(MONDAY + timedelta(days=6), 2) == [MONDAY, MONDAY + WEEK]


def test_a_statement_goes_before_what_the_listing_says(operator: Actor, capability: Capability) -> None:
    device = Equipment.objects.create(capability=capability, name="R-501")
    FreePeriod.objects.create(capability=capability, starts_on=MONDAY, ends_on=MONDAY + 2 * WEEK + timedelta(days=1))
    CapacitySlot.objects.create(
        capability=capability, week=MONDAY, state="booked", note="自用", updated_by=operator.user
    )
    weeks = weeks_from(MONDAY, 4)

    line, unit = grid_of(lines_of(operator, weeks), weeks)

    assert [cell.state for cell in line.cells] == ["booked", "free", "partly", ""]
    assert [cell.state for cell in unit.cells] == ["", "", "", ""]
    assert (line.cells[0].note, unit.unit.equipment) == ("自用", device)


def test_only_ones_own_lines(operator2: Actor, capability: Capability) -> None:
    assert units_of(lines_of(operator2, weeks_from(MONDAY))) == []
