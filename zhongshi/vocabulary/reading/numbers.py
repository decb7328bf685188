"""Numbers as people write them: 1,000 · 1.4万 · 两百 · 八十万 · 半."""

from __future__ import annotations

import re

CHINESE = "零〇一二两三四五六七八九十百千万亿半"
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "k": 1e3, "million": 1e6}
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100,
}  # fmt: skip

# Bounded everywhere, so that no text can make the matcher slow.
# 10 000 L: blanks part thousands where a unit follows.
_SPACED = r"\d{1,3}(?: \d{3}){1,3}(?= ?[A-Za-zμ℃°升吨公千立方])"
ARABIC = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}(?!\d)|{_SPACED}|\d{{1,12}})(?:\.\d{{1,8}})?"
HANZI = rf"[{CHINESE}]{{1,12}}(?:点[零〇一二三四五六七八九]{{1,4}})?"
_NUMBER = re.compile(rf"(?P<digits>{ARABIC}) ?(?P<scale>千万|百万|十万|[百千万亿]|k(?![a-z])|million)?", re.IGNORECASE)


_BLANK = re.compile(r"(?<=\d) (?=\d{3})")
_PAIR = re.compile(
    r"(?P<lead>[一二两三四五六七八九十百千万]{0,5}[十百千万])?"
    r"(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<scale>[十百千万亿]{0,2})"
)


def to_bounds(written: str) -> tuple[float, float] | None:
    """Read a number, or two digits side by side that mean a range; None if it is neither.

    >>> to_bounds("两三百"), to_bounds("十七八"), to_bounds("三五"), to_bounds("1.4万")
    ((200.0, 300.0), (17.0, 18.0), (3.0, 5.0), (14000.0, 14000.0))
    """
    text = written.strip()
    pair = _PAIR.fullmatch(text)
    if pair and 1 <= _DIGITS[pair["high"]] - _DIGITS[pair["low"]] <= 2:
        lead, scale = pair["lead"] or "", pair["scale"]
        low, high = _hanzi(lead + pair["low"] + scale), _hanzi(lead + pair["high"] + scale)
        if low is not None and high is not None and low < high:
            return low, high
    number = to_number(text)
    return None if number is None else (number, number)


def to_number(written: str) -> float | None:
    """Read one number; None if it is none.

    >>> to_number("1.4万"), to_number("两百"), to_number("半"), to_number("1,000")
    (14000.0, 200.0, 0.5, 1000.0)
    """
    text = _BLANK.sub("", written.strip())
    if text.lower() in WORDS:
        return float(WORDS[text.lower()])
    match = _NUMBER.fullmatch(text)
    if match:
        scale = (match["scale"] or "").lower()
        return float(match["digits"].replace(",", "")) * SCALES.get(scale, 1.0)
    return _hanzi(text)


def _hanzi(text: str) -> float | None:
    whole, _, fraction = text.partition("点")
    if not whole or any(character not in CHINESE for character in whole):
        return None
    if whole.startswith("半"):
        return 0.5 if whole == "半" else None
    value = _sections(whole.rstrip("半")) + (0.5 if whole.endswith("半") else 0.0)
    for place, digit in enumerate(fraction, start=1):
        value += _DIGITS[digit] / 10**place
    return value


def _sections(whole: str) -> float:
    """Sum the sections of 亿 and 万; a last digit after 百, 千 or 万 is short for the next place (三千五 is 3500)."""
    total = section = digit = 0.0
    place = 1.0
    for character in whole:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if digit and place == 1 else float(_DIGITS[character])
            place = 1.0 if character in "零〇" else place
        elif character in _SMALL:
            section += (digit or 1.0) * _SMALL[character]
            digit, place = 0.0, _SMALL[character] / 10
        elif character in _LARGE:
            total = (total + section + digit or 1.0) * _LARGE[character]
            section, digit, place = 0.0, 0.0, _LARGE[character] / 10
    return total + section + digit * (place if place >= 10 else 1.0)
