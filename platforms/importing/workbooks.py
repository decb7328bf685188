"""Workbooks (.xlsx): looked through before the reader opens them, so that a small file cannot fill the memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from zhongshi.core.parsers import is_storable
from zhongshi.core.workbooks import unescaped

from .columns import field_of, heading_row
from .model import MAX_INFLATED, MAX_ROWS, too_many_rows, unusable

MAX_PARTS = 200
MAX_COLUMNS = 200
_CHUNK = 65_536
_WHOLE = 1e15
_LOOKED_THROUGH = 5
_REFERENCE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_FOREIGN = {"xl/workbook.bin", "content.xml", "encryptedpackage"}


@dataclass(frozen=True, slots=True)
class Workbook:
    """The names of the sheets that can be seen, and the cells of one of them."""

    sheets: tuple[str, ...]
    sheet: str
    rows: list[list[str]]


def read_workbook(content: bytes, *, sheet: str = "") -> Workbook:
    """Cells of `sheet` as text, row by row from row 1; else of the first visible sheet with known headings.

    Hidden sheets are not looked at. A cell merged down over several rows counts for each of them. Raises InvalidInput
    naming `file`.
    """
    check_workbook(content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            names = _visible(book)
            if sheet:
                return Workbook(names, sheet, _rows(book, sheet))
            read = {name: _rows(book, name) for name in names[:_LOOKED_THROUGH]}
    except (CalamineError, ValueError, IndexError):
        raise unusable(_("The workbook cannot be read.")) from None
    chosen = max(read, key=lambda name: (_known_headings(read[name]), any(map(any, read[name]))))
    return Workbook(names, chosen, read[chosen])


def _visible(book: CalamineWorkbook) -> tuple[str, ...]:
    found = book.sheets_metadata
    names = tuple(
        sheet.name
        for sheet in found
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    )
    if not names:
        raise unusable(_("The workbook has no sheet that can be seen."))
    return names


def _known_headings(rows: list[list[str]]) -> int:
    if not rows:
        return 0
    return min(2, len({field_of(cell) for cell in rows[heading_row(rows)]} - {""}))


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    rows = [[_written(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        # Down only: a title merged over all columns must not become the name of each.
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and top < len(rows):
                row[left] = row[left] or rows[top][left]
    return rows


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    text = str(cell).replace("\0", "").strip()
    return unescaped(text if is_storable(text) else text.encode("utf-8", "replace").decode())


def check_workbook(content: bytes) -> None:
    """Refuse what is no workbook, unpacks to more than 50 MB, declares a DOCTYPE or spans too many rows or columns."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_contents(archive)
            _check_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise unusable(_("The file is damaged or protected.")) from None
    except expat.ExpatError:
        raise unusable(_("The workbook cannot be read.")) from None


def _check_contents(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > MAX_PARTS:
        raise unusable(_("The workbook has more than %(most)s parts.") % {"most": MAX_PARTS})
    if "xl/workbook.xml" not in names or names & _FOREIGN or len(names) != len(parts):
        raise unusable(_("The file is not an Excel workbook (.xlsx)."))
    if sum(part.file_size for part in parts) > MAX_INFLATED:
        raise unusable(_("Unpacked, the file is too large."))


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Count what really comes out: the declared size of a part may lie."""
    total = 0
    for part in archive.infolist():
        look = _looker() if part.filename.lower().endswith((".xml", ".rels", ".vml")) else None
        for chunk in _chunks(archive, part):
            total += len(chunk)
            if total > MAX_INFLATED:
                raise unusable(_("Unpacked, the file is too large."))
            if look:
                look(chunk, False)
        if look:
            look(b"", True)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _looker() -> Callable[[bytes, bool], object]:
    parser = expat.ParserCreate()
    bounds = _Bounds()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = bounds.look
    return parser.Parse


def _refuse_doctype(*_declared: Any) -> None:
    # Without a DOCTYPE there are no entities of the file's own, hence none that blow up or reach outside.
    raise unusable(_("The workbook has a DOCTYPE, which workbooks do not need."))


class _Bounds:
    """Counts rows and cells of a sheet. The reader lays a sheet out as one full table, from its first cell to its
    last: two cells in opposite corners would ask for gigabytes.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.cells = 0

    def look(self, name: str, attributes: dict[str, str]) -> None:
        """Look at one element; names come with whatever prefix the file uses."""
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.rows += 1
            self.cells = 0
            self._check_row(attributes.get("r", ""))
        elif kind == "c":
            self.cells += 1
            self._check_cell(attributes.get("r", ""))

    def _check_row(self, reference: str) -> None:
        # One for the headings.
        if self.rows > MAX_ROWS + 1 or (reference.isdecimal() and int(reference[:8]) > MAX_ROWS + 1):
            raise too_many_rows()

    def _check_cell(self, reference: str) -> None:
        if self.cells > MAX_COLUMNS:
            raise unusable(_("The sheet has more than %(most)s columns.") % {"most": MAX_COLUMNS})
        match = _REFERENCE.match(reference)
        if reference and match is None:
            raise unusable(_("The workbook cannot be read."))
        if match:
            self._check_row(match[2])
            if _column(match[1]) > MAX_COLUMNS:
                raise unusable(_("The sheet has more than %(most)s columns.") % {"most": MAX_COLUMNS})


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
