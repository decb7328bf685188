"""The live count beside the conditions: who could meet them as they stand on the sheet, stored or not."""

from __future__ import annotations

from dataclasses import dataclass

from requests import counting

from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class LiveCount:
    """`number` capabilities violate no “must”; `skipped` rows could not be read and are not counted with."""

    number: int
    skipped: int


def live_count(sheet: Sheet) -> LiveCount | None:
    """Count over the rows as they stand, without those to be removed; None before there are any rows."""
    if sheet.rows is None:
        return None
    usable, skipped = sheet.usable()
    number = counting.count(usable)
    return None if number is None else LiveCount(number, skipped)
