"""When a need wants to start: ISO date, ``--MM-DD`` where no year is said, or an ISO duration from now."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from .clauses import Clauses
from .numbers import to_number

_MOST_DATES = 40  # of each notation; keeps a text of nothing but dates linear
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
    for name in (names,)
}
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?P<year>(?:20)?\d\d年|20\d\d|今年|本年|明年|次年|来年|后年)"
_HANZI_MONTH = r"十[一二]?|[一二三四五六七八九]"
_QUARTERS = re.compile(
    rf"(?:{_YEAR}度?的? ?)?(?:第?(?P<quarter>[一二三四1-4])季度?|(?<![a-z])q(?P<q>[1-4])(?!\d)|(?P<half>上半年"
    rf"|下半年)"
    r"|(?P<edge>年底|年末|(?<![\d半一二两三四五六七八九十])年内|年中|年初|年终"
    r"|(?:(?<=20\d\d年)|(?<=[今明本后次来]年))[底内末]))(?: ?(?P<after>20\d\d))?(?:底|末)?"
)
_MONTH = re.compile(
    rf"(?:{_YEAR} ?(?:[/.-] ?)?)?(?<!\d)(?P<month>1[0-2]|0?[1-9]|{_HANZI_MONTH})月份?(?!内|的?时间)"
    r"(?:(?P<day>[12]\d|3[01]|0?[1-9])[日号]|(?P<part>底|末|初|上旬|中旬|下旬|中))?"
)
_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>[12]\d|3[01]|0?[1-9])(?!\d)")
_ENGLISH = re.compile(
    r"(?P<part>end of|early|mid|late|beginning of)?[ -]?(?<![a-z])(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?"
    r"|oct|nov|dec)[a-z]{0,6}\.?"
    r"(?: (?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d))?,?(?: (?P<year>20\d\d))?"
)
_RELATIVE = re.compile(r"(?P<word>本月底|这个月底|月底前?|下个?月底|下个?月初?|下周|下季度|next month|next week)")
_NOW = re.compile(r"现在就|立即|立刻|马上|随时可|即刻|即日起|immediately|right away|as soon as possible|asap")
_WITHIN = re.compile(
    r"(?:(?:within|in) (?:the next )?(?P<number>\d{1,3}|one|two|three|four|six|eight|twelve) (?P<unit>day|week|month"
    r"|year)s?"
    r"|(?P<hanzi>\d{1,3}|半|[一二两三四五六七八九十]{1,3}) ?(?P<han>个?工作日|天|日|周|个?星期|个月|年)(?:之内|以内"
    r"|内)(?!在))"
)
# 年前 alone is before the Chinese new year; 三年前, 明年前 and 成年后 are not.
_YEAR_ALONE = r"(?<![\d一二两三四五六七八九十百半几多数今明去后来次本当同成往早近每])年(?=[前后])"
_FESTIVALS = re.compile(
    rf"(?:(?P<spring>春节|农历新年|农历年|过年|{_YEAR_ALONE})|(?P<fixed>元旦|五一|国庆|十一))(?:节|假期|长假)?"
    r"(?P<side>之?前|以前|之?后|以后|过后)"
)
_TO_ANOTHER = re.compile(r" ?(?:至|到|-{1,2}|~|to|until) ?(?:20\d\d|\d{1,2} ?月)")
# A day of the calendar, whatever it is said for, holds no amounts: 1日至2027年 lasts nothing.
_CALENDAR = re.compile(r"20\d\d ?(?:年|[-/.]\d{1,2}[-/.]\d{1,2})|\d{1,2}月(?:\d{1,2}[日号])?(?!以内|之内|内)")
_FIXED_FESTIVALS = {"元旦": (1, 1), "五一": (5, 1), "国庆": (10, 1), "十一": (10, 1)}
# The first day of the Chinese year, as the calendar office publishes it.
_SPRING_FESTIVALS = (
    (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23), (2032, 2, 11),
    (2033, 1, 31), (2034, 2, 19), (2035, 2, 8), (2036, 1, 28), (2037, 2, 15), (2038, 2, 4), (2039, 1, 24),
    (2040, 2, 12),
)  # fmt: skip
_START = re.compile(
    r"启动|开始|开工|上罐|上线|进场|上机|试车前|要样|交样|出样|签|投料|排产|入场|开展|动工|start|begin|kick|sign"
    r"|launch|available|slot"
)
_DEADLINE = re.compile(
    r"前|之前|以前|启动|开始|开工|上|进场|要|出样|交|完成|拿到|投料|内|排|by |before|start|begin|from|until|no later"
    r"|deliver|due|in |ready|run"
)
_BYGONE = re.compile(
    r"已|完成了|做完|以来|成立|通线|建成于|投产于|自20|获得|发布|since|founded|was |were |在20\d\d年(?:完成|建)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A start date in the form the exchange format wants, and where it stands in the normal form."""

    value: str
    start: int
    end: int


def calendar_days(clauses: Clauses) -> list[tuple[int, int]]:
    """Spans of years, months and days of the calendar, wanted or not."""
    return [match.span() for match in islice(_CALENDAR.finditer(clauses.text.lower), _MOST_DATES)]


