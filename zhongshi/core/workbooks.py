"""Spreadsheets (.xlsx) for people: typed columns, rows streamed to disk, and a sheet that says what it is.

Text is written as text, never as a formula; see `escaped` for what a program would still take for one after the
sheet was saved as CSV.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, TypeAlias

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_CHARACTERS = 32_767
SHEET_NAME_CHARACTERS = 31
Text: TypeAlias = str | Promise
Cell: TypeAlias = Text | int | float | Decimal | date | datetime | bool | None

_ILLEGAL_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
# What Excel, WPS and LibreOffice begin a formula with, full-width forms too, behind any blanks.
_FORMULA = re.compile(r"^[\s\u00a0\u3000\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]")


class Kind(StrEnum):
    """What a column holds, and so how its cells are written and shown."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SHARE = "share"  # 0..1, shown as per cent
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"


_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"text_wrap": True},
    Kind.INTEGER: {"num_format": "#,##0"},
    Kind.NUMBER: {"num_format": "#,##0.##"},
    Kind.SHARE: {"num_format": "0%"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, what stands under it, the width in characters. A fixed `unit` gets a column of its own behind it."""

    header: Text
    kind: Kind = Kind.TEXT
    width: int = 16
    unit: Text = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. Each row has one value per column, without the units; rows may be a generator and are read once."""

    name: Text
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class About:
    """What the sheet 说明 says: what this is, when it was made, by which filter and rules, and any further lines."""

    title: Text
    at: datetime
    filter: Text = ""
    rules: Text = ""
    lines: Sequence[tuple[Text, Cell]] = ()


def workbook(sheets: Sequence[Sheet], about: About) -> IO[bytes]:
    """Write the sheets in their order and 说明 behind them; returns the open file, at its beginning.

    Memory stays the same whatever the number of rows. Raises ValueError for a row with other than one value a column.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    try:
        with tempfile.TemporaryDirectory() as folder:
            _fill(file, folder, sheets, about)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def escaped(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could take it for a formula.

    Applied to every text cell, because a sheet that is harmless as .xlsx may be saved as CSV and opened again.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """Undo `escaped`, for a sheet of ours that comes back through an import."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _fill(file: IO[bytes], folder: str, sheets: Sequence[Sheet], about: About) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
    try:
        book.set_properties({"title": str(about.title), "created": _local(about.at)})
        formats = {kind: book.add_format({"valign": "top", **look}) for kind, look in _FORMATS.items()}
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EDF1F5", "bottom": 1})
        names = _names([*(str(sheet.name) for sheet in sheets), _("About this file")])
        for name, sheet in zip(names, [*sheets, _about_sheet(about)], strict=True):
            _write(book.add_worksheet(name), sheet, formats, head)
    finally:
        book.close()


def _write(page: Worksheet, sheet: Sheet, formats: dict[Kind, Format], head: Format) -> None:
    columns = list(_with_units(sheet.columns))
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, escaped(str(column.header)), head)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for index, (column, value) in enumerate(zip(columns, _row_with_units(sheet.columns, row), strict=True)):
            _put(page, last, index, value, formats[column.kind])
    page.autofilter(0, 0, last, len(columns) - 1)
    _set_up_print(page)


def _with_units(columns: Sequence[Column]) -> Iterator[Column]:
    for column in columns:
        yield column
        if column.unit:
            yield Column(_("unit"), width=max(8, 2 * len(str(column.unit))))


def _row_with_units(columns: Sequence[Column], row: Sequence[Cell]) -> Iterator[Cell]:
    for column, value in zip(columns, row, strict=True):
        yield value
        if column.unit:
            yield None if value is None or value == "" else column.unit


def _put(page: Worksheet, row: int, index: int, value: Cell, look: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, index, _("yes") if value else _("no"), look)
    elif isinstance(value, datetime):
        page.write_datetime(row, index, _local(value), look)
    elif isinstance(value, date):
        page.write_datetime(row, index, value, look)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, index, float(value) if isinstance(value, Decimal) else value, look)
    else:
        page.write_string(row, index, _fitting(escaped(str(value))), look)


def _fitting(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else f"{text[: CELL_CHARACTERS - 1]}…"


def _set_up_print(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&F&C&A&R&P / &N")


def _about_sheet(about: About) -> Sheet:
    lines: list[tuple[Text, Cell]] = [(_("Content"), about.title), (_("Made at"), f"{_local(about.at):%Y-%m-%d %H:%M}")]
    lines += [(_("Filter"), about.filter or _("none: all rows"))]
    lines += [(_("Rules version"), about.rules)] if about.rules else []
    lines += list(about.lines)
    columns = [Column(_("About this file"), width=24), Column(_("Value"), width=80)]
    return Sheet("", columns, [(name, value) for name, value in lines])


def _local(moment: datetime) -> datetime:
    """Wall-clock time here; a spreadsheet knows no time zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _names(wanted: Sequence[str]) -> list[str]:
    """Names a program takes: short, without the characters it refuses, each once whatever its case."""
    names: list[str] = []
    for name in wanted:
        short = _ILLEGAL_IN_NAMES.sub(" ", name).strip()[:SHEET_NAME_CHARACTERS] or _("Sheet")
        number = 2
        while short.casefold() in {known.casefold() for known in names}:
            tail = f" {number}"
            short, number = short[: SHEET_NAME_CHARACTERS - len(tail)].removesuffix(f" {number - 1}") + tail, number + 1
        names.append(short)
    return names
