"""What runs in the bounded process: a file on standard input, its words as JSON on standard output."""

from __future__ import annotations

import codecs
import json
import re
import resource
import sys

from .pdf import MAX_CHARACTERS, lines_of_pdf
from .plain import lines_of_text
from .refusals import Reason, Refused
from .word import lines_of_word

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OTHER_TYPES = (b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\x7fELF")
# Looked up beforehand: Python loads an encoding when it first meets it, and later no file can be opened.
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp437", "ascii", "latin-1")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\ufeff\ufffe\uffff\ud800-\udfff]")


def main() -> None:
    """Read, judge by the content, write the answer. From then on no further file or connection can be opened."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    try:
        answer = words_of(data)
    except Refused as refused:
        answer = {"refused": refused.reason.value, "most": refused.most}
    except MemoryError:
        answer = {"refused": Reason.INFLATED.value, "most": None}
    sys.stdout.write(json.dumps(answer))


def words_of(data: bytes) -> dict[str, object]:
    """{"text", "kind", "pages"}: words of a Word file, a PDF or a plain text. Raises Refused."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Refused(Reason.EMPTY)
    pages = None
    kind = _kind(data)
    if kind == "docx":
        lines = lines_of_word(data)
    elif kind == "pdf":
        lines, pages = lines_of_pdf(data)
    else:
        lines = lines_of_text(data)
    text = tidy(lines)
    if not text:
        raise Refused(Reason.EMPTY)
    return {"text": text[:MAX_CHARACTERS], "kind": kind, "pages": pages}


def _kind(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        raise Refused(Reason.ENCRYPTED if _ENCRYPTED_PACKAGE in data else Reason.OLD_WORD)
    if data.startswith(_OTHER_TYPES):
        raise Refused(Reason.WRONG_TYPE)
    return "txt"


def tidy(lines: list[str]) -> str:
    """The lines without what cannot be seen, single blanks, at most one empty line in a row."""
    clean = [_BLANKS.sub(" ", _UNSEEN.sub("", line)).strip() for line in "\n".join(lines).splitlines()]
    kept = [line for place, line in enumerate(clean) if line or (place and clean[place - 1])]
    return "\n".join(kept).strip()
