"""Amounts in running text: 1吨, 50升到500升, −20~180℃, 不低于99.5%, 2×1200 L, 8公斤压力.

One compiled pattern and a fixed table of units; every repetition is bounded, so the time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .normalise import NormalText
from .numbers import ARABIC, CHINESE, HANZI, WORDS, to_bounds
from .units import PER, Unit, combined, per_code, unit_of, unit_pattern, unit_table

_LEAST = (
    r"不(?:可|能|要|应)(?:低于|少于|小于)|不低于|不少于|不小于|不得低于|不得少于|至少|最少|起码|大于等于|大于|超过|高于|≥|>=|>"
    r"|(?<![a-z])(?:at least|more than|over|above|minimum|min\.?|no less than|not less than|greater than)"
)
_MOST = (
    r"不(?:可|能|要|应)(?:超过|高于|大于|超出)|优于|不超过|不大于|不高于|不多于|不得超过|不得高于|至多|最多|小于等于|小于|低于|少于|≤|<=|<|控制在"
    r"|(?<![a-z])(?:(?<!scale )(?<!scaled )(?<!scaling )up to|at most|no more than|not more than|not exceeding"
    r"|under|below|less than|maximum|max\.?)"
)
_LOWEST = "最小|最低|下限"
_HIGHEST = "最大可达|最大|最高可达|最高|上限|高达|可达|(?:常压|室温|常温) ?(?:-{1,2}|~|到|至)"
# Read backwards from the number: what opens a side, what makes it vague, its sign.
_BEFORE = re.compile(
    rf"(?:(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<lowest>{_LOWEST})|(?P<highest>{_HIGHEST}))"
    r" ?(?:为|是|可达|of)? ?)?"
    r"(?:约|近|大约|大概|(?<![a-z])(?:about|around|approx\.?) |~)?(?P<sign>零下 ?|负 ?|(?<![A-Za-z0-9_.)第±])-)?\Z"
)
_WIDEST = 18
_RATED = re.compile(
    r"(?:(?P<lowest>最低)|最高|最大)(?:工作|使用|设计|操作|反应|运行|加热|烧结|煅烧|处理|允许)?"
    r"(?:温度|压力)(?:为|可达|达到?|约|是|:)? ?\Z"
)
_SCALE = r"(?: ?(?:千万|百万|十万|[百千万亿](?![克瓦升帕米卡伏安])|k(?![A-Za-z])|million\b))?"
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_NUMBER = rf"(?:(?>{ARABIC}){_SCALE}|(?>{HANZI})|(?:{_WORD})(?![a-z]))"
_MANY = r"(?P<{0}>余|多|几|来)?"
_GAP = r"(?: |-(?=[A-Za-z]))?"
_FOLLOW = (
    r" ?(?:(?P<upward>(?:及|或)?以上|起(?!始|步)|or more|or above|or larger|and above|or higher|minimum|\+(?!\d))"
    r"|(?P<downward>(?:及|或)?以下|以内|之内|内(?!外|部|含)|or less|or below|or under|max(?:imum)?)"
    r"|(?P<about>左右|上下|级别|级))?"
)
_RANGE = r"(?P<range> ?(?:-{1,2}|~|～|到|至|to|and|与|和|、|/(?=\d)) ?)"
_BARE_SCALE = re.compile(r"^[百千万亿]+$")
_TOLERANCE = rf"(?: ?(?:±|\+/-) ?(?P<tolerance>{ARABIC}))?"
# Amounts are looked for where a numeral begins; a run of numerals that gives none is left as a whole.
_NUMERAL = re.compile(rf"\d+|[{CHINESE}]+|(?<![A-Za-z])(?:{_WORD})(?![A-Za-z])")
MOST = 2000  # a longer list is no need and no listing
_CLASSED = frozenset({"公斤", "千克", "克", "升", "kg", "g", "L"})
_SHARED_SCALE = {"万": 1e4, "亿": 1e8, "千": 1e3}
_VESSELS = frozenset({"N:台", "N:只", "N:个", "N:套", "N:条", "N:罐"})
_BETWEEN_ENDS = re.compile(r"^ ?[，,、;]? ?(?:且|并且?|同时|and |but )?$")
_BETWEEN_VESSELS = re.compile(r"^(?:的|[^，。;,\d]{0,4}(?P<vessel>罐|釜|器|槽|tanks?|reactors?))?\s?$")
# 500~2吨 and 800-1.5方: a first number that would be the larger one is meant in the smaller unit.
_SMALLER = {"t": "kg", "m3": "L"}
_ANY_WORD = re.compile(rf"(?<![A-Za-z])(?:{_WORD})(?![A-Za-z])", re.IGNORECASE)
Named = Mapping[str, str | None]
Bounds = tuple[float, float]


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
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An amount that may be a range, and one that is none."""
    unit = unit_pattern()
    # 50/200/1000L: sizes in a row are as good as a range.
    row = r"(?:[/、](?>\d{1,9}(?:\.\d{1,4})?)(?=[/、])){0,6}"
    times = r"(?: ?[x*] ?(?P<times2>\d{1,3})(?!\d)(?: ?[台只个套条](?!套))?)?"
    begin = (
        rf"(?<![A-Za-z0-9_.第±])(?<![A-Za-z]-)(?:(?P<times>\d{{1,3}}) ?[x*] ?(?=\d))?(?P<first>{_NUMBER})"
        rf"{_MANY.format('many1')}{_TOLERANCE}{{}}"
    )
    second = (
        rf"(?:(?:{_GAP}(?P<unit1>{unit}))?{PER.format(name='per1')}{_RANGE}\+?(?:约|不超过|最大可达|最高|最大|up to )?"
        rf"(?P<sign2>零下 ?|负 ?|-(?=\d))?(?P<second>{_NUMBER}))"
    )
    end = rf"{_MANY.format('many2')}{_GAP}(?P<unit>{unit}){PER.format(name='per')}{times}{_FOLLOW}"
    return re.compile(begin.replace("{}", row) + second + end), re.compile(begin.replace("{}", "") + end)


