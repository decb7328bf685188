"""Which quantity an amount is: the words beside it decide (1吨釜 is a volume, 每批1吨 a mass, 8公斤压力 a pressure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from .clauses import Clauses
from .measures import Measure
from .units import Unit, combined, unit_of, unit_table


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its name and its bounds in `unit` (None is open); of a choice any size within will do."""

    name: str
    low: float | None
    high: float | None
    unit: str
    start: int
    end: int
    count: int | None = None
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words about an amount: close before and after, its clause and sentence, and the whole text's field."""

    before: str
    after: str
    clause: str
    sentence: str
    is_wafer: bool
    is_listing: bool


_WAFER = re.compile(
    r"晶圆|流片|芯片|mems|hemt|(?<![a-z])(?:gan|sic)(?![a-z])|外延|wafer|光刻|硅光|半导体|投片|功率器件|砷化镓|氮化镓|碳化硅|mpw|vcsel"
    r"|铌酸锂|(?:英寸|寸|吋|inch)[^。;]{0,20}\d ?nm|(?<![\d.])(?:4|6|8|12) ?(?:英寸|寸|吋|inch) ?(?:线|产线|硅|晶|工艺)"
)
_VESSEL_AFTER = re.compile(r"^[^，。;,\d]{0,6}?(?:罐|釜|反应器|发酵|槽|reactor|ferment|tank|vessel|kettle)")
_VESSEL_BEFORE = re.compile(
    r"(?:罐|釜|反应器|槽|reactors?|fermenters?|tanks?|vessels?|容积|罐容|有效容积)[^，。;,\d]{0,8}$"
)
_LOADED = re.compile(r"(?:投料量?|装料量?|批量|产量|产能|处理量|加工量)[^，。;,\d]{0,4}$")
_SUMMED = re.compile(
    r"总(?:容积|体积|容量|罐容|有效容积|规模)[^，。;,\d]{0,6}$|total (?:volume|capacity)[^,.;\d]{0,6}$"
)
_BATCH_BEFORE = re.compile(
    r"(?:每批次?|单批|批量|批次|一批|每锅|每釜|单釜|单锅|每炉|单炉|单锭|每锭|单次|每次|投料量?|批处理量"
    r"|batch(?: size)?(?: of)?)[^，。;,\d]{0,10}$"
)
_BATCH_AFTER = re.compile(
    r"^\s?(?:/|每|a |per )\s?(?:批|釜|锅|炉|锭|次|batch|run)|^的?(?:批量|批次|batch)|^级?(?:批次|投料)"
)
_TOTAL = re.compile(
    r"(?:试产|试制|试做|先[^，,]{1,3}|再[^，,]{1,3}|加工|代工|生产出?|制备|做出|做|干|出|合计|总量|总计|共|一共|样品"
    r"|订单|寄料|提供|交付|备料"
    r"|produce|process|deliver|total of|supply|trial of|sample of|samples of|toll)[^，。;,\d]{0,6}$"
)
_SUM = re.compile(r"(?:总|合计|累计|一共|总共)[^，。;,\d]{0,6}$")
_TOTAL_AFTER = re.compile(r"^(?:的)?(?:样品|样|试样|产品|成品|原料|料| ?of )")
_WEIGHT = re.compile(
    r"(?:载荷|载重|负载|自重|重量|起飞|净重|整机|毛重|件重|体重|payload|weight|weighing|load of)[^，。;,\d]{0,8}$"
)
_PER_PERIOD = (
    (
        re.compile(
            r"(?:年产能?|年处理量?|年加工|(?<![月日天])产能|年产量|每年|年均|一年"
            r"|annually|per year|yearly)[^，。;,\d]{0,6}$"
        ),
        "a",
    ),
    (re.compile(r"(?:月产能?|月投片?|月加工|每月|月产量|monthly)[^，。;,\d]{0,6}$"), "month"),
    (re.compile(r"(?:日产|日处理量?|日加工|每天|每日|一天|daily)[^，。;,\d]{0,6}$"), "d"),
    (re.compile(r"(?:每小时|一小时|每个小时|时产|小时处理量?|小时产|hourly)[^，。;,\d]{0,6}$"), "h"),
)
_WARM = re.compile(r"温|零下|低温|高温|热|烧|烘|炉|冷|露点|沸|熔|temperature|度(?:以[上下]|左右)|滴加|反应|℃")
_PRESSURE_NEAR = re.compile(r"压")
_PERCENT_NOISE = re.compile(
    r"提高|降低|下降|增长|节约|节省|降本|份额|成功率|占|折|补贴|利润|股|出资|概率|毛利|提升|减少|上涨|以上的?企业"
    r"|百分点|付款|预付"
)
_HOURS = re.compile(r"测试|试验|连续|寿命|老化|耐久|考核|可靠性|盐雾|循环|test|endurance|ageing|aging|continuous")
_MEASURED_LENGTH = re.compile(
    r"分辨率|精度|直径|粒径|粒度|厚|长|宽|径|孔径|距离|高度|水深|深|diameter|thick|width|length|resolution|particle"
    r"|d50|d90|depth"
)
_CLAMP = re.compile(r"锁模力|合模力|clamp")
_WIDTH = re.compile(r"幅宽|门幅|宽幅|宽度|宽|wide|width|web")
_COUNTED = frozenset(
    [
        "件",
        "片",
        "台",
        "套",
        "台套",
        "批",
        "batch",
        "支",
        "只",
        "盒",
        "瓶",
        "颗",
        "粒",
        "双",
        "pair",
        "辆",
        "架",
        "packs",
        "unit",
        "wafer",
        "sample",
        "万片",
        "万支",
        "万粒",
        "袋",
        "罐",
        "卷",
    ]
)
# 8公斤压力 is spoken; forms write MPa.
_GAUGES = {"kgf/cm2": "MPa"}
_PLAIN_OTHER = frozenset({"Q", "F", "E", "VISC", "GSM", "FORCE", "CL", "FT", "VF", "PK"})


