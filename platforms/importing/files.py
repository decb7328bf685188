"""Which kind of file is it, really? The content decides; a name that claims something else is refused."""

from __future__ import annotations

import codecs
import zlib

from django.utils.translation import gettext as _

from .lines import units_of_lines
from .model import MAX_INFLATED, Unit, unusable
from .tables import rows_of_csv, units_of_table
from .workbooks import rows_of_workbook

_ZIP, _GZIP, _OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_LINE_ENDINGS = (".jsonl", ".ndjson", ".json")


def read_units(file_name: str, content: bytes, *, owner: str) -> list[Unit]:
    """What the file holds, platform by platform; bad rows are among it with what is wrong.

    `owner` (an organization's public id) keeps the ids made for a sheet's rows apart from everybody else's. Raises
    InvalidInput naming `file` for what is no sheet and no JSON Lines, or not what its name says.
    """
    name = file_name.lower()
    if not content.strip():
        raise unusable(_("The file is empty."))
    if content.startswith(_OLE):
        raise unusable(_("This is an old or protected Excel file. Please save it as .xlsx without a password."))
    if content.startswith(_ZIP):
        _claims(name, (".xlsx",), _("an Excel workbook"))
        return units_of_table(rows_of_workbook(content), owner=owner)
    if content.startswith(_GZIP):
        _claims(name, (".gz",), _("a compressed file"))
        return units_of_lines(_text(_inflated(content)))
    if name.endswith((".xlsx", ".gz", ".xls")):
        raise unusable(_("The file is not what its name says."))
    text = _text(content)
    if name.endswith(_LINE_ENDINGS) or (not name.endswith(".csv") and text.lstrip().startswith("{")):
        return units_of_lines(text)
    return units_of_table(rows_of_csv(text), owner=owner)


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
