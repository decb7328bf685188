"""What a route costs in all, how long it takes, how far the goods travel: sums that say what they do not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

Periods = tuple[tuple[date, date], ...]
Place = tuple[float, float]
Run = tuple[date, date]
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One capability of a route. `price`: CNY a week; `periods`: free days, both ends included, () where all is taken;
    `place`: latitude and longitude in degrees. None is not known.
    """

    price: float | None = None
    periods: Periods | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`price`: CNY a week over the steps that state one; `km`: over the ways between known places; None where none is.

    `start` and `end` are the days of the earliest runs one after the other; None where a calendar or the length of a
    run is not known, and, with `is_booked`, where the calendars have no such runs. `unknown_*` count steps (`way`: ways
    between two steps) that the figure leaves out, so a price or a distance with some is "at least".
    """

    price: float | None
    unknown_prices: int
    km: float | None
    unknown_ways: int
    start: date | None = None
    end: date | None = None
    unknown_calendars: int = 0
    is_booked: bool = False


def totals(steps: Sequence[Step], *, weeks: int | None, earliest: date, latest: date | None = None) -> Totals:
    """Add up a route's steps in their order.

    Each step runs `weeks`, the first from `earliest` on and, where `latest` is given, begun by then. No `weeks`: the
    dates stay unknown.
    """
    prices = [step.price for step in steps if step.price is not None]
    ways = [distance(a.place, b.place) if a.place and b.place else None for a, b in pairwise(steps)]
    known = [way for way in ways if way is not None]
    silent = sum(step.periods is None for step in steps)
    runs = runs_of(steps, weeks=weeks, earliest=earliest, latest=latest)
    return Totals(
        price=sum(prices) if prices else None,
        unknown_prices=len(steps) - len(prices),
        km=sum(known) if known else None,
        unknown_ways=len(ways) - len(known),
        start=runs[0][0] if runs else None,
        end=runs[-1][1] if runs else None,
        unknown_calendars=silent,
        is_booked=runs == [],
    )


def runs_of(
    steps: Sequence[Step], *, weeks: int | None, earliest: date, latest: date | None = None
) -> list[Run] | None:
    """First and last day of each step; None where a calendar or the length is not known, [] where all is taken."""
    if not weeks or any(step.periods is None for step in steps):
        return None
    return _runs([step.periods or () for step in steps], weeks, earliest, latest)


def first_start(periods: Periods, earliest: date, length: timedelta) -> date | None:
    """The first day from `earliest` on after which `length` more days are free; None where there is none."""
    starts = (max(first, earliest) for first, last in _joined(periods) if max(first, earliest) + length <= last)
    return min(starts, default=None)


def _runs(calendars: Sequence[Periods], weeks: int, earliest: date, latest: date | None) -> list[Run]:
    """The earliest runs one after the other; [] where some calendar has none left. Earliest first leaves most room."""
    length, day, runs = timedelta(days=7 * weeks - 1), earliest, list[Run]()
    for periods in calendars:
        start = first_start(periods, day, length)
        if start is None or (latest and not runs and start > latest):
            return []
        runs.append((start, start + length))
        day = start + length + timedelta(days=1)
    return runs


def _joined(periods: Periods) -> list[tuple[date, date]]:
    """Neighbouring and overlapping periods as one, so that a run may go over the seam."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(periods):
        if joined and first <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def distance(one: Place, other: Place) -> float:
    """Great-circle distance in km between two places in degrees."""
    (south, west), (north, east) = [tuple(map(radians, place)) for place in (one, other)]
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