def is_wafer_text(lower: str) -> bool:
    """Whether a text is about wafers, so that 片 counts wafers and 寸 their diameter."""
    return bool(_WAFER.search(lower))


def name_quantity(measure: Measure, clauses: Clauses, *, is_wafer: bool, is_listing: bool = False) -> Quantity | None:
    """Name an amount and bring it to the unit the exchange format uses; None for amounts no matcher can use."""
    around = Surroundings(
        clauses.before(measure.start, 14),
        clauses.after(measure.end, 12),
        clauses.at(measure.start).lower,
        clauses.sentence_at(measure.start).lower,
        is_wafer,
        is_listing,
    )
    rule = _RULES.get(measure.unit.dimension)
    if measure.unit.dimension.startswith("N:"):
        rule = _counted
    return rule(measure, around) if rule else None


def _as(name: str, unit: str) -> Callable[[Measure, Surroundings], Quantity]:
    return lambda measure, _: _told(measure, name, unit)


def _told(measure: Measure, name: str, unit: str) -> Quantity:
    target, own = unit_table().get(unit), measure.unit
    low, high = measure.low, measure.high
    if target is not None and target.dimension == own.dimension and target != own:
        low, high = (_converted(bound, own.factor, own.offset, target.factor, target.offset) for bound in (low, high))
    return Quantity(name, low, high, unit, measure.start, measure.end, measure.count)


def _converted(bound: float | None, factor: float, offset: float, by: float, less: float) -> float | None:
    return None if bound is None else round((bound * factor + offset - less) / by, 9)