def start_dates(clauses: Clauses, today: date) -> list[Moment]:
    """Every moment by which the need wants to start or have results; dates gone by are left out."""
    lower, taken = clauses.text.lower, list[Moment]()
    for pattern, read in (
        (_ISO, _iso),
        (_QUARTERS, _quarter),
        (_MONTH, _month),
        (_ENGLISH, _english),
        (_RELATIVE, _relative),
        (_NOW, _now),
        (_WITHIN, _within),
        (_FESTIVALS, _festival),
    ):
        for match in islice(pattern.finditer(lower), _MOST_DATES):
            if any(moment.start < match.end() and match.start() < moment.end for moment in taken):
                continue
            value = read(match, today) if _is_wanted(clauses, match, pattern) else None
            if value is not None and not _is_gone(value, today):
                taken.append(Moment(value, match.start(), match.end()))
    return sorted(taken, key=lambda moment: moment.start)


def _is_wanted(clauses: Clauses, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    clause = clauses.at(match.start())
    if _BYGONE.search(clause.lower):
        return False
    if pattern is _WITHIN:
        return bool(
            _START.search(clauses.sentence_at(match.start()).lower if "within" in match.group() else clause.lower)
        )
    if pattern is _NOW or pattern is _FESTIVALS:
        return True
    if _TO_ANOTHER.match(clauses.after(match.end(), 12)):
        return True
    rest = clause.lower.replace(match.group(), " ", 1)
    return not rest.strip(" ，。,.;!?\n") or bool(_DEADLINE.search(rest)) or match.group()[-1:] in "前底末内"


def _is_gone(value: str, today: date) -> bool:
    return value[:1] == "2" and date.fromisoformat(value) < today


def _year(word: str | None, today: date) -> int | None:
    """The year said, None if none; 27年 is 2027."""
    if not word:
        return None
    relative = {"今": 0, "本": 0, "明": 1, "次": 1, "来": 1, "后": 2}.get(word[0])
    if relative is not None:
        return today.year + relative
    digits = int("".join(character for character in word if character.isdigit()))
    return digits if digits > 1000 else 2000 + digits


def _written(year: int | None, month: int, day: int) -> str | None:
    last = monthrange(year or 2027, month)[1]
    day = min(day, last)
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _last(year: int | None, month: int) -> str | None:
    return _written(year, month, 31)


def _iso(match: re.Match[str], today: date) -> str | None:  # noqa: ARG001  same shape as its sisters
    return _written(int(match["year"]), int(match["month"]), int(match["day"]))


def _quarter(match: re.Match[str], today: date) -> str | None:
    year = _year(match["year"] or match["after"], today)
    quarter = match["quarter"] or match["q"]
    if quarter:
        return _last(year, 3 * _QUARTER[quarter])
    word = match["half"] or match["edge"]
    month = {"上半年": 6, "年中": 6, "年初": 1}.get(word, 12)
    return _last(year, month)


def _month(match: re.Match[str], today: date) -> str | None:
    month = int(to_number(match["month"].lstrip("0")) or 0)
    year = _year(match["year"], today)
    if not 1 <= month <= 12:
        return None
    day = (
        int(match["day"]) if match["day"] else {"初": 10, "上旬": 10, "中旬": 20, "中": 20}.get(match["part"] or "", 31)
    )
    return _written(year, month, day)


def _english(match: re.Match[str], today: date) -> str | None:  # noqa: ARG001  same shape as its sisters
    if match["month"] in ("may", "mar", "sep", "dec", "jan", "jun") and not (
        match["year"] or match["day"] or match["part"]
    ):
        return None if match["month"] in ("may", "mar") and len(match.group().strip()) < 4 else _bare_month(match)
    day = (
        int(match["day"]) if match["day"] else {"early": 10, "beginning of": 10, "mid": 20}.get(match["part"] or "", 31)
    )
    return _written(int(match["year"]) if match["year"] else None, _MONTHS[match["month"][:3]], day)


def _bare_month(match: re.Match[str]) -> str | None:
    """A month alone is one only in full (june), never the beginning of another word (marine, maybe, decide)."""
    full = ("january", "march", "june", "september", "december")
    return _last(None, _MONTHS[match["month"][:3]]) if match.group().strip() in full else None


def _relative(match: re.Match[str], today: date) -> str | None:
    word = match["word"]
    if "week" in word or "周" in word:
        return "P7D"
    if "季" in word:
        month = (today.month - 1) // 3 * 3 + 6
        return _last(today.year + (month > 12), (month - 1) % 12 + 1)
    month = today.month + (1 if "下" in word or "next" in word else 0)
    year, month = today.year + (month > 12), (month - 1) % 12 + 1
    return _written(year, month, 10 if word.endswith("初") else 31)


def _now(match: re.Match[str], today: date) -> str | None:  # noqa: ARG001  same shape as its sisters
    return "P0D"


def _festival(match: re.Match[str], today: date) -> str | None:
    """The day before a festival, or the end of its month for what comes after it."""
    if match["fixed"]:
        month, day = _FIXED_FESTIVALS[match["fixed"]]
        first = date(today.year + ((month, day) < (today.month, today.day)), month, day)
    else:
        coming = (date(*day) for day in _SPRING_FESTIVALS)
        first = next((day for day in coming if day >= today), date(today.year + 1, 2, 10))
    if "前" in match["side"]:
        return (first - timedelta(days=1)).isoformat()
    return _last(first.year, first.month)


def _within(match: re.Match[str], today: date) -> str | None:  # noqa: ARG001  same shape as its sisters
    number = to_number(match["number"] or match["hanzi"])
    unit = match["unit"] or match["han"]
    if number is None:
        return None
    if unit in ("year", "年"):
        return f"P{number * 12:.0f}M"
    if "月" in unit or unit == "month":
        return f"P{number:.0f}M" if number >= 1 else "P15D"
    days = number * (7 if unit in ("week", "周") or "星期" in unit else 1)
    return f"P{days:.0f}D"
