"""Words of a .docx. It is a zip of XML: looked at as both before anything of it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from .refusals import Reason, Refused

MAIN_PART = "word/document.xml"
MAX_PARTS = 2_000
MAX_INFLATED = 60_000_000
MAX_XML = 20_000_000
_CHUNK = 1 << 16
_IS_ENCRYPTED = 0x1
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_PLAIN_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_BOMS = b"\xef\xbb\xbf\xff\xfe"


def lines_of_word(data: bytes) -> list[str]:
    """Paragraphs and table rows in the order of the document. Raises Refused."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            _guard(archive)
    except (BadZipFile, LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as problem:
        raise Refused(Reason.DAMAGED) from problem
    try:
        body = Document(BytesIO(data)).element.body
    except ValueError as other_kind:
        # python-docx: the main part is of another content type, such as a workbook or a template with macros.
        raise Refused(Reason.WRONG_TYPE) from other_kind
    except Exception as problem:  # lxml and python-docx raise whatever the stranger's XML leads them to
        raise Refused(Reason.DAMAGED) from problem
    return list(_lines(body))


def _guard(archive: ZipFile) -> None:
    """Refuse what would grow too large, and XML that brings its own entities."""
    parts = archive.infolist()
    if not any(part.filename == MAIN_PART for part in parts):
        raise Refused(Reason.WRONG_TYPE)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_INFLATED:
        raise Refused(Reason.INFLATED, MAX_INFLATED)
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Refused(Reason.ENCRYPTED)
    inflated = xml = 0
    for part in parts:
        # What the part declares is what it says of itself; what counts is what comes out.
        size, is_xml = _inflated(archive, part, MAX_INFLATED - inflated)
        inflated += size
        xml += size if is_xml else 0
        if xml > MAX_XML:
            raise Refused(Reason.INFLATED, MAX_XML)


def _inflated(archive: ZipFile, part: ZipInfo, most: int) -> tuple[int, bool]:
    """How many bytes come out of the part, and whether it is XML; refused over `most` and for a DOCTYPE."""
    size, is_xml, before = 0, False, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0:
                is_xml = _looks_like_xml(chunk)
            size += len(chunk)
            if size > most:
                raise Refused(Reason.INFLATED, MAX_INFLATED)
            if is_xml:
                plain = chunk.replace(b"\0", b"")
                if _DOCTYPE.search(before + plain):
                    raise Refused(Reason.UNSAFE)
                before = plain[-16:]
    return size, is_xml


def _looks_like_xml(start: bytes) -> bool:
    """Whether the part starts as XML; refused where its encoding could hide what it says."""
    plain = start.replace(b"\0", b"").lstrip(_BOMS + b" \t\r\n")
    if not plain.startswith(b"<"):
        return False
    named = _ENCODING.match(plain)
    if named and named[1].lower() not in _PLAIN_ENCODINGS:
        raise Refused(Reason.UNSAFE)
    return True


def _lines(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield Paragraph(child, parent).text
        elif child.tag == qn("w:tbl"):
            yield from (_row(row) for row in child.iterchildren(qn("w:tr")))
        elif child.tag == qn("w:sdt"):
            # A field of a form: its content is text like any other.
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _lines(content)


def _row(row: Any) -> str:
    """The first cell names, the others say: 规模：500 L；三批."""
    cells = [" ".join(" ".join(_lines(cell)).split()) for cell in row.iterchildren(qn("w:tc"))]
    name, *rest = [cell for cell in cells if cell] or [""]
    return f"{name}：{'；'.join(rest)}" if rest else name