def measures(text: NormalText) -> list[Measure]:
    """The amounts of a text, in order; no more than `MOST`."""
    found: list[Measure] = []
    spelled, position = _spelled(text), 0
    free = 0
    while len(found) < MOST and (numeral := _NUMERAL.search(spelled, position)):
        measure, free = _at(spelled, numeral.start(), free)
        if measure is not None:
            found.append(measure)
        position = max(numeral.end(), free)
    return found


def _at(spelled: str, start: int, free: int) -> tuple[Measure | None, int]:
    """The amount that begins with the numeral at `start`, and where its words end; None and `free` where there is none.

    No word before `free`, where the last amount ends, is read again. Two amounts of different kinds are no range.
    """
    for pattern in _patterns():
        match = pattern.match(spelled, start)
        before = _BEFORE.search(spelled, max(free, start - _WIDEST), start) if match else None
        if match is None or before is None:
            continue
        named = {**match.groupdict(), **before.groupdict()}
        rated = _RATED.search(spelled, max(0, before.start() - _WIDEST), before.start())
        if rated is not None:
            named["lowest" if rated["lowest"] else "highest"] = rated.group()
        measure = _read(named, before.start(), spelled[before.start() : match.end()])
        if measure is not None:
            return measure, match.end()
    return None, free


def _spelled(text: NormalText) -> str:
    """Small letters for English number words only: units keep their case (MW is not mW)."""
    return _ANY_WORD.sub(lambda word: word.group().lower(), text.plain)


def _read(named: Named, start: int, words: str) -> Measure | None:
    unit, bounds = unit_of(named["unit"] or ""), _signed(named["sign"], named["first"])
    if unit is None or bounds is None or _is_idiom(named) or _is_nothing(bounds, named, unit):
        return None
    if _BARE_SCALE.match(named["first"] or "") and not named.get("second"):
        bounds = bounds[0], 10 * bounds[0]
    if named.get("second"):
        second = _signed(named["sign2"], named["second"])
        joint = _in_one_unit(named, bounds, second, unit) if second else None
        if joint is None:
            return None
        bounds, unit = joint
    measure = Measure(start, start + len(words.rstrip()), *bounds, unit, words=words)
    return _opened(_per_time(measure, named), named)


def _signed(sign: str | None, number: str | None) -> Bounds | None:
    bounds = to_bounds(number or "")
    return (-bounds[1], -bounds[0]) if sign and bounds else bounds


def _is_idiom(named: Named) -> bool:
    """万吨级, 千方百计, 双方/三方 (parties), 一套 (one of it) name no amount; 百公斤级 is an order of size."""
    number = named["first"] or ""
    if _BARE_SCALE.match(number) and not named.get("second"):
        return not (named["about"] in ("级", "级别") and named["unit"] in _CLASSED)
    return number[0] in CHINESE and not named.get("second") and named["unit"] == "方" and len(number) == 1


def _is_nothing(bounds: Bounds, named: Named, unit: Unit) -> bool:
    """0吨 asks for nothing; 0℃ and 0~80 do."""
    return bounds == (0.0, 0.0) and not named.get("second") and unit.dimension != "T"


