"""Which kind of file is it, really? The content decides; a name that claims something else is refused."""

from __future__ import annotations

import codecs
import zlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .lines import units_of_lines
from .model import MAX_INFLATED, Unit, unusable
from .tables import rows_of_csv
from .workbooks import read_workbook

_ZIP, _GZIP, _OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_LINE_ENDINGS = (".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds: the lines of an exchange file as units, or the cells of one of its sheets."""

    units: list[Unit] | None
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    table: list[list[str]] = field(default_factory=list)


def open_file(file_name: str, content: bytes, *, sheet: str = "") -> Opened:
    """Look into a file by what it is, not by its name; of a workbook `sheet`, else the first that looks like listings.

    Raises InvalidInput naming `file` for what is no sheet and no JSON Lines, or not what its name says.
    """
    name = file_name.lower()
    if not content.strip():
        raise unusable(_("The file is empty."))
    if content.startswith(_OLE):
        raise unusable(_("This is an old or protected Excel file. Please save it as .xlsx without a password."))
    if content.startswith(_ZIP):
        _claims(name, (".xlsx",), _("an Excel workbook"))
        book = read_workbook(content, sheet=sheet)
        return Opened(None, book.sheets, book.sheet, _filled(book.rows))
    if content.startswith(_GZIP):
        _claims(name, (".gz",), _("a compressed file"))
        return Opened(units_of_lines(_text(_inflated(content))))
    if name.endswith((".xlsx", ".gz", ".xls")):
        raise unusable(_("The file is not what its name says."))
    text = _text(content)
    if name.endswith(_LINE_ENDINGS) or (not name.endswith(".csv") and text.lstrip().startswith("{")):
        return Opened(units_of_lines(text))
    return Opened(None, table=_filled(rows_of_csv(text)))


def _filled(rows: list[list[str]]) -> list[list[str]]:
    if not any(any(row) for row in rows):
        raise unusable(_("The file is empty."))
    return rows


def _claims(name: str, endings: tuple[str, ...], kind: str) -> None:
    has_ending = "." in name
    if has_ending and not name.endswith(endings):
        raise unusable(_("The file is %(kind)s and not what its name says.") % {"kind": kind})


def _inflated(content: bytes) -> bytes:
    """Inflate gzip, stopping where a bomb would go on."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(content, MAX_INFLATED + 1)
    except zlib.error:
        raise unusable(_("The file is damaged.")) from None
    if len(inflated) > MAX_INFLATED:
        raise unusable(_("Unpacked, the file is too large."))
    if not inflater.eof:
        raise unusable(_("The file is damaged."))
    return inflated


def _text(content: bytes) -> str:
    """UTF-8 (with or without mark), else what Chinese Excel writes; UTF-16 where a mark says so."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise unusable(_("The file is neither a workbook nor text."))
