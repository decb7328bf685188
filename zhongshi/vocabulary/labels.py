"""What people read instead of codes: terms, regions, ranges with units, whole conditions; in both languages.

The language is the active one. A code nobody knows is shown as it is: never an error, never an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from celery.signals import task_prerun
from django.core.signals import request_started
from django.utils.translation import get_language, gettext, npgettext, pgettext

from .enums import ConditionKind, Operator, TermKind
from .models import Term
from .versions import vocabulary_version

Names = dict[tuple[str, str], tuple[str, str]]

MINUS = "\u2212"
EN_DASH = "\u2013"
_UNITS = {
    "m2": "m²",
    "km2": "km²",
    "g/m2": "g/m²",
    "m3": "m³",
    "m3/h": "m³/h",
    "m3/d": "m³/d",
    "m3(total)": "m³",
    "L(total)": "L",
    "t(clamp)": "t",
    "degC": "℃",
    "degF": "℉",
    "um": "μm",
    "kgf/cm2": "kgf/cm²",
}
_CHINESE_UNITS = {
    "day": "天",
    "week": "周",
    "month": "个月",
    "year": "年",
    "h": "小时",
    "inch": "英寸",
    "ft(diameter)": "英尺（直径）",
    "wafer": "片",
    "wafer/month": "片/月",
    "packs/h": "包/小时",
    "batch": "批",
    "unit": "件",
    "sample": "份样品",
}
_ENGLISH_UNITS = {
    "ft(diameter)": "ft (diameter)",
    "wafer/month": "wafers/month",
    "亩": "mu",
    "台": "units",
    "台套": "sets",
    "套": "sets",
    "件": "pieces",
    "个": "pieces",
    "片": "wafers or sheets",
    "条": "lines",
    "项": "items",
    "栋": "buildings",
    "间": "rooms",
    "种": "kinds",
    "款": "models",
    "层": "floors",
    "批": "batches",
    "份/年": "samples/year",
}
# The papers everybody in the trade knows by their letters; the full name would only fill the line.
_SHORT_QUALIFICATIONS = {
    "CNAS": "CNAS 认可",
    "CMA": "CMA 资质认定",
    "GMP": "GMP",
    "GLP": "GLP",
    "ISO9001": "ISO 9001",
    "ISO13485": "ISO 13485",
    "ISO17025": "ISO 17025",
    "ISO14001": "ISO 14001",
    "ISO45001": "ISO 45001",
    "ISO-UNSPEC": "ISO（未注明编号）",
    "IATF16949": "IATF 16949",
    "AS9100": "AS 9100",
    "HACCP": "HACCP",
    "FSSC22000": "FSSC 22000",
    "FDA": "FDA（未注明类别）",
    "FOOD": "食品生产许可",
    "GMO": "可操作转基因",
    "ATEX": "ATEX 防爆",
    "CLEAN": "洁净环境",
    "COSMETIC-GMP": "化妆品 GMP",
    "AAALAC": "AAALAC 动物实验",
}
_MONEY = {"CNY": "元", "EUR": "欧元", "USD": "美元"}
_TEN_THOUSAND = 10_000


class _Names:
    """Every term's names, read once and again only when a term has changed; looked after once a request or task."""

    def __init__(self) -> None:
        self._version: object = None
        self._names: Names = {}
        self._is_current = False

    def current(self) -> Names:
        if not self._is_current:
            version = vocabulary_version()
            if version != self._version:
                self._names, self._version = _read() if version else {}, version
            self._is_current = True
        return self._names

    def doubt(self) -> None:
        self._is_current = False


_names = _Names()


def _read() -> Names:
    rows = list(Term.objects.order_by().values_list("kind", "code", "name_zh", "name_en"))
    # Listings name chains and processes by their Chinese name: both it and the code find the term.
    names = {(kind, chinese): (chinese, english) for kind, _, chinese, english in rows}
    return names | {(kind, code): (chinese, english) for kind, code, chinese, english in rows}


def forget(**_kwargs: object) -> None:
    """Look again whether a term changed: with each web request and task, so an edit shows at once, in mails too."""
    _names.doubt()


request_started.connect(forget, dispatch_uid="vocabulary-labels")
task_prerun.connect(forget, dispatch_uid="vocabulary-labels")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def term_label(kind: str, code: str) -> str:
    """The term's name in the active language; the code itself where the vocabulary does not know it."""
    chinese, english = _names.current().get((kind, code), ("", ""))
    if _is_english():
        return _capitalised(english) or chinese or code
    if kind == TermKind.QUALIFICATION and code in _SHORT_QUALIFICATIONS:
        return _SHORT_QUALIFICATIONS[code]
    return chinese or code