def _volume(measure: Measure, around: Surroundings) -> Quantity:
    rates = (per for pattern, per in _PER_PERIOD if pattern.search(around.before))
    per = measure.per or next(rates, "")
    if per in ("h", "d"):
        return _volume_flow(measure, per)
    if around.is_listing and _SUMMED.search(around.before):
        return replace(_told(measure, "volume", "L"), unit="L(total)")
    return _told(measure, "volume", "L")


def _volume_flow(measure: Measure, per: str) -> Quantity:
    """每小时50升 is 50 L/h, 日处理300方 is 300 m3/d."""
    unit = combined(measure.unit, per)
    if unit is None:
        unit = _unit(f"m3/{per}")
        low, high = (_converted(bound, measure.unit.factor, 0, 1000, 0) for bound in (measure.low, measure.high))
        measure = replace(measure, low=low, high=high)
    return _told(replace(measure, unit=unit), "other", unit.code)


def _unit(code: str) -> Unit:
    return unit_table()[code]


def _mass(measure: Measure, around: Surroundings) -> Quantity | None:
    if _CLAMP.search(around.clause):
        return _told(replace(measure, unit=_unit("t(clamp)")), "other", "t(clamp)")
    if measure.unit.code == "kg" and _PRESSURE_NEAR.search(around.before[-6:] + around.after[:2]):
        return _told(replace(measure, unit=_unit("kgf/cm2")), "pressure", "MPa")
    if measure.unit.code == "t" and _is_vessel(around) and not _LOADED.search(around.before):
        return _told(replace(measure, unit=_unit("m3")), "volume", "L")
    if _WEIGHT.search(around.before) and not _BATCH_BEFORE.search(around.before):
        return _told(measure, "other", "kg")
    flow = _per_period(measure, around)
    if flow is not None:
        return flow
    return _told(measure, "mass_per_batch" if _is_batch(measure, around) else "other", "kg")


def _is_vessel(around: Surroundings) -> bool:
    return bool(_VESSEL_AFTER.search(around.after) or _VESSEL_BEFORE.search(around.before))


def _is_batch(measure: Measure, around: Surroundings) -> bool:
    if (
        measure.per == "batch"
        or "级" in measure.words
        or _BATCH_BEFORE.search(around.before)
        or _BATCH_AFTER.search(around.after)
    ):
        return not (_SUM.search(around.before) and measure.per != "batch")
    if around.is_listing:
        return True
    return not (_TOTAL.search(around.before) or _TOTAL_AFTER.search(around.after))


def _per_period(measure: Measure, around: Surroundings) -> Quantity | None:
    """年产10吨, 日处理5吨, 每小时20公斤: the period stands before the number."""
    for pattern, per in _PER_PERIOD:
        if pattern.search(around.before):
            return _flow(measure, per)
    return None


def _flow(measure: Measure, per: str) -> Quantity | None:
    if per == "month" and measure.unit.dimension == "M":
        measure, per = _by_the_year(measure), "a"
    unit = combined(measure.unit, per)
    if unit is not None and unit.dimension in ("MF", "AF", "WM"):
        name = "throughput_annual" if unit.dimension == "AF" else "throughput_mass"
        return _told(replace(measure, unit=unit), name, unit.code)
    return None


def _by_the_year(measure: Measure) -> Measure:
    low, high = (None if bound is None else bound * 12 for bound in (measure.low, measure.high))
    return replace(measure, low=low, high=high)


def _throughput(measure: Measure, around: Surroundings) -> Quantity:  # noqa: ARG001  same shape as its sisters
    return _told(measure, "throughput_mass", measure.unit.code)


def _temperature(measure: Measure, around: Surroundings) -> Quantity | None:
    bare = measure.unit.code == "degC" and "度" in measure.words and "摄氏" not in measure.words
    below_zero = measure.low is not None and measure.low < 0
    if bare and not below_zero and not _WARM.search(around.before + measure.words + around.after):
        return None
    return _told(measure, "temperature", "degC")


