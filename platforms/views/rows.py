"""A capability as lists show it: what it is, at what size, since when free; from rows already fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from platforms.enums import FactKind, FactSource
from platforms.models import Capability, Fact, FreePeriod
from zhongshi.vocabulary import labels

from .row_parts import RowParts, parts_of

SHOWN_PARAMETERS = 4
SHOWN_VALUES = 5
SHORT_TEXT = 20
# What decides first whether a line fits comes first; floor space and head counts come last.
_ORDER = ("volume", "temperature", "pressure", "mass_per_batch", "throughput_mass", "throughput_annual")
_LAST = ("area", "count", "other")

_ICONS = {
    "集成电路与光子": "chip",
    "新型显示": "view",
    "智能终端": "device",
    "软件与信息服务": "code",
    "人工智能与机器人": "robot",
    "创新药": "pill",
    "高端医疗器械": "heart",
    "生物制造": "dna",
    "航空航天": "send",
    "低空经济": "drone",
    "新材料": "layers",
    "新能源与储能": "battery",
    "氢能": "drop",
    "高端装备与仪器": "gauge",
    "量子科技": "atom",
    "石化化工": "flask",
    "食品与农产品加工": "leaf",
    "轻工消费品": "bag",
    "海洋与船舶装备": "anchor",
    "资源循环与矿冶": "cycle",
}


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of a list of capabilities. `free_from` is None where no free day is known."""

    capability: Capability
    parameters: list[tuple[str, str]]
    processes: list[str]
    services: list[str]
    qualifications: list[str]
    free_from: date | None
    icon: str


def service_rows(capabilities: Iterable[Capability]) -> list[ServiceRow]:
    """Shape capabilities whose platforms are fetched; facts and free periods are read for all of them at once."""
    rows = list(capabilities)
    parts = parts_of(rows)
    return [_service_row(row, parts[row.pk]) for row in rows]


def _service_row(capability: Capability, parts: RowParts) -> ServiceRow:
    return ServiceRow(
        capability=capability,
        parameters=_parameters(parts.facts)[:SHOWN_PARAMETERS],
        processes=_values(parts.facts, FactKind.PROCESS)[:SHOWN_VALUES],
        services=_values(parts.facts, FactKind.SERVICE)[:2],
        qualifications=_values(parts.facts, FactKind.QUALIFICATION)[:SHOWN_VALUES],
        free_from=first_free_day(parts.periods),
        icon=icon_of(capability),
    )


def icon_of(capability: Capability) -> str:
    """The symbol of the first industry chain it serves; a factory for a chain without one."""
    return next((_ICONS[chain] for chain in capability.platform.chains if chain in _ICONS), "factory")


def first_free_day(periods: Iterable[FreePeriod]) -> date | None:
    """The first day from today on which somebody can book, if one is known."""
    today = timezone.localdate()
    days = [max(period.starts_on, today) for period in periods if period.ends_on >= today]
    return min(days, default=None)


def parameter_order(fact: Fact) -> tuple[int, int]:
    """Sort key: the sizes that decide first, floor space and counts last, the rest between as listed."""
    if fact.quantity in _ORDER:
        return _ORDER.index(fact.quantity), fact.position
    return len(_ORDER) + (1 + _LAST.index(fact.quantity) if fact.quantity in _LAST else 0), fact.position


def _parameters(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    sizes = [fact for fact in facts if fact.kind == FactKind.PARAMETER and fact.quantity != "other"]
    # What was read from the summary fills in for a quantity the listing does not declare; it does not repeat one.
    declared = {fact.quantity for fact in sizes if fact.source != FactSource.READ} | {"count"}
    shown = [fact for fact in sizes if fact.source != FactSource.READ or fact.quantity not in declared]
    pairs = [(labels.quantity_label(fact.quantity), _amount(fact)) for fact in sorted(shown, key=parameter_order)]
    return [pair for pair in dict.fromkeys(pairs) if pair[1]]


def _amount(fact: Fact) -> str:
    """A count needs its own words to say what is counted; every other quantity is clear from its unit."""
    if fact.quantity == "count" and 0 < len(fact.text) <= SHORT_TEXT:
        return fact.text
    return labels.parameter_label(fact.low, fact.high, fact.unit, fact.count)


def _values(facts: Iterable[Fact], kind: str) -> list[str]:
    return list(dict.fromkeys(fact.value for fact in facts if fact.kind == kind and fact.value))
