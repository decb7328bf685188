"""Budgets and durations: what the asker will spend, and for how long the platform is wanted."""

from __future__ import annotations

import re
from itertools import islice

from .clauses import Clauses
from .measures import Measure
from .numbers import ARABIC, HANZI, to_number
from .quantities import Quantity

_MOST_BUDGETS = 40
_BUDGET = re.compile(r"预算|经费|费用|总价|报价|价格|资金|出价|budget|cost|price|spend")
_SPENT = re.compile(
    r"投入|投了|已投|已花|研发投入|营收|产值|销售|融资|注册资本|奖励|补贴|补助|invested|spent|revenue|raised|subsid"
)
# 预算八十万, 预算300万左右, budget 50k: no unit of money is written.
_BARE = re.compile(
    rf"(?:预算|经费|费用|budget)[^\d，。;,{'一二两三四五六七八九十百半'}]{{0,8}}?(?P<first>{ARABIC}"
    rf"|{HANZI}) ?(?P<scale>万|k(?![a-z]))?"
    rf"(?: ?[-~到至] ?(?P<second>{ARABIC}|{HANZI}))?"
    r" ?(?P<unit>万|k(?![a-z]))?(?! ?[%％a-z个天月年升吨]|元|欧|美)"
    r"(?P<most> ?(?:以内|之内|以下|内))?(?P<least>以上)?"
)
_CURRENCIES = {
    "eur": "EUR", "€": "EUR", "usd": "USD", "us$": "USD", "$": "USD", "gbp": "GBP", "£": "GBP",
    "cny": "CNY", "rmb": "CNY", "¥": "CNY",
}  # fmt: skip
_THOUSANDS = r"k(?![a-z])|million|万"
_CURRENCY_FIRST = re.compile(
    rf"(?P<code>eur|usd|us\$|gbp|cny|rmb|[€$£¥]) ?(?P<first>{ARABIC}) ?(?P<scale>{_THOUSANDS})?"
    rf"(?: ?(?:-|to) ?(?:eur|usd|[€$£¥])? ?(?P<second>{ARABIC}) ?(?P<scale2>{_THOUSANDS})?)?"
)
_MOST = re.compile(
    r"不超过|不高于|控制在|最多|上限|封顶|以内|max|up to|under|below|at most|within|no(?:t)? more than|not exceed"
)
_TERM = re.compile(
    r"周期|工期|租|用|为期|历时|时间|机时|持续|占用|项目期|排|驻场|试机|试车|跑|运行|跟线"
    r"|用时|duration|campaign|for |rent|hire|lasting|period|take"
)
_NO_TERM = re.compile(
    r"已|研发投入|经验|成立|保质期|货架期|质保|有效期|账期|稳定性|寿命|保存|考察|加速|shelf|warranty|experience"
    r"|years of|年运行|每年|跑了|做了|付款|以来|运行了"
)


# 每周不超过23万, 包月15万元: a price for a time, written with or without a unit of money.
_PER_TIME = re.compile(
    r"(?:(?P<week>每周|一周|周租|按周|周费用|per week)|(?P<month>每月|每个月|包月|月租|按月|一个月|per month))"
    r"[^\d，。;,一二两三四五六七八九十百半]{0,10}$"
)
_BARE_PER_WEEK = re.compile(
    rf"(?:每周|周租|周费用|按周|包月|每月|每个月|月租)[^\d，。;,一二两三四五六七八九十百半]{{0,10}}"
    rf"(?P<first>{ARABIC}|{HANZI}) ?(?P<scale>万)(?!元|块|人|欧|美|[片件粒支只套])(?P<most> ?(?:以内|之内|以下|内))?"
)
# A price for one of them is no budget.
_EACH = re.compile(
    r"(?:每|单|一)(?:批|次|件|台|套|吨|公斤|升|片|个|支|釜|锅|样|天|小时)[^，。;,\d]{0,8}$|单价[^，。;,\d]{0,6}$"
)
_WEEKS_OF_MONTH = 52 / 12


def budget_of(measure: Measure, clauses: Clauses) -> Quantity | None:
    """The budget an amount of money names; None for sunk costs, revenues and amounts nobody calls a budget."""
    clause = clauses.at(measure.start).lower
    near = clauses.before(measure.start, 16) + clauses.after(measure.end, 6)
    period = _period(measure, clauses)
    if period:
        return _weekly(measure, _MOST.search(near) is not None, 1.0 if period == "week" else _WEEKS_OF_MONTH)
    if not _BUDGET.search(clause) or _SPENT.search(near) or measure.per or _EACH.search(clauses.before(measure.start)):
        return None
    low, high = measure.low, measure.high
    if high is not None and low == high and _MOST.search(near):
        low = None
    code, factor = ("CNY", measure.unit.factor) if measure.unit.dimension == "CNY" else (measure.unit.code, 1.0)
    bounds = [None if bound is None else bound * factor for bound in (low, high)]
    return Quantity("budget", bounds[0], bounds[1], code, measure.start, measure.end)


