"""What a file holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput

from .causes import Cause

MAX_ROWS = 5_000
MAX_INFLATED = 50_000_000
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one row; `column` is a heading of the sheet or a path in the record, or empty.

    `value` is what stands in the cell, `fix` what would mend it (see `causes`), both where known.
    """

    row: int
    column: str
    problem: str
    cause: Cause = Cause.OTHER
    value: str = ""
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the job keeps it; the API shows row, column and problem."""
        return {
            "row": self.row,
            "column": self.column,
            "problem": self.problem,
            "cause": self.cause,
            "value": self.value[:_SHOWN],
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is stored together: one platform, with the rows it came from. Without `record` only problems are left.

    `is_whole`: the record is all of the platform; otherwise it adds to what is there. `row_of` gives the row of each
    capability of a sheet, by the capability's id.
    """

    rows: tuple[int, ...]
    record: dict[str, Any] | None
    is_whole: bool
    problems: tuple[Problem, ...] = field(default=())
    row_of: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the job keeps it."""
        return {
            "rows": list(self.rows),
            "record": self.record,
            "is_whole": self.is_whole,
            "problems": [problem.as_json() for problem in self.problems],
            "row_of": self.row_of,
        }


def unusable(problem: str) -> InvalidInput:
    """The refusal of a whole file."""
    return InvalidInput(problem, errors={"file": [problem]})


def too_many_rows() -> InvalidInput:
    """The refusal of a file that is too long."""
    return unusable(_("The file has more than %(most)s rows.") % {"most": MAX_ROWS})
