"""Routes as people see them: the listings they join, and their totals of price, time and distance.

Computed when somebody looks, from what the listings publish now; quotes and other private prices never enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from matching.models import ScoringRun
from matching.route_totals import Run, Step, Totals, runs_of, totals
from matching.stated import Asked, coming_periods, place_of, weekly_price
from platforms.models import Capability
from requests.models import Need
from requests.records import condition_record
from zhongshi.vocabulary.lexicons import current_lexicon
from zhongshi.vocabulary.reading import Lexicon


@dataclass(frozen=True, slots=True)
class ShownRoute:
    """One route: its capabilities in order, what was stored of it, its totals, and each step's earliest days."""

    capabilities: list[Capability]
    stored: Mapping[str, Any]
    totals: Totals
    runs: list[Run]


def shown_routes(need: Need, run: ScoringRun) -> list[ShownRoute]:
    """The run's routes in their order; a listing taken down since drops its route."""
    wanted = {uuid for route in run.routes for uuid in route["capabilities"]}
    if not wanted:
        return []
    rows = Capability.objects.published().filter(uuid__in=wanted).select_related("platform")
    known = {str(row.uuid): row for row in rows.prefetch_related("free_periods")}
    asked = Asked.of([condition_record(row) for row in need.conditions.all()])
    lexicon, today = current_lexicon(), timezone.localdate()
    shown = []
    for route in run.routes:
        if all(uuid in known for uuid in route["capabilities"]):
            capabilities = [known[uuid] for uuid in route["capabilities"]]
            steps = [_step(capability, lexicon, today) for capability in capabilities]
            earliest = max(asked.earliest or today, today)
            found = totals(steps, weeks=asked.weeks, earliest=earliest, latest=asked.latest)
            runs = runs_of(steps, weeks=asked.weeks, earliest=earliest, latest=asked.latest) or []
            shown.append(ShownRoute(capabilities, route, found, runs))
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


def _step(capability: Capability, lexicon: Lexicon, today: date) -> Step:
    return Step(
        price=weekly_price(capability.price),
        periods=coming_periods(capability, today),
        place=place_of(capability.platform.region, lexicon),
    )
