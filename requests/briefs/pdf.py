"""Words of a PDF, its wrapped lines put together again."""

from __future__ import annotations

import re

from pypdfium2 import PdfDocument, PdfiumError

from .refusals import Reason, Refused

MAX_PAGES = 100
MAX_CHARACTERS = 200_000
# A line at least this long, compared with the longest of its page, was ended by the margin and not by its writer.
_FULL = 0.75
_ENDS = tuple("。；！？：.;!?:")
_STARTS = re.compile(
    r"^\s*(?:[•●■◆·\-–—*]|[(（]?[0-9一二三四五六七八九十]{1,3}[.、)）．]|第[一二三四五六七八九十\d]+[章节条])"
)


def lines_of_pdf(data: bytes) -> tuple[list[str], int]:
    """The text line by line, and how many pages there are. Raises Refused, also where pages are only pictures."""
    try:
        document = PdfDocument(data)
        pages = len(document)
    except PdfiumError as problem:
        raise Refused(Reason.ENCRYPTED if "password" in str(problem).lower() else Reason.DAMAGED) from problem
    if pages > MAX_PAGES:
        raise Refused(Reason.PAGES, MAX_PAGES)
    lines: list[str] = []
    left = MAX_CHARACTERS
    for page in document:
        text = page.get_textpage().get_text_bounded()[:left]
        left -= len(text)
        lines += unwrapped(text.splitlines())
        page.close()
        if left <= 0:
            break
    if not any(line.strip() for line in lines):
        raise Refused(Reason.SCANNED)
    return lines, pages


def unwrapped(lines: list[str]) -> list[str]:
    """Lines as their writer ended them: one that fills the width goes on in the next."""
    width = max((len(line) for line in lines), default=0)
    whole: list[str] = []
    is_open = False
    for line in lines:
        text = line.strip()
        if is_open and text and not _STARTS.match(text):
            whole[-1] += (" " if whole[-1][-1:].isascii() and text[:1].isascii() else "") + text
        else:
            whole.append(text)
        is_open = bool(text) and len(line) >= _FULL * width and not text.endswith(_ENDS)
    return whole
