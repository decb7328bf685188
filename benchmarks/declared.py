"""The declared fields of listings and needs, as any search engine could store them. Nothing is read from text here.

Weeks are counted from the first Monday of the field's year, amounts are in base units, prices in 万元 a week.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zhongshi.vocabulary.reading import to_base

FIRST_DAY = date(2026, 1, 5)
WEEKS = 52
SCALES = ("count", "mass_per_batch", "volume")
QUANTITIES = (*SCALES, "temperature", "pressure")
Range = tuple[float | None, float | None]
Place = tuple[str, str]
NOWHERE = ("", "")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a listing declares. Empty or None is unknown, but a calendar without any free week is fully booked."""

    processes: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    chain: str = ""
    place: Place = NOWHERE
    ranges: Mapping[str, Range] = field(default_factory=dict)
    price: float | None = None
    free: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a need's form asks for. `window`: one free run of so many weeks must begin in (earliest, latest, weeks)."""

    processes: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    chain: str = ""
    place: Place = NOWHERE
    place_hard: bool = False
    ranges: Mapping[str, Range] = field(default_factory=dict)
    budget: float | None = None
    budget_hard: bool = False
    window: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Geography:
    """The provinces of the public vocabulary: which city lies where, and which provinces count as near."""

    province_of: Mapping[str, str]
    clusters: tuple[frozenset[str], ...]

    @classmethod
    def load(cls, path: Path) -> Geography:
        """Read `regions.json`."""
        regions = json.loads(path.read_text(encoding="utf-8"))
        provinces = {city: province for province, cities in regions["provinces"].items() for city in cities}
        provinces |= {province: province for province in regions["provinces"]}
        return cls(provinces, tuple(frozenset(names) for names in regions["clusters"]))

    def place(self, text: str | None) -> Place:
        """(province, city) of "province/city" or of either alone; empty strings for what is not said."""
        parts = (text or "").split("/")
        province = self.province_of.get(parts[0], parts[0])
        return province, "" if parts[-1] == province else parts[-1]

    def are_near(self, first: str, second: str) -> bool:
        return any(first in names and second in names for names in self.clusters)


def offer_of(platform: Mapping[str, Any], capability: Mapping[str, Any], geography: Geography) -> Offer:
    """The declared fields of a listing in the exchange format."""
    price = capability.get("price") or {}
    return Offer(
        processes=_distinct(capability.get("processes")),
        qualifications=_distinct(capability.get("qualifications")),
        chain=next(iter(platform.get("chains") or ()), ""),
        place=geography.place(platform.get("region")),
        ranges=_ranges(capability.get("parameters") or ()),
        price=price.get("amount"),
        free=_free_weeks(capability.get("availability") or ()),
    )


def wish_of(need: Mapping[str, Any], geography: Geography) -> Wish:
    """The conditions of a need's form."""
    conditions = need.get("conditions") or ()
    chain, region, budget, window = (_first(conditions, kind) for kind in ("chain", "region", "budget", "window"))
    return Wish(
        processes=_values(conditions, "process"),
        qualifications=_values(conditions, "qualification"),
        chain=chain.get("value", ""),
        place=geography.place(region.get("value")),
        place_hard=bool(region.get("hard")),
        ranges=_ranges(condition for condition in conditions if condition["kind"] == "parameter"),
        budget=budget.get("max"),
        budget_hard=bool(budget.get("hard")),
        window=_window(window) if window else None,
    )


def _distinct(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values or ()))


def _first(conditions: Iterable[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    return next((condition for condition in conditions if condition["kind"] == kind), {})


def _values(conditions: Iterable[Mapping[str, Any]], kind: str) -> tuple[str, ...]:
    return _distinct(str(condition["value"]) for condition in conditions if condition["kind"] == kind)


def _ranges(parameters: Iterable[Mapping[str, Any]]) -> dict[str, Range]:
    return {
        one["quantity"]: (_in_base(one, "min"), _in_base(one, "max"))
        for one in parameters
        if one["quantity"] in QUANTITIES
    }


def _in_base(parameter: Mapping[str, Any], bound: str) -> float | None:
    value, unit = parameter.get(bound), str(parameter.get("unit") or "")
    if value is None:
        return None
    # A reactor of three tonnes holds three cubic metres.
    unit = "m3" if parameter["quantity"] == "volume" and unit in {"吨", "t"} else unit
    converted = to_base(float(value), unit)
    return converted[1] if converted else float(value)


def _free_weeks(periods: Iterable[Mapping[str, str]]) -> int:
    """One bit a week of the year, the lowest being the first."""
    free = 0
    for period in periods:
        first, end = max(0, _week(period["from"])), min(WEEKS, _week(period["to"]) + 1)
        free |= ((1 << max(0, end - first)) - 1) << first
    return free


def _window(condition: Mapping[str, Any]) -> tuple[int, int, int]:
    return _week(condition["earliest_start"]), _week(condition["latest_start"]), int(condition["weeks"])


def _week(day: str) -> int:
    return (date.fromisoformat(day) - FIRST_DAY).days // 7