def _period(measure: Measure, clauses: Clauses) -> str:
    """The time a price is for: week, month; empty where it is a sum."""
    if measure.unit.dimension == "CNYW":
        return "week"
    if measure.unit.dimension != "CNY":
        return ""
    if measure.per in ("week", "month"):
        return measure.per
    before = _PER_TIME.search(clauses.before(measure.start, 20))
    return "" if before is None else "week" if before["week"] else "month"


def _weekly(measure: Measure, limited: bool, weeks: float) -> Quantity:
    factor = measure.unit.factor / 1e4 / weeks
    low, high = (None if bound is None else round(bound * factor, 9) for bound in (measure.low, measure.high))
    if limited and low == high:
        low = None
    return Quantity("price_per_week", low, high, "万元/周", measure.start, measure.end)


def bare_prices(clauses: Clauses) -> list[Quantity]:
    """Prices for a time without a unit of money: 每周不超过23万. Ten thousand yuan a week."""
    found = []
    for match in islice(_BARE_PER_WEEK.finditer(clauses.text.lower), _MOST_BUDGETS):
        value = to_number(match["first"])
        if value is None:
            continue
        weeks = _WEEKS_OF_MONTH if "月" in match.group()[:3] else 1.0
        high = round(value / weeks, 9)
        limited = match["most"] or _MOST.search(match.group())
        found.append(Quantity("price_per_week", None if limited else high, high, "万元/周", match.start(), match.end()))
    return found


def bare_budgets(clauses: Clauses) -> list[Quantity]:
    """Budgets written without a unit of money: 预算60万以内, 预算八十万. Yuan."""
    found = []
    for match in islice(_BARE.finditer(clauses.text.lower), _MOST_BUDGETS):
        low, high = _bare_bounds(match)
        if low is None:
            continue
        clause = clauses.at(match.start()).lower
        if match["most"] or (match["second"] is None and _MOST.search(clause)):
            found.append(Quantity("budget", None, high, "CNY", match.start(), match.end()))
        else:
            found.append(Quantity("budget", low, None if match["least"] else high, "CNY", match.start(), match.end()))
    return found


def _bare_bounds(match: re.Match[str]) -> tuple[float | None, float | None]:
    scale = {"万": 1e4, "k": 1e3}.get(match["unit"] or match["scale"] or "", 1.0)
    first = to_number(match["first"])
    second = to_number(match["second"]) if match["second"] else first
    if first is None or second is None:
        return None, None
    low, high = (bound * (scale if bound < 1e4 else 1.0) for bound in (first, second))
    # A budget of a few yuan is a list number or a year, not a budget.
    return (low, high) if high >= 1000 else (None, None)


def currency_budgets(clauses: Clauses) -> list[Quantity]:
    """Budgets with the currency in front: EUR 80,000, €50k, ¥300,000."""
    found = []
    for match in islice(_CURRENCY_FIRST.finditer(clauses.text.lower), _MOST_BUDGETS):
        clause = clauses.at(match.start()).lower
        low = to_number(match["first"] + (match["scale"] or ""))
        high = to_number(match["second"] + (match["scale2"] or "")) if match["second"] else low
        if (
            low is None
            or high is None
            or not _BUDGET.search(clause)
            or _SPENT.search(clauses.before(match.start(), 16))
        ):
            continue
        code = _CURRENCIES[match["code"]]
        limited = match["second"] is None and _MOST.search(clauses.before(match.start(), 16))
        found.append(Quantity("budget", None if limited else low, high, code, match.start(), match.end()))
    return found


def duration_of(measure: Measure, clauses: Clauses) -> Quantity | None:
    """How long the platform is wanted; None for experience, shelf life and time gone by."""
    clause = clauses.at(measure.start).lower
    near = clauses.before(measure.start, 10) + clauses.after(measure.end, 10)
    limited = measure.low is None
    if _NO_TERM.search(clause) or measure.unit.dimension != "DUR" or (measure.low or 0) > 1000:
        return None
    if not (limited or _TERM.search(near)):
        return None
    return Quantity("duration", measure.low, measure.high, measure.unit.code, measure.start, measure.end)
