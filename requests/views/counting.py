"""The live count beside the conditions: who could meet them as they stand on the sheet, stored or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from requests import counting
from requests.forms import ConditionForm
from requests.records import problems_of

from .sheet import Sheet

_PREFIX = "row"


@dataclass(frozen=True, slots=True)
class LiveCount:
    """`number` capabilities violate no “must”; `skipped` rows could not be read and are not counted with."""

    number: int
    skipped: int


def live_count(sheet: Sheet) -> LiveCount | None:
    """Count over the rows as they stand, without those to be removed; None before there are any rows."""
    if sheet.rows is None:
        return None
    kept = [record for row in sheet.rows if (record := _record(row)) is not None]
    usable = [record for record in kept if record and not problems_of(record)]
    number = counting.count(usable)
    return None if number is None else LiveCount(number, len(kept) - len(usable))


def _record(row: ConditionForm) -> dict[str, Any] | None:
    """The row's condition, {} where it cannot be read, None where it is not to count."""
    if not row.is_bound:
        typed = {f"{_PREFIX}-{name}": value for name, value in row.raw.items() if value not in (None, False)}
        row = ConditionForm(typed, prefix=_PREFIX)
    if row["remove"].value() or row.is_only_proposed:
        return None
    return row.record() if row.is_valid() else {}
