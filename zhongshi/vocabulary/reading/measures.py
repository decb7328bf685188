"""Amounts in running text: 1吨, 50升到500升, −20~180℃, 不低于99.5%, 2×1200 L, 8公斤压力.

One compiled pattern and a fixed table of units; every repetition is bounded, so the time stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from .normalise import NormalText
from .numbers import ARABIC, CHINESE, HANZI, WORDS, to_number
from .units import PER, Unit, combined, per_code, unit_of, unit_pattern

_LEAST = (
    r"不低于|不少于|不小于|不得低于|不得少于|至少|最少|起码|大于等于|大于|超过|高于|≥|>=|>|at least|more than|over"
    r"|above|minimum|min\.?"
    r"|no less than|not less than|greater than"
)
_MOST = (
    r"不超过|不大于|不高于|不多于|不得超过|至多|最多|小于等于|小于|低于|少于|≤|<=|<|up to|at most|no more than"
    r"|not more than|under"
    r"|below|less than|maximum|max\.?|控制在"
)
_LOWEST, _HIGHEST = "最小|最低|下限", "最大可达|最大|最高可达|最高|上限|高达|可达"
_PRE = rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<lowest>{_LOWEST})|(?P<highest>{_HIGHEST})) ?(?:为|是|可达|of)? ?"
_SCALE = r"(?: ?(?:千万|百万|十万|[百千万亿](?![克瓦升帕米卡伏安])|k(?![A-Za-z])|million\b))?"
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_NUMBER = rf"(?:{ARABIC}{_SCALE}|{HANZI}|(?:{_WORD})(?![a-z]))"
_MANY = r"(?P<{0}>余|多|几|来)?"
_SIGN = r"(?P<{0}>零下|负|-(?=\d))? ?"
_FOLLOW = (
    r" ?(?:(?P<upward>(?:及|或)?以上|起(?!始|步)|or more|or above|or larger|and above|or higher|minimum|\+(?!\d))"
    r"|(?P<downward>(?:及|或)?以下|以内|之内|内(?!外|部|含)|or less|or below|or under|max(?:imum)?)"
    r"|(?P<about>左右|上下|级别|级))?"
)
_RANGE = r"(?P<range> ?(?:-{1,2}|~|～|到|至|to|and|与|和|、|/(?=\d)) ?)"
_BARE_SCALE = re.compile(r"^[百千万亿]+$")
_TOLERANCE = rf"(?: ?(?:±|\+/-) ?(?P<tolerance>{ARABIC}))?"


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount: positions in the normal form, bounds in `unit` (None is open), and how it was said.

    `side` is "least" or "most" when only one end was named by words such as 最小 … 最大, for joining the two later.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: Unit
    per: str = ""
    side: str = ""
    count: int | None = None
    words: str = ""


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    unit = unit_pattern()
    first_unit = rf"(?: ?(?P<unit1>{unit}))?"
    return re.compile(
        rf"(?:{_PRE})?(?:约|近|大约|大概|about |around |approx\.? |~)?(?<![A-Za-z0-9_.第±])(?<![A-Za-z]-)"
        rf"(?:(?P<times>\d{{1,3}}) ?[x*] ?(?=\d))?{_SIGN.format('sign1')}(?P<first>{_NUMBER})"
        rf"{_MANY.format('many1')}{_TOLERANCE}"
        rf"(?:{first_unit}{PER.format(name='per1')}{_RANGE}(?:约|不超过|最大可达|最高|最大)?{_SIGN.format('sign2')}"
        rf"(?P<second>{_NUMBER}))?{_MANY.format('many2')} ?(?P<unit>{unit}){PER.format(name='per')}{_FOLLOW}",
    )


def measures(text: NormalText) -> list[Measure]:
    """All amounts of a text, in order."""
    found = []
    for match in _pattern().finditer(_spelled(text)):
        measure = _read(match)
        if measure is not None:
            found.append(measure)
    return found


def _spelled(text: NormalText) -> str:
    """Small letters for English number words only: units keep their case (MW is not mW)."""
    return re.sub(rf"\b(?:{_WORD})\b", lambda word: word.group().lower(), text.plain, flags=re.IGNORECASE)


def _read(match: re.Match[str]) -> Measure | None:
    unit, first = unit_of(match["unit"]), _signed(match["sign1"], match["first"])
    if unit is None or first is None or _is_idiom(match):
        return None
    low, high = first, first
    if match["second"]:
        second = _signed(match["sign2"], match["second"])
        if second is None:
            return None
        low, high = _in_one_unit(match, first, second, unit)
    words = match.group()
    measure = Measure(match.start(), match.start() + len(words.rstrip()), low, high, unit, words=words)
    return _opened(_per_time(measure, match), match)


def _signed(sign: str | None, number: str) -> float | None:
    value = to_number(number)
    return -value if sign and value is not None else value


def _is_idiom(match: re.Match[str]) -> bool:
    """万吨级, 千方百计, 双方/三方 (parties), 一套 (one of it) name no amount."""
    number, unit = match["first"], match["unit"]
    if _BARE_SCALE.match(number) and not match["second"]:
        return True
    hanzi = number[0] in CHINESE
    return hanzi and not match["second"] and unit == "方" and len(number) == 1


def _in_one_unit(match: re.Match[str], first: float, second: float, unit: Unit) -> tuple[float, float]:
    """Bring "500 kg 到 2 t" to one unit; "1到3吨" and "20与250MHz" share theirs, "3到5千" its scale."""
    other = unit_of(match["unit1"]) if match["unit1"] else None
    if other is not None and other != unit and other.dimension == unit.dimension:
        first = (first * other.factor + other.offset - unit.offset) / unit.factor
    elif match["unit1"] is None and match["second"][-1:] in "万亿千" and match["first"][-1:] not in "万亿千百":
        first *= {"万": 1e4, "亿": 1e8, "千": 1e3}[match["second"][-1]] if match["second"][-1:] else 1.0
    return min(first, second), max(first, second)


def _per_time(measure: Measure, match: re.Match[str]) -> Measure:
    per = per_code(match["per"] or match["per1"])
    joined = combined(measure.unit, per) if per and per != "batch" else None
    count = int(match["times"]) if match["times"] else None
    return replace(measure, unit=joined or measure.unit, per=per, count=count)


def _opened(measure: Measure, match: re.Match[str]) -> Measure:
    """Open the side that 不低于, 以上, 不超过, 以内, 最大 … leave open."""
    if match["second"]:
        return measure
    if match["least"] or match["upward"] or match["many1"] or match["many2"]:
        return replace(measure, high=None)
    if match["most"] or match["downward"]:
        return replace(measure, low=None)
    if match["lowest"]:
        return replace(measure, side="least")
    if match["highest"]:
        return replace(measure, side="most")
    return _with_tolerance(measure, match)


def _with_tolerance(measure: Measure, match: re.Match[str]) -> Measure:
    if match["tolerance"] is None or measure.low is None:
        return measure
    width = float(match["tolerance"].replace(",", ""))
    return replace(measure, low=measure.low - width, high=measure.low + width)


def joined(parts: list[Measure]) -> list[Measure]:
    """Join "最小2立方，最大可达3000升" and "最低-20℃、最高1200℃" into one range."""
    out: list[Measure] = []
    for part in parts:
        last = out[-1] if out else None
        if (
            last is not None
            and last.side == "least"
            and part.side == "most"
            and _alike(last.unit, part.unit)
            and part.start - last.end < 12
            and last.low is not None
        ):
            low = (last.low * last.unit.factor + last.unit.offset - part.unit.offset) / part.unit.factor
            out[-1] = replace(part, start=last.start, low=low, side="", words=last.words + part.words)
        else:
            out.append(part)
    return [_one_sided(part) for part in out]


def _alike(one: Unit, other: Unit) -> bool:
    """Of one dimension, or both counts (最小30件，最大可达100台套)."""
    return one.dimension == other.dimension or (one.dimension[:2] == other.dimension[:2] == "N:")


def _one_sided(part: Measure) -> Measure:
    if part.side == "least":
        return replace(part, high=None, side="")
    if part.side == "most":
        return replace(part, low=None, side="")
    return part
