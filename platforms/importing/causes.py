"""Why a row cannot go in, and what would mend all rows of the same cause at once."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext


class Cause(StrEnum):
    """Rows are grouped by it."""

    MISSING = "missing"
    BLANK = "blank"
    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    TERM = "term"
    BOUNDS = "bounds"
    LONG = "long"
    REPEATED = "repeated"
    BROKEN = "broken"
    REFUSED = "refused"
    OTHER = "other"


CAUSE_WORDS = {
    Cause.MISSING: gettext_lazy("A needed cell is empty"),
    Cause.BLANK: gettext_lazy("A stroke or a word stands for an empty cell"),
    Cause.NUMBER: gettext_lazy("Not a number"),
    Cause.DATE: gettext_lazy("Not a date such as 2027-03-31"),
    Cause.UNIT: gettext_lazy("The unit does not fit"),
    Cause.TERM: gettext_lazy("Not a word this column takes"),
    Cause.BOUNDS: gettext_lazy("The upper bound lies below the lower one"),
    Cause.LONG: gettext_lazy("Too long"),
    Cause.REPEATED: gettext_lazy("The row stands twice"),
    Cause.BROKEN: gettext_lazy("The line cannot be read"),
    Cause.REFUSED: gettext_lazy("Refused when it was to be stored"),
    Cause.OTHER: gettext_lazy("Something else"),
}

BLANKS, NUMBERS, DATES, SWAP, CUT, REPEATS = "blanks", "numbers", "dates", "swap", "cut", "repeats"
# What changes no meaning is mended without asking where nobody can be asked.
HARMLESS = (BLANKS, NUMBERS, DATES)
_SAY = "say"


def say(field: str, written: str, meant: str) -> str:
    """The fix that reads `written` as `meant` in one column."""
    return "\t".join((_SAY, field, written, meant))


def said(fix: str) -> tuple[str, str, str] | None:
    """Field, written and meant of such a fix; None for another."""
    parts = fix.split("\t")
    return (parts[1], parts[2], parts[3]) if len(parts) == 4 and parts[0] == _SAY else None


def is_fix(fix: str) -> bool:
    """Whether this is a fix at all."""
    return fix in {BLANKS, NUMBERS, DATES, SWAP, CUT, REPEATS} or said(fix) is not None


def fix_words(fix: str) -> str:
    """What the fix does, for its button."""
    if replaced := said(fix):
        return _('Read "%(written)s" as "%(meant)s"') % {"written": replaced[1], "meant": replaced[2]}
    words = {
        BLANKS: _("Treat them as empty"),
        NUMBERS: _("Read full-width digits, commas and 万 as numbers"),
        DATES: _("Read other ways to write a date"),
        SWAP: _("Exchange the two bounds"),
        CUT: pgettext("import fix", "Cut off what is too long"),
        REPEATS: _("Keep the first, leave out the others"),
    }
    return words[fix]