def _capitalised(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def region_label(code: str) -> str:
    """A region or country by its code: 510100 → 成都. An unknown city falls back to its province and the code."""
    known = _names.current()
    if (TermKind.REGION, code) in known or len(code) != 6:
        return term_label(TermKind.REGION, code)
    province = f"{code[:2]}0000"
    return f"{term_label(TermKind.REGION, province)} {code}" if (TermKind.REGION, province) in known else code


def quantity_label(code: str) -> str:
    """The quantity's name: volume → 容积."""
    return term_label(TermKind.QUANTITY, code)


def unit_label(unit: str) -> str:
    """The unit as it is printed: m3 → m³, day → 天 in Chinese. Sums of vessels are marked by `range_label`."""
    words = _ENGLISH_UNITS if _is_english() else _CHINESE_UNITS
    return _UNITS.get(unit) or words.get(unit, unit)


def number_label(value: float) -> str:
    """1000.0 → 1,000; −20 with a true minus; at most six significant figures after the point."""
    text = f"{abs(value):,.0f}" if float(value).is_integer() else f"{abs(value):,.6f}".rstrip("0")
    return f"{MINUS}{text}" if value < 0 else text


def range_label(low: float | None, high: float | None, unit: str = "") -> str:
    """500–1,000 L · ≤ 1,000 L · ≥ 500 L · −20–180 ℃ · 500 L; empty where both bounds are open."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        sign, bound = ("≤", high) if low is None else ("≥", low)
        amount = f"{sign} {number_label(bound or 0.0)}"
    elif low == high:
        amount = number_label(low)
    else:
        amount = f"{number_label(low)}{EN_DASH}{number_label(high)}"
    printed = unit_label(unit)
    text = f"{amount}{'' if printed == '%' else ' '}{printed}".strip()
    return gettext("%(amount)s in total") % {"amount": text} if unit.endswith("(total)") else text


def money_label(low: float | None, high: float | None, currency: str) -> str:
    """80 万元 · 50–80 万元 · ≤ 80 万元 in Chinese; ≤ 800,000 CNY in English."""
    if _is_english():
        return range_label(low, high, currency)
    unit = _MONEY.get(currency, currency)
    bounds = [bound for bound in (low, high) if bound is not None]
    if bounds and min(bounds) >= _TEN_THOUSAND:
        low, high = (None if bound is None else bound / _TEN_THOUSAND for bound in (low, high))
        unit = f"万{unit}"
    return range_label(low, high, unit)


def parameter_label(low: float | None, high: float | None, unit: str, count: float | None = None) -> str:
    """The value of a parameter without its name: 500–1,000 L × 4. A count of things is not multiplied by itself."""
    text = range_label(low, high, unit)
    return f"{text} × {number_label(count)}" if text and count and count > 1 and count not in (low, high) else text


def kind_label(kind: str) -> str:
    """The name of a kind of condition or fact: process → 工艺."""
    return str(ConditionKind(kind).label) if kind in ConditionKind.values else kind


def value_label(kind: str, value: object) -> str:
    """A valued condition or fact in words; of several values any one suffices: regions are listed, others offered."""
    name = region_label if kind == ConditionKind.REGION else partial(term_label, kind)
    # A page of filters asks for hundreds, each a single one.
    if isinstance(value, str):
        return name(value) if value else ""
    values = value if isinstance(value, Sequence) else [value]
    between = gettext(", ") if kind == ConditionKind.REGION else gettext(" or ")
    return between.join(name(str(one)) for one in values if one not in (None, ""))


@dataclass(frozen=True, slots=True)
class ConditionLabel:
    """A condition in words: what it is about (容积), what it says (300–500 L), and its original words."""

    name: str
    value: str
    text: str
    is_hard: bool

    def __str__(self) -> str:
        return f"{self.name} {self.value}".strip()


def condition_label(record: Mapping[str, Any]) -> ConditionLabel:
    """A condition of the exchange format (`requests.records.condition_record`) in words."""
    kind = str(record.get("kind") or "")
    quantity = str(record.get("quantity") or "")
    named = kind == ConditionKind.PARAMETER and quantity
    return ConditionLabel(
        name=quantity_label(quantity) if named else kind_label(kind),
        value=_operated(str(record.get("op") or ""), _condition_value(kind, record)),
        text=str(record.get("text") or ""),
        is_hard=bool(record.get("hard")),
    )


def _condition_value(kind: str, record: Mapping[str, Any]) -> str:
    low, high, unit = record.get("min"), record.get("max"), str(record.get("unit") or "")
    if kind == ConditionKind.BUDGET:
        return money_label(low, high, unit)
    if kind == ConditionKind.WINDOW:
        return _window(record)
    if kind == ConditionKind.START_BY:
        return date_label(str(record.get("value") or ""))
    if record.get("quantity"):
        return range_label(low, high, unit)
    return value_label(kind, record.get("value"))


def date_label(value: str) -> str:
    """2027-01-31 as it is; --03-31 → 03-31; P2M → within 2 months."""
    if value.startswith("--"):
        return value[2:]
    if value.startswith("P") and value[1:-1].isdigit():
        number = int(value[1:-1])
        return {
            "M": npgettext("start within", "within %(n)s month", "within %(n)s months", number),
            "W": npgettext("start within", "within %(n)s week", "within %(n)s weeks", number),
            "D": npgettext("start within", "within %(n)s day", "within %(n)s days", number),
        }.get(value[-1], value) % {"n": number}
    return value


def _window(record: Mapping[str, Any]) -> str:
    first, last = str(record.get("earliest_start") or ""), str(record.get("latest_start") or "")
    weeks = record.get("weeks")
    dates = f"{first}{EN_DASH}{last}" if first and last else f"≤ {last}" if last else f"≥ {first}" if first else ""
    length = range_label(weeks, weeks, "week") if isinstance(weeks, int | float) else ""
    return gettext(", ").join(part for part in (dates, length) if part)


def _operated(op: str, value: str) -> str:
    """`exclude` and `not_required` change what is said; the other operators are what a reader expects anyway."""
    if op == Operator.EXCLUDE:
        return pgettext("condition", "not: %(value)s") % {"value": value}
    if op == Operator.NOT_REQUIRED:
        return pgettext("condition", "%(value)s does not matter") % {"value": value}
    return value
