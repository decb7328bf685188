"""Reading one cell: a number, a day, a unit; what is wrong with it, and what would mend it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from zhongshi.vocabulary.labels import quantity_label
from zhongshi.vocabulary.reading.sources import DATA_FOLDER, FILES, read_rows
from zhongshi.vocabulary.reading.units import unit_of, unit_table
from zhongshi.vocabulary.units import unit_problem

from .causes import BLANKS, CUT, DATES, NUMBERS, Cause, say

_STROKES = frozenset(["-", "--", "—", "——", "―", "/", "\\"])
_NOTHING = frozenset(["无", "暂无", "没有", "待定", "n/a", "na", "nil", "none", "null"])
# What a spreadsheet shows where a formula went wrong.
_ERRORS = frozenset(["#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"])
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$")
_TEN_THOUSAND = re.compile(r"^(-?\d+(?:\.\d+)?)万$")
_DAYS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_SERIAL = re.compile(r"^\d{5}(?:\.0+)?$")
_FIRST_SERIAL, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)
_LEVELS = re.compile(
    r"^(?:trl)?\s*(\d{1,2})\s*(?:级)?(?:\s*[-–—~～至到]\s*(?:trl)?\s*(\d{1,2})\s*(?:级)?)?$", re.IGNORECASE
)
_YES = {"是": True, "可": True, "可以": True, "yes": True, "y": True, "true": True, "√": True, "1": True}
_NO = {"否": False, "不可": False, "不可以": False, "no": False, "n": False, "false": False, "×": False, "0": False}
_ALIKE = 0.6


class Bad(Exception):
    """What is wrong with a cell, and what would mend it."""

    def __init__(self, cause: Cause, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.cause, self.problem, self.fix = cause, problem, fix


def is_blank_word(text: str) -> bool:
    """Whether the cell says in words or strokes that it is empty."""
    return _folded(text).strip().lower() in _STROKES | _NOTHING | _ERRORS


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def read_number(text: str, fixes: Collection[str]) -> float:
    """A number in plain digits; with the fix also 1,000, full-width digits and 1.5万. Raises Bad."""
    if _NUMBER.match(text) and text.isascii():
        return _finite(text)
    plain = re.sub(r"[\s,]", "", _folded(text)).replace("−", "-").replace("–", "-")
    thousands = _TEN_THOUSAND.match(plain)
    if not (thousands or _NUMBER.match(plain)):
        raise Bad(Cause.NUMBER, _('"%(text)s" is not a number.') % {"text": text[:40]})
    if NUMBERS not in fixes:
        raise Bad(Cause.NUMBER, _('"%(text)s" is not a number.') % {"text": text[:40]}, NUMBERS)
    return round(_finite(thousands[1]) * 10_000, 6) if thousands else _finite(plain)


def _finite(text: str) -> float:
    value = float(text)
    if abs(value) > 1e15:
        raise Bad(Cause.NUMBER, _('"%(text)s" is too large a number.') % {"text": text[:40]})
    return value


def read_day(text: str, fixes: Collection[str]) -> str:
    """A day as 2027-03-31; with the fix also 2027/3/31, 2027年3月31日, 20270331 and a spreadsheet's day number."""
    words = _('"%(text)s" is not a date such as 2027-03-31.') % {"text": text[:40]}
    if _ISO.match(text) and (day := _day(text)):
        return day
    read = _day(_folded(text).strip())
    if read is None:
        raise Bad(Cause.DATE, words)
    if DATES not in fixes:
        raise Bad(Cause.DATE, words, DATES)
    return read


def _day(text: str) -> str | None:
    if _SERIAL.match(text) and int(float(text)) in _SERIALS:
        return (_FIRST_SERIAL + timedelta(days=int(float(text)))).isoformat()
    for pattern in _DAYS:
        if match := pattern.match(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
            except ValueError:
                return None
    return None


def read_levels(text: str) -> list[int]:
    """TRL: one level or two. Raises Bad."""
    match = _LEVELS.match(_folded(text).strip())
    levels = [int(match[1]), int(match[2] or match[1])] if match else []
    if not levels or not 1 <= levels[0] <= levels[1] <= 13:
        raise Bad(Cause.TERM, _("Must be two levels, the lower one first."))
    return levels


def read_yes(text: str) -> bool:
    """Yes or no. Raises Bad."""
    answer = (_YES | _NO).get(_folded(text).strip().lower())
    if answer is None:
        raise Bad(Cause.TERM, _('"%(text)s" is neither yes nor no.') % {"text": text[:40]})
    return answer


@lru_cache(maxsize=1)
def quantities() -> dict[str, str]:
    """Every way to name a quantity (its code, both languages' words), with its code."""
    rows = read_rows(DATA_FOLDER / FILES["quantity"])
    return {form.lower(): row["code"] for row in rows for form in (row["code"], row["name_en"], row["name_zh"]) if form}


def read_quantity(text: str) -> str:
    """The code of a quantity. Raises Bad, with the likeliest one as its fix."""
    known = quantities()
    if code := known.get(_folded(text).strip().lower()):
        return code
    alike = difflib.get_close_matches(text[:40].lower(), known, n=1, cutoff=_ALIKE)
    fix = say("quantity", text, quantity_label(known[alike[0]])) if alike else ""
    raise Bad(Cause.TERM, _('"%(text)s" is no parameter of the list.') % {"text": text[:40]}, fix)


@lru_cache(maxsize=2_000)
def read_unit(quantity: str, text: str) -> str:
    """The unit's code, whatever its spelling. Raises Bad, with the likeliest one as its fix."""
    problem = unit_problem(quantity, text)
    if not problem:
        known = unit_of(text)
        return known.code if known else text
    raise Bad(Cause.UNIT, problem, _unit_fix(quantity, text))


def _unit_fix(quantity: str, text: str) -> str:
    folded = _folded(text).strip(" .。")
    for form in (folded, folded.lower(), folded.replace(" ", "")):
        if form != text and not unit_problem(quantity, form) and (known := unit_of(form)):
            return say("unit", text, known.code)
    fitting = [form for form, unit in unit_table().items() if not unit_problem(quantity, unit.code)]
    alike = difflib.get_close_matches(folded, fitting, n=1, cutoff=_ALIKE)
    meant = unit_of(alike[0]) if alike else None
    return say("unit", text, meant.code) if meant else ""


def check_cell(text: str, most: int, *, may_say_nothing: bool) -> None:
    """Raise Bad for a cell that is too long, or that says it is empty where only a value belongs."""
    if len(text) > most:
        raise Bad(Cause.LONG, _("At most %(most)s characters.") % {"most": most}, CUT)
    if may_say_nothing and is_blank_word(text):
        raise Bad(Cause.BLANK, _('"%(text)s" is no value; leave the cell empty.') % {"text": text}, BLANKS)
