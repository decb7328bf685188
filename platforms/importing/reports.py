"""What people are shown of a file: its mistakes by cause, and the rows that failed as a sheet to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshi.core.workbooks import About, Column, Sheet, workbook

from .causes import CAUSE_WORDS, Cause, fix_words
from .columns import REASON_HEADING, ROW_HEADING

_SHOWN_ROWS, _SHOWN_VALUES = 12, 3


@dataclass(slots=True)
class Group:
    """Rows with the same mistake in the same column, and the fix for all of them, where there is one."""

    cause: str
    column: str
    problem: str
    fix: str
    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The cause in words."""
        return str(CAUSE_WORDS[Cause(self.cause)])

    @property
    def fix_label(self) -> str:
        """What the fix does; empty where there is none."""
        return fix_words(self.fix) if self.fix else ""

    @property
    def shown_rows(self) -> str:
        """The first row numbers."""
        return "、".join(map(str, self.rows[:_SHOWN_ROWS]))

    @property
    def further(self) -> int:
        """How many rows are not named."""
        return max(0, len(self.rows) - _SHOWN_ROWS)


def groups_of(problems: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Problems as the job keeps them, by cause, the most frequent first."""
    found: dict[tuple[str, str, str, str], Group] = {}
    for problem in problems:
        cause, fix = problem.get("cause") or Cause.OTHER, problem.get("fix") or ""
        same = "" if cause not in {Cause.OTHER, Cause.REFUSED} else problem["problem"]
        key = (cause, problem["column"], fix, same)
        group = found.setdefault(key, Group(cause, problem["column"], problem["problem"], fix))
        group.rows.append(problem["row"])
        value = problem.get("value") or ""
        if value and value not in group.values and len(group.values) < _SHOWN_VALUES:
            group.values.append(value)
    return sorted(found.values(), key=lambda group: -len(group.rows))


def failed_sheet(
    headings: Sequence[str], cells: Mapping[str, Sequence[str]], errors: Sequence[Mapping[str, Any]], *, title: str
) -> IO[bytes]:
    """The rows that failed, as they came, with the reason behind them; mended, the sheet can be imported again.

    For a file without columns (JSON Lines) the rows are numbers and reasons alone.
    """
    reasons: dict[int, list[str]] = {}
    for error in errors:
        reasons.setdefault(error["row"], []).append(f"{error['column']}: {error['problem']}".removeprefix(": "))
    columns = [
        Column(heading or _("column %(number)s") % {"number": number}) for number, heading in enumerate(headings, 1)
    ]
    columns += [Column(ROW_HEADING), Column(REASON_HEADING, width=60)]
    rows = [
        [*_padded(cells.get(str(row), []), len(headings)), str(row), "；".join(texts)]
        for row, texts in sorted(reasons.items())
    ]
    return workbook([Sheet(_("Failed rows"), columns, rows)], About(title=title, at=timezone.now()))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]