def _inches(measure: Measure, around: Surroundings) -> Quantity:
    if _WIDTH.search(around.before + around.after):
        return _told(measure, "width", "inch")
    return _told(measure, "wafer_size" if around.is_wafer else "other", "inch")


def _nanometres(measure: Measure, around: Surroundings) -> Quantity:
    node = around.is_wafer and not _MEASURED_LENGTH.search(around.before + around.after)
    return _told(measure, "node" if node else "other", "nm")


def _length(measure: Measure, around: Surroundings) -> Quantity | None:
    if _WIDTH.search(around.before[-6:] + around.after[:6]):
        return _told(measure, "width", measure.unit.code)
    if _MEASURED_LENGTH.search(around.before + around.after[:6]):
        return _told(measure, "other", measure.unit.code)
    return None


def _percent(measure: Measure, around: Surroundings) -> Quantity | None:
    if _PERCENT_NOISE.search(around.clause):
        return None
    if "优于" in measure.words:
        measure = replace(measure, low=measure.high, high=None)
    high = 100.0 if measure.high is None and (measure.low or 0) <= 100 else measure.high
    return _told(replace(measure, high=high), "other", "%")


def _hours(measure: Measure, around: Surroundings) -> Quantity | None:
    return _told(measure, "other", "h") if _HOURS.search(around.sentence) and measure.unit.code == "h" else None


def _volts(measure: Measure, around: Surroundings) -> Quantity | None:
    return _told(measure, "other", "kV") if measure.unit.code == "kV" and not around.is_wafer else None


def _counted(measure: Measure, around: Surroundings) -> Quantity | None:
    unit = measure.unit.code
    rates = (per for pattern, per in _PER_PERIOD if pattern.search(around.before))
    per = next(rates, measure.per if measure.per != "batch" else "")
    if per:
        return _flow(measure, per)  # 月投500片晶圆; 日产2000只 says nothing of how many are to be made
    if (
        around.after.startswith(("事", "套"))
        or unit not in _COUNTED
        or _is_article(measure)
        or "前" in around.before[-2:]
    ):
        return None
    if unit in ("片", "wafer"):
        unit = "wafer" if around.is_wafer and not around.is_listing else unit
    unit = {"批": "batch", "台套": "台"}.get(unit, unit)
    return Quantity("count", measure.low, measure.high, unit, measure.start, measure.end)


def _is_article(measure: Measure) -> bool:
    """一台, 一批, 两台: a way of saying "a", not an amount."""
    return measure.low is not None and measure.low <= 1 and measure.high == measure.low


_RULES: dict[str, Callable[[Measure, Surroundings], Quantity | None]] = {
    "V": _volume,
    "M": _mass,
    "MF": _throughput,
    "WM": _throughput,
    "AF": lambda measure, _: _told(measure, "throughput_annual", "t/a"),
    "T": _temperature,
    "P": lambda measure, _: _told(measure, "pressure", _GAUGES.get(measure.unit.code, measure.unit.code)),
    "W": _as("power", "kW"),
    "IN": _inches,
    "NM": _nanometres,
    "A": _as("area", "m2"),
    "D": _length,
    "UM": _length,
    "S": _as("speed", "m/min"),
    "R": _percent,
    "H": _hours,
    "U": _volts,
} | dict.fromkeys(_PLAIN_OTHER, lambda measure, _: _told(measure, "other", measure.unit.code))


def same_range(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts say the same thing (within 2 %), whatever their units."""
    first, second = unit_of(one.unit), unit_of(other.unit)
    if one.name != other.name or first is None or second is None or first.dimension != second.dimension:
        return False
    pairs = ((one.low, other.low), (one.high, other.high))
    return all(_close(a, b, first.factor, second.factor) for a, b in pairs)


def _close(a: float | None, b: float | None, by_a: float, by_b: float) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a * by_a - b * by_b) <= 0.02 * max(abs(a * by_a), abs(b * by_b), 1e-12)
