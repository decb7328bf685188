"""One normal form of raw text, with the way back to the characters that were written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

# NFKC would turn m³ into m3 (good), ℃ into °C and … into three dots (lengths change): these are fixed first.
_FIXED = {
    "℃": "℃",
    "…": "…",
    "℉": "℉",
    "³": "3",
    "²": "2",
    "µ": "μ",
    "×": "x",
    "∼": "~",
    "〜": "~",
    "⁓": "~",
    "−": "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "―": "-",
    "≧": "≥",
    "⩾": "≥",
    "≦": "≤",
    "⩽": "≤",
    "İ": "I",
    "\u00a0": " ",
    "\t": " ",
    "\u3000": " ",
    "¥": "¥",
    "\uffe5": "¥",
    "，": "，",  # never a thousands separator, unlike its narrow sister
}


class _Table(dict[int, str]):
    """Computes a character's normal form when it is first met; `str.translate` asks by code point."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        mapped = _FIXED.get(character)
        if mapped is None:
            mapped = unicodedata.normalize("NFKC", character).replace("µ", "μ") or character
        self[code] = mapped
        return mapped


_TABLE = _Table()
# １２，０００ in wide digits is a number; between narrow ones a wide comma ends the clause.
_WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_INNER_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")


@dataclass(frozen=True, slots=True)
class NormalText:
    """A text in normal form: `plain` keeps the case, `lower` is for matching; both have the same length.

    `original` is what was written. `origin` maps each position of `plain` to one of `original`; it is empty when
    the two agree character by character.
    """

    original: str
    plain: str
    lower: str
    origin: tuple[int, ...] = field(default=())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span in the original text of ``plain[start:end]``; whole characters, never empty for start < end."""
        if not self.origin:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]

    def written(self, start: int, end: int) -> str:
        """Give the words as they were written between two positions of the normal form."""
        first, last = self.span(start, end)
        return self.original[first:last]


def normalise(text: str) -> NormalText:
    """Bring any text into normal form: full width to half width, one kind of dash, small letters for matching."""
    plain = _WIDE_THOUSANDS.sub(",", text).translate(_TABLE)
    origin: tuple[int, ...] = ()
    if len(plain) != len(text):
        origin = tuple(at for at, character in enumerate(text) for _ in _TABLE[ord(character)])
    return NormalText(text, plain, lowered(plain), origin)


def lowered(plain: str) -> str:
    """Small letters, and a blank for the hyphen inside words: ``Spray-Drying`` and ``spray drying`` are one form."""
    lower = plain.lower()
    if len(lower) != len(plain):
        lower = "".join(small if len(small := character.lower()) == 1 else character for character in plain)
    return _INNER_HYPHEN.sub(" ", lower)


def form_key(form: str) -> str:
    """The form of a vocabulary entry as it is looked for in normalised text."""
    return lowered(form.translate(_TABLE)).strip()
