"""The words an operator signs: the zone's own text, else the standard one, with the enterprise's terms behind it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from .models import AgreementText, Need

# A file, once released, is never changed: a new text is a new number.
STANDARD = 1
_FOLDER = Path(__file__).resolve().parent / "agreements"
_RULE = "\n\n" + "—" * 12 + "\n\n"


@dataclass(frozen=True, slots=True)
class AgreementWords:
    """A text with the version it is known by: `standard/1`, or `CD-GX/3` for a zone's third."""

    version: str
    chinese: str
    english: str = ""
    own_terms: str = ""

    @property
    def whole(self) -> str:
        """All that is signed, in both languages, whichever of them was on the page."""
        return _RULE.join(part for part in (self.chinese, self.english, self.own_terms) if part)

    @property
    def digest(self) -> str:
        """SHA-256 of `whole` in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.whole.encode()).hexdigest()

    @property
    def is_shown_in_english(self) -> bool:
        """Whether the reader gets the English text: asked for, and there."""
        return bool(self.english) and (get_language() or "").startswith("en")

    @property
    def shown(self) -> str:
        """The text in the reader's language, as far as there is one, with the enterprise's terms."""
        text = self.english if self.is_shown_in_english else self.chinese
        return _RULE.join(part for part in (text, self.own_terms) if part)


def words_for(need: Need) -> AgreementWords:
    """What an operator signs for this need now. Two queries."""
    terms = getattr(need, "terms", None)
    text = zone_words(need.zone_id)
    return AgreementWords(text.version, text.chinese, text.english, terms.own_text if terms else "")


def zone_words(zone_id: int) -> AgreementWords:
    """The text in force in a zone: its newest own one, else the standard text."""
    row = AgreementText.objects.select_related("zone").filter(zone=zone_id).order_by("-number").first()
    return AgreementWords(str(row), row.chinese, row.english) if row else standard_words()


@cache
def standard_words() -> AgreementWords:
    """The text that comes with the service."""
    chinese, english = (
        (_FOLDER / f"{STANDARD}.{language}.txt").read_text(encoding="utf-8").strip() for language in ("zh-hans", "en")
    )
    return AgreementWords(f"standard/{STANDARD}", chinese, english)
