"""What a file holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput

MAX_ROWS = 5_000
MAX_INFLATED = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one row; `column` is a heading of the sheet or a path in the record, or empty."""

    row: int
    column: str
    problem: str

    def as_json(self) -> dict[str, Any]:
        """As the job keeps and the API shows it."""
        return {"row": self.row, "column": self.column, "problem": self.problem}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is stored together: one platform, with the rows it came from. Without `record` only problems are left.

    `is_whole`: the record is all of the platform; otherwise it adds to what is there.
    """

    rows: tuple[int, ...]
    record: dict[str, Any] | None
    is_whole: bool
    problems: tuple[Problem, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """As the job keeps it."""
        return {
            "rows": list(self.rows),
            "record": self.record,
            "is_whole": self.is_whole,
            "problems": [problem.as_json() for problem in self.problems],
        }


def unusable(problem: str) -> InvalidInput:
    """The refusal of a whole file."""
    return InvalidInput(problem, errors={"file": [problem]})


def too_many_rows() -> InvalidInput:
    """The refusal of a file that is too long."""
    return unusable(_("The file has more than %(most)s rows.") % {"most": MAX_ROWS})
