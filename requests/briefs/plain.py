"""Words of a plain text, in whichever of the usual encodings it comes."""

from __future__ import annotations

import codecs
import unicodedata

from .refusals import Reason, Refused

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Not assigned, private, half of a pair.
_MEANINGLESS = {"Cn", "Co", "Cs"}
_BREAKS = {"\t", "\n", "\r", "\f", "\v"}


def lines_of_text(data: bytes) -> list[str]:
    """The lines. Raises Refused for what is no text."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if _is_text(text):
            return text.splitlines()
    raise Refused(Reason.WRONG_TYPE)


def _encodings(data: bytes) -> list[str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return [encoding]
    if b"\0" in data:
        # Blanks, line ends and figures have a zero byte in UTF-16: on even places in one order, on odd in the other.
        is_big = data[::2].count(0) > data[1::2].count(0)
        return ["utf-16-be" if is_big else "utf-16-le"]
    return ["utf-8", "gb18030"]


def _is_text(text: str) -> bool:
    """Whether these are signs people write: no control characters, hardly any without a meaning."""
    strange = sum(1 for sign in text if unicodedata.category(sign) in _MEANINGLESS)
    controls = any(ord(sign) < 32 and sign not in _BREAKS for sign in text)
    return not controls and strange * 50 <= len(text)
