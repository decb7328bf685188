"""What a listing states of price, free days and place, and what a need asks of time; None is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from matching.route_totals import Periods, Place, first_start
from platforms.models import Capability
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon, canonical_region, to_base

_MONEY_PER_WEEK = "CNYW"
_DAYS = "DUR"
# A province's coordinates are its capital's; only these are a city themselves.
_CITY_PROVINCES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """When a need would run: for how many weeks, from which day, begun by which."""

    weeks: int | None
    earliest: date | None
    latest: date | None

    @classmethod
    def of(cls, records: Sequence[Record]) -> Asked:
        """Read it off the need's conditions in the exchange format."""
        window: Record = next((record for record in records if record["kind"] == "window"), {})
        weeks = ceil(window.get("weeks") or 0) or _weeks(records)
        earliest, latest = (window.get(name) for name in ("earliest_start", "latest_start"))
        return cls(weeks, *(date.fromisoformat(day) if day else None for day in (earliest, latest)))


def _weeks(records: Sequence[Record]) -> int | None:
    """The stated length in whole weeks, the longer end of a range."""
    for record in records:
        bound = record.get("max") or record.get("min")
        base = to_base(float(bound), str(record.get("unit"))) if record["kind"] == "duration" and bound else None
        if base and base[0] == _DAYS:
            return ceil(base[1] / 7)
    return None


def weekly_price(price: Any) -> float | None:
    """CNY a week; a price by the batch or the tonne cannot be added to others and counts as not known."""
    amount = price.get("amount") if isinstance(price, Mapping) else None
    base = to_base(float(amount), str(price.get("unit") or "")) if isinstance(amount, int | float) else None
    return base[1] if base and base[0] == _MONEY_PER_WEEK else None


def coming_periods(capability: Capability, today: date) -> Periods | None:
    """Free days still to come; None where no calendar is kept, or the one kept has run out."""
    kept = [(row.starts_on, row.ends_on) for row in capability.free_periods.all()]
    coming = tuple(period for period in kept if period[1] >= today)
    return coming if coming or (capability.is_availability_known and not kept) else None


def earliest_start(capability: Capability, asked: Asked, today: date) -> date | None:
    """The first free day from which the need's weeks (one day where it states none) fit into the calendar."""
    periods = coming_periods(capability, today)
    if not periods:
        return None
    length = timedelta(days=7 * asked.weeks - 1) if asked.weeks else timedelta()
    return first_start(periods, max(asked.earliest or today, today), length)


def place_of(region: str, lexicon: Lexicon | None = None) -> Place | None:
    """The centre of a region's city; a zone lies in its city, and a mere province is no place."""
    lexicon = lexicon or current_lexicon()
    term = lexicon.term("region", canonical_region(region, lexicon))
    if term and "lat" not in term.attributes and term.parent:
        term = lexicon.term("region", term.parent)
    if term is None or "lat" not in term.attributes:
        return None
    if term.attributes.get("level") == "province" and term.code not in _CITY_PROVINCES:
        return None
    return float(term.attributes["lat"]), float(term.attributes["lon"])