def _in_one_unit(named: Named, first: Bounds, second: Bounds, unit: Unit) -> tuple[Bounds, Unit] | None:
    """Bring "500 kg 到 2 t" and "10立升~1吨" to one unit; "1到3吨" share theirs, "3到5千" its scale.

    None where the two are amounts of different kinds ("80 bar and 120 °C").
    """
    written, scale = named["second"] or "", 1.0
    other = unit_of(named["unit1"]) if named["unit1"] else None
    if other is not None and (named["range"] or "").strip() in ("/", "、"):
        return None  # 50L/200L: two sizes
    if other is None:
        if written[-1:] in _SHARED_SCALE and (named["first"] or "")[-1:] not in "万亿千百":
            scale = _SHARED_SCALE[written[-1]]
        elif first[0] > second[1] and first[0] > 0:
            other = unit_table().get(_SMALLER.get(unit.code, ""))
    other, unit = _vessel_units(other or unit, unit)
    if other.dimension != unit.dimension and not _are_counts(other, unit):
        return None
    if other.dimension == unit.dimension:
        first = _scaled(first, other, unit)
    bounds = sorted((first[0] * scale, first[1] * scale, *second))
    return (bounds[0], bounds[-1]), unit


def _scaled(bounds: Bounds, source: Unit, target: Unit) -> Bounds:
    if source == target:
        return bounds
    low, high = ((bound * source.factor + source.offset - target.offset) / target.factor for bound in bounds)
    return low, high


def _vessel_units(one: Unit, other: Unit) -> tuple[Unit, Unit]:
    """A vessel's tonnes are cubic metres: 10升~1吨 is a range of volumes."""
    cubic = unit_table()["m3"]
    if one.dimension == "V" and other.code == "t":
        return one, cubic
    if one.code == "t" and other.dimension == "V":
        return cubic, other
    return one, other


def _are_counts(one: Unit, other: Unit) -> bool:
    return one.dimension[:2] == other.dimension[:2] == "N:"


def _per_time(measure: Measure, named: Named) -> Measure:
    per = per_code(named["per"] or named.get("per1"))
    joined = combined(measure.unit, per) if per and per != "batch" else None
    times = named["times"] or named["times2"]
    count = int(times) if times else None
    return replace(measure, unit=joined or measure.unit, per=per, count=count)


def _opened(measure: Measure, named: Named) -> Measure:
    """Open the side that 不低于, 以上, 不超过, 以内, 最大 … leave open."""
    if named.get("second"):
        return measure
    if named["tolerance"] is not None:
        return _with_tolerance(measure, named["tolerance"])
    if named["about"] in ("左右", "上下"):
        return measure
    if named["least"] or named["upward"] or named["many1"] or named["many2"]:
        return replace(measure, high=None)
    if named["most"] or named["downward"]:
        return replace(measure, low=None)
    side = "least" if named["lowest"] else "most" if named["highest"] else ""
    return replace(measure, side=side)


def _with_tolerance(measure: Measure, tolerance: str) -> Measure:
    width, value = float(tolerance.replace(",", "")), measure.low or 0.0
    return replace(measure, low=value - width, high=value + width)


def joined(parts: list[Measure], text: NormalText) -> list[Measure]:
    """Join "最小2立方，最大可达3000升" and "最低-20℃、最高1200℃" into one range, "2台500升" into one amount."""
    out: list[Measure] = []
    for part in parts:
        last = out[-1] if out else None
        both = _joint(last, part, text) if last is not None and part.start - last.end < 12 else None
        if both is not None:
            out[-1] = both
        else:
            out.append(part)
    return [_one_sided(part) for part in out]


def _joint(last: Measure, part: Measure, text: NormalText) -> Measure | None:
    least, most = _vessel_units(last.unit, part.unit)
    if last.side == "least" and part.side == "most" and _alike(least, most) and last.low is not None:
        low = (last.low * least.factor + least.offset - most.offset) / most.factor
        return replace(part, unit=most, start=last.start, low=low, side="", words=last.words + part.words)
    vessels, size = (last, part) if part.unit.dimension == "V" else (part, last)
    if _are_ends(last, part) and _BETWEEN_ENDS.match(text.lower[last.end : part.start]):
        return replace(part, start=last.start, low=last.low, words=last.words + part.words)
    between = _BETWEEN_VESSELS.match(text.lower[last.end : part.start])
    if between is None or vessels.unit.dimension not in _VESSELS or vessels.low is None or vessels.low != vessels.high:
        return None
    if size.unit.dimension == "V" or (size.unit.code == "t" and between["vessel"]):
        unit = size.unit if size.unit.dimension == "V" else unit_table()["m3"]
        return replace(size, unit=unit, start=last.start, end=part.end, count=int(vessels.low))
    return None


def _are_ends(last: Measure, part: Measure) -> bool:
    """最少10公斤/批，最多100公斤/批: the two ends of one range."""
    if last.unit != part.unit or last.per != part.per or last.side or part.side or last.unit.dimension == "R":
        return False
    return last.high is None is part.low and (last.low or 0.0) < (part.high or 0.0)


def _alike(one: Unit, other: Unit) -> bool:
    """Of one dimension, or both counts (最小30件，最大可达100台套)."""
    return one.dimension == other.dimension or (one.dimension[:2] == other.dimension[:2] == "N:")


def _one_sided(part: Measure) -> Measure:
    if part.side == "least":
        return replace(part, high=None, side="")
    if part.side == "most":
        return replace(part, low=None, side="")
    return part
