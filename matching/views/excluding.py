"""Why others are not here: all reasons with their counts, and for each the listings it rules out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from matching import catalogue, engine
from matching.selectors import newest_run
from platforms.models import Capability
from requests.selectors import need_record
from requests.views.frame import PAGE_SIZE, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.core.fragments import page_or_part
from zhongshi.core.page_views import page_links
from zhongshi.vocabulary.labels import ConditionLabel, condition_label, value_label

from .needs import BOTH, frame, need_of

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Missed:
    """A must one listing violates, and what it states instead."""

    label: ConditionLabel
    ability: str
    date: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """A listing that was left out, with every must it violates."""

    capability: Capability
    missed: Sequence[Missed]


@workspace_page(*BOTH)
@require_GET
def excluded(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Reasons as the newest scoring counted them; `?reason=` (a condition's position) lists what it rules out now."""
    need = need_of(actor, number)
    context = frame(actor, need)
    run = newest_run(need)
    position = _position(request.GET.get("reason", ""), context["conditions"])
    page, rows = _page(request, need_record(need), position) if run else (None, [])
    context |= {"run": run, "reason": position, "page": page, "rows": rows}
    context |= {"links": page_links(page, request) if page else [], "total": run.funnel[0]["count"] if run else 0}
    return page_or_part(request, "matching/excluded.html", "matching/_excluded.html", context)


def _position(given: str, conditions: Sequence[Record]) -> int | None:
    position = int(given) if given.isdecimal() and len(given) < 4 else None
    return position if position is not None and position < len(conditions) else None


def _page(request: HttpRequest, need: Record, position: int | None) -> tuple[Page[Any], list[Excluded]]:
    """The page asked for; beyond the last one it is the last, as in every list."""
    given = request.GET.get("page", "")
    number = int(given) if given.isdecimal() and len(given) < 6 else 1
    total, found = catalogue.left_out(need, position, start=(max(number, 1) - 1) * PAGE_SIZE, count=PAGE_SIZE)
    page = Paginator(range(total), PAGE_SIZE).get_page(number)
    if total and not found:
        _, found = catalogue.left_out(need, position, start=page.start_index() - 1, count=PAGE_SIZE)
    return page, _rows(found, need["conditions"])


def _rows(found: Sequence[engine.LeftOut], conditions: Sequence[Record]) -> list[Excluded]:
    wanted = [int(item.capability) for item in found]
    known = Capability.objects.published().select_related("platform").in_bulk(wanted)
    labels = [condition_label(record) for record in conditions]
    return [
        Excluded(known[int(item.capability)], [_missed(item, place, conditions, labels) for place in item.violated])
        for item in found
        if int(item.capability) in known
    ]


def _missed(item: engine.LeftOut, place: int, conditions: Sequence[Record], labels: Sequence[ConditionLabel]) -> Missed:
    judgement = item.judgements[place]
    ability = value_label(str(conditions[place]["kind"]), judgement.evidence) if judgement.evidence else ""
    return Missed(labels[place], ability, judgement.date)
