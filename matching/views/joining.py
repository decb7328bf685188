"""Composed routes (组合方案): what no one platform can do alone, step by step with dates and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from matching.routes import ShownRoute, shown_routes
from matching.selectors import newest_run
from matching.stated import weekly_price
from platforms.models import Capability
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.vocabulary.labels import ConditionLabel, condition_label

from .needs import BOTH, frame, need_of


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One capability of a route: which conditions it covers, when it could run, what it asks a week."""

    capability: Capability
    covers: Sequence[ConditionLabel]
    first: date | None
    last: date | None
    weekly_price: float | None


@dataclass(frozen=True, slots=True)
class Route:
    """A route as its page shows it; `missing` is what even these together do not cover."""

    steps: Sequence[RouteStep]
    missing: Sequence[ConditionLabel]
    totals: Any


@workspace_page(*BOTH)
@require_GET
def routes(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """All routes of the newest scoring."""
    need = need_of(actor, number)
    context, run = frame(actor, need), newest_run(need)
    labels = [condition_label(record) for record in context["conditions"]]
    found = [_route(route, labels) for route in shown_routes(need, run)] if run else []
    return show(request, "matching/routes.html", context | {"run": run, "routes": found})


def _route(route: ShownRoute, labels: Sequence[ConditionLabel]) -> Route:
    stored = route.stored.get("steps") or [{}] * len(route.capabilities)
    steps = []
    for capability, step, run in zip_longest(route.capabilities, stored, route.runs):
        covers, (first, last) = _named(step.get("conditions", []), labels), run or (None, None)
        steps.append(RouteStep(capability, covers, first, last, weekly_price(capability.price)))
    return Route(steps, _named(route.stored.get("missing", []), labels), route.totals)


def _named(positions: Sequence[int], labels: Sequence[ConditionLabel]) -> list[ConditionLabel]:
    return [labels[position] for position in positions if position < len(labels)]
