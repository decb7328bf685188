"""Real files, made on the spot: Word files, PDFs, bombs."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import typst
from docx import Document

_DOCUMENT = "word/document.xml"


def word(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A .docx with these paragraphs, then a table."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a document."""
    stream = BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The zip `data` with parts replaced or added ("word__document" is word/document.xml), or dropped for None."""
    changed = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            content = changed[name] if name in changed else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def main_part(data: bytes) -> bytes:
    """The XML of a .docx's text."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(_DOCUMENT)


def pdf(source: str) -> bytes:
    """A PDF of Typst mark-up."""
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def locked_pdf() -> bytes:
    """A PDF that asks for a password: its keys fit none, not even the empty one."""
    key = b"<" + b"41" * 32 + b">"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O " + key + b" /U " + key + b" /P -4 >>",
    ]
    return _assembled(objects, b"/Encrypt 4 0 R /ID [<00> <00>]")


def plain_pdf(text: str) -> bytes:
    """A PDF written by hand, with one line of ASCII."""
    content = b"BT /F1 12 Tf 10 50 Td (" + text.encode("ascii") + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 100] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
    ]
    return _assembled(objects, b"")


def _assembled(objects: list[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n"
    start, size = len(out), str(len(objects) + 1).encode()
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return (
        out
        + b"xref\n0 " + size + b"\n0000000000 65535 f \n" + table
        + b"trailer\n<< /Size " + size + b" /Root 1 0 R " + trailer + b" >>\nstartxref\n"
        + str(start).encode() + b"\n%%EOF\n"
    )  # fmt: skip
