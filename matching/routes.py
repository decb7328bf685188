"""Routes as people see them: the listings they join, and their totals of price, time and distance.

Computed when somebody looks, from what the listings publish now; quotes and other private prices never enter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.utils import timezone

from matching.models import ScoringRun
from matching.route_totals import Place, Step, Totals, totals
from platforms.models import Capability
from requests.models import Need
from requests.records import condition_record
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon, canonical_region, to_base

_MONEY_PER_WEEK = "CNYW"
_DAYS = "DUR"
# A province's coordinates are its capital's; only these are a city themselves.
_CITY_PROVINCES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})


@dataclass(frozen=True, slots=True)
class ShownRoute:
    """One route: its capabilities in order, what was stored of it, and its totals."""

    capabilities: list[Capability]
    stored: Mapping[str, Any]
    totals: Totals


def shown_routes(need: Need, run: ScoringRun) -> list[ShownRoute]:
    """The run's routes in their order; a listing taken down since drops its route."""
    wanted = {uuid for route in run.routes for uuid in route["capabilities"]}
    if not wanted:
        return []
    rows = Capability.objects.published().filter(uuid__in=wanted).select_related("platform")
    known = {str(row.uuid): row for row in rows.prefetch_related("free_periods")}
    asked, lexicon, today = _Asked.of(need), current_lexicon(), timezone.localdate()
    shown = []
    for route in run.routes:
        if all(uuid in known for uuid in route["capabilities"]):
            capabilities = [known[uuid] for uuid in route["capabilities"]]
            steps = [_step(capability, lexicon, today) for capability in capabilities]
            earliest = max(asked.earliest or today, today)
            found = totals(steps, weeks=asked.weeks, earliest=earliest, latest=asked.latest)
            shown.append(ShownRoute(capabilities, route, found))
    return shown


def route_record(route: ShownRoute) -> dict[str, Any]:
    """The stored route with its totals, as the API writes it."""
    total = route.totals
    price = {"per_week": total.price, "currency": "CNY", "unknown": total.unknown_prices}
    time = {
        "start": total.start and total.start.isoformat(),
        "end": total.end and total.end.isoformat(),
        "is_booked": total.is_booked,
        "unknown": total.unknown_calendars,
    }
    km = None if total.km is None else round(total.km)
    return {
        **route.stored,
        "totals": {"price": price, "time": time, "distance": {"km": km, "unknown": total.unknown_ways}},
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """When the need would run: for how many weeks, from which day, begun by which."""

    weeks: int | None
    earliest: date | None
    latest: date | None

    @classmethod
    def of(cls, need: Need) -> _Asked:
        records = [condition_record(row) for row in need.conditions.all()]
        window: Mapping[str, Any] = next((record for record in records if record["kind"] == "window"), {})
        weeks = ceil(window.get("weeks") or 0) or _weeks(records)
        earliest, latest = (window.get(name) for name in ("earliest_start", "latest_start"))
        return cls(weeks, *(date.fromisoformat(day) if day else None for day in (earliest, latest)))


def _weeks(records: Sequence[Mapping[str, Any]]) -> int | None:
    """The stated length in whole weeks, the longer end of a range."""
    for record in records:
        bound = record.get("max") or record.get("min")
        base = to_base(float(bound), str(record.get("unit"))) if record["kind"] == "duration" and bound else None
        if base and base[0] == _DAYS:
            return ceil(base[1] / 7)
    return None


def _step(capability: Capability, lexicon: Lexicon, today: date) -> Step:
    return Step(price=_price(capability.price), periods=_periods(capability, today), place=_place(capability, lexicon))


def _price(price: Any) -> float | None:
    """CNY a week; a price by the batch or the tonne cannot be added to others and counts as not known."""
    amount = price.get("amount") if isinstance(price, Mapping) else None
    base = to_base(float(amount), str(price.get("unit") or "")) if isinstance(amount, int | float) else None
    return base[1] if base and base[0] == _MONEY_PER_WEEK else None


def _periods(capability: Capability, today: date) -> tuple[tuple[date, date], ...] | None:
    """Free days still to come; None where no calendar is kept, or the one kept has run out."""
    kept = [(row.starts_on, row.ends_on) for row in capability.free_periods.all()]
    coming = tuple(period for period in kept if period[1] >= today)
    return coming if coming or (capability.is_availability_known and not kept) else None


def _place(capability: Capability, lexicon: Lexicon) -> Place | None:
    """The centre of the platform's city; a zone lies in its city, and a mere province is no place."""
    term = lexicon.term("region", canonical_region(capability.platform.region, lexicon))
    if term and "lat" not in term.attributes and term.parent:
        term = lexicon.term("region", term.parent)
    if term is None or "lat" not in term.attributes:
        return None
    if term.attributes.get("level") == "province" and term.code not in _CITY_PROVINCES:
        return None
    return float(term.attributes["lat"]), float(term.attributes["lon"])
