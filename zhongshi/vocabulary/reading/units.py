"""Units: any spelling to a dimension and a factor, from ``units.csv`` and ``synonyms.csv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .normalise import normalise
from .sources import DATA_FOLDER, FILES, read_rows

# Spellings that are units on a form but mean something else in running text.
_NOT_IN_TEXT = frozenset({"in", "K", "mu", '"', "月", "d", "mo", "pc", "set", "run", "runs", "items", "°", "bottles"})
# Short units that begin other words or mean more: 300平 is an area, 1平台 none; 5T罐 holds tonnes, 1.5T is a field.
_ENDS = {"平": "(?![台均时面衡坦整常方米行稳滑])", "T": "(?=/|级?的?(?:反应|发酵|搪|釜|罐)|以[上下]|各)"}
_PER_TIME = {
    "小时": "h", "h": "h", "hr": "h", "hour": "h", "时": "h",
    "天": "d", "日": "d", "d": "d", "day": "d",
    "周": "week", "week": "week", "w": "week",
    "月": "month", "month": "month",
    "年": "a", "a": "a", "y": "a", "yr": "a", "year": "a", "annum": "a",
    "批": "batch", "釜": "batch", "锅": "batch", "次": "batch", "炉": "batch", "batch": "batch", "run": "batch",
}  # fmt: skip
PER = rf"(?: ?(?:/|每|per\s|a\s) ?(?P<{{name}}>{'|'.join(sorted(_PER_TIME, key=len, reverse=True))})(?![a-z]))?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code in the exchange format, its dimension, and ``base = value * factor + offset``."""

    code: str
    dimension: str
    factor: float
    offset: float = 0.0


@lru_cache(maxsize=1)
def unit_table() -> dict[str, Unit]:
    """Every spelling (exact case first, other cases where nothing else claims them) with its unit."""
    rows = list(read_rows(DATA_FOLDER / FILES["unit"]))
    units = {
        row["code"]: Unit(row["code"], row["dimension"], float(row["factor"]), float(row["offset"])) for row in rows
    }
    table = dict(units)
    for row in read_rows(DATA_FOLDER / "synonyms.csv"):
        if row["kind"] == "unit":
            table.setdefault(normalise(row["form"]).plain, units[row["code"]])
            table.setdefault(row["form"], units[row["code"]])
    for spelling, unit in list(table.items()):
        if unit.code not in ("mPa·s", "mW") and len(spelling) > 1:
            table.setdefault(spelling.lower(), unit)
            table.setdefault(spelling.upper(), unit)
    return table


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """A regular expression for all spellings that may stand in running text, longest first."""
    words = (word for word in unit_table() if word not in _NOT_IN_TEXT and "(" not in word)
    parts = (
        re.escape(word) + (_end(word) if (word[-1].isascii() and word[-1].isalpha()) or word in _ENDS else "")
        for word in sorted(words, key=len, reverse=True)
    )
    return "(?:" + "|".join(parts) + ")"


def _end(word: str) -> str:
    """Where a Latin unit ends: before no letter; but 50Lreactor and 500Lx4 are written too."""
    if word in _ENDS:
        return _ENDS[word]
    return "(?!(?!x\\d)[A-Za-z]{1,3}(?![A-Za-z]))" if word in ("L", "l") else "(?!(?!x\\d)[A-Za-z])"


def per_code(word: str | None) -> str:
    """The period or batch a quantity is counted by: h, d, week, month, a, batch; empty if none."""
    return _PER_TIME.get((word or "").lower(), "")


@lru_cache(maxsize=4096)
def unit_of(spelling: str) -> Unit | None:
    """The unit a spelling stands for; None if nobody knows it."""
    table = unit_table()
    return table.get(spelling) or table.get(normalise(spelling).plain.strip())


def combined(unit: Unit, per: str) -> Unit | None:
    """The unit of an amount per time (t + a → t/a), None where the table has none."""
    if unit.code in ("片", "wafer") and per == "month":
        return unit_table()["wafer/month"]
    return unit_table().get(f"{unit.code}/{per}")


def to_base(value: float, unit: str) -> tuple[str, float] | None:
    """Convert to (dimension, value in the base unit); None for an unknown unit.

    Agrees with the exchange format's scorer: litres, kilograms, kg/h, t/a, MPa, kW, metres, inches, °C, days, yuan.

    >>> to_base(2, "m3"), to_base(8, "公斤压力"), to_base(1, "狗")
    (('V', 2000.0), ('P', 0.784532), None)
    """
    known = unit_of(unit)
    if known is None:
        return None
    converted = value * known.factor + known.offset
    # Rounding costs more than all the rest, and most amounts are whole.
    return known.dimension, converted if converted.is_integer() else round(converted, 9)
