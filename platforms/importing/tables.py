"""Sheets: a heading row, then a capability a row; rows of one platform belong together."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from platforms.records import check_platform
from zhongshi.core.errors import InvalidInput
from zhongshi.core.workbooks import unescaped
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon

from .causes import REPEATS, Cause
from .columns import COLUMNS, EXAMPLE_MARK, NEEDED
from .model import MAX_ROWS, Problem, Unit, too_many_rows, unusable
from .rows import HEAD, Line, capability_of, read_line

_MOST_KEPT, _LONGEST_KEPT = 50, 2_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read: the field of each column (empty: kept aside), which row names them, what is mended."""

    headings: Sequence[str]
    columns: Sequence[str]
    first: int
    fixes: frozenset[str] = frozenset()

    def heading(self, field: str) -> str:
        """The sheet's own word for a field."""
        return self.headings[self.columns.index(field)] if field in self.columns else field


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What holds for every row: the layout; whose sheet it is; the words known."""

    layout: Layout
    owner: str
    lexicon: Lexicon


def rows_of_csv(text: str) -> list[list[str]]:
    """Cells row by row; the separator is the one the heading row has most of."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise unusable(_("The file is not CSV.")) from None
    return [[unescaped(cell.replace("\0", "").strip()) for cell in row] for row in rows]


def check_columns(columns: Sequence[str]) -> None:
    """Raise InvalidInput where a needed column is missing, or two columns are the same field."""
    missing = [COLUMNS[field].names[0] for field in NEEDED if field not in columns]
    if missing:
        problem = _("The first row must name the columns; missing: %(missing)s.") % {"missing": "、".join(missing)}
        raise unusable(problem)
    twice = {field for field in columns if field in COLUMNS and list(columns).count(field) > 1}
    if twice:
        names = "、".join(str(COLUMNS[field].label) for field in sorted(twice))
        raise unusable(_("Several columns are meant as the same: %(names)s.") % {"names": names})


def units_of_table(rows: Sequence[Sequence[str]], layout: Layout, *, owner: str) -> list[Unit]:
    """One unit a platform, in the order of the sheet.

    `owner` (an organization's public id) keeps the ids made for the rows apart from everybody else's. Raises
    InvalidInput where a needed column is missing or nothing stands below the headings.
    """
    check_columns(layout.columns)
    below = [(number, row) for number, row in enumerate(rows, start=1) if number > layout.first + 1 and any(row)]
    numbered = [(number, row) for number, row in below if not any(cell.startswith(EXAMPLE_MARK) for cell in row)]
    if len(numbered) > MAX_ROWS:
        raise too_many_rows()
    if not numbered:
        raise unusable(_("The file has headings and nothing below them."))
    sheet = _Sheet(layout, owner, current_lexicon())
    lines = [read_line(number, _cells(layout, row), layout.fixes, sheet.lexicon) for number, row in numbered]
    kept = {number: _kept(layout, row) for number, row in numbered}
    return _grouped(lines, kept, sheet)


def _cells(layout: Layout, row: Sequence[str]) -> dict[str, str]:
    return {field: cell for field, cell in zip(layout.columns, row, strict=False) if field in COLUMNS and cell}


def _kept(layout: Layout, row: Sequence[str]) -> dict[str, str]:
    """Cells of columns that mean nothing here; they stay with the listing."""
    pairs = zip(layout.headings, layout.columns, row, strict=False)
    found = {heading[:100]: cell[:_LONGEST_KEPT] for heading, field, cell in pairs if heading and cell and not field}
    return dict(list(found.items())[:_MOST_KEPT])


def _grouped(lines: Sequence[Line], kept: dict[int, dict[str, str]], sheet: _Sheet) -> list[Unit]:
    platforms: dict[str, list[Line]] = defaultdict(list)
    units = []
    for line in lines:
        name = str(line.values.get("platform") or "")
        if name:
            platforms[str(line.values.get("platform_id") or "") or name].append(line)
        else:
            units.append(Unit(rows=(line.number,), record=None, is_whole=False, problems=_problems(line, sheet)))
    units += [_unit(group, kept, sheet) for group in platforms.values()]
    return sorted(units, key=lambda unit: unit.rows[0])


def _problems(line: Line, sheet: _Sheet) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            row=line.number,
            column=sheet.layout.heading(field),
            problem=bad.problem,
            cause=bad.cause,
            value=line.cells.get(field, ""),
            fix=bad.fix,
        )
        for field, bad in line.bad
    )


def _unit(lines: Sequence[Line], kept: dict[int, dict[str, str]], sheet: _Sheet) -> Unit:
    """One platform: rows that are wrong are left out and said so, the others make the record."""
    head = _head(lines, sheet)
    good: dict[str, dict[str, Any]] = {}
    row_of: dict[str, int] = {}
    problems: list[Problem] = []
    for line in lines:
        problems += _problems(line, sheet)
        if line.bad:
            continue
        part = _part(line, head["id"], kept[line.number])
        if part["id"] in good:
            problems += _repeated(line, row_of[part["id"]], sheet)
            continue
        found = _checked(line, head, part, sheet)
        problems += found
        if not found:
            good[part["id"]], row_of[part["id"]] = part, line.number
    record = {**head, "capabilities": list(good.values())} if good else None
    rows = tuple(line.number for line in lines)
    return Unit(rows=rows, record=record, is_whole=False, problems=tuple(problems), row_of=row_of)


def _repeated(line: Line, first: int, sheet: _Sheet) -> list[Problem]:
    if REPEATS in sheet.layout.fixes:
        return []
    words = _("Stands twice in this platform, first in row %(row)s.") % {"row": first}
    column, value = sheet.layout.heading("capability"), line.cells.get("capability", "")
    return [Problem(row=line.number, column=column, problem=words, cause=Cause.REPEATED, value=value, fix=REPEATS)]


def _checked(line: Line, head: dict[str, Any], part: dict[str, Any], sheet: _Sheet) -> list[Problem]:
    """What the check of every record still finds."""
    try:
        check_platform({**head, "capabilities": [part]})
    except InvalidInput as refusal:
        return [
            Problem(row=line.number, column=_heading(path, sheet.layout), problem=str(text))
            for path, texts in (refusal.errors or {"": [refusal.detail]}).items()
            for text in texts
        ]
    return []


def _heading(path: str, layout: Layout) -> str:
    """The sheet's heading for `capabilities.0.parameters.1.unit`."""
    part = path.removeprefix("capabilities.0.").partition(".")[0]
    if part == "name":
        part = "platform" if path == "name" else "capability"
    return layout.heading(part)


def _head(lines: Sequence[Line], sheet: _Sheet) -> dict[str, Any]:
    """What the rows say of the platform: of each field the first that is stated, in rows that can go in."""
    stated: dict[str, Any] = {}
    for line in sorted(lines, key=lambda line: bool(line.bad)):
        for field in HEAD:
            if line.values.get(field) and field not in stated:
                stated[field] = line.values[field]
    name, region = str(stated["platform"]), str(stated.get("region", ""))
    code = region if region.isdecimal() and len(region) == 6 else ""
    return {
        "id": stated.get("platform_id") or f"sheet-{_short(sheet.owner, name)}",
        "name": name,
        "operator": stated.get("operator"),
        "country": "CN",
        "region": code or None,
        "city": stated.get("city") or (None if code else region or None),
        "chains": stated.get("chains") or [],
    }


def _part(line: Line, platform_id: str, kept: Collection[str] | dict[str, str]) -> dict[str, Any]:
    part = capability_of(line)
    part["id"] = line.values.get("capability_id") or f"{platform_id}-{_short(part['name'])}"[:100]
    return part | ({"columns": kept} if kept else {})


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
