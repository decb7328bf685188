"""The review board of a zone's office: four columns of cards, or one list to decide many at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.exposure import held_matches
from matching.models import Match
from matching.review_forms import DecisionForm
from matching.reviewing.board import CARDS_A_COLUMN, Filter, Item, items_of, shown, tallies
from matching.reviewing.queues import COLUMNS, NEW, QUEUES, SECOND
from matching.reviewing.reasons import reasons_for
from matching.services.deciding import Outcome, decide_many
from matching.statistics.workdays import LATE_AFTER
from matching.zone_rules import rules_in_force
from requests.views.frame import listed, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import InvalidInput
from zhongshi.core.fragments import page_or_part


@workspace_page(Role.ZONE_ADMIN)
def review_board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`?view=board|list&kind=&column=&late=1&held=1`; a POST of the list decides what is ticked."""
    if request.method != "POST":
        return _page(request, actor)
    form = DecisionForm(request.POST, kind=request.GET.get("kind", ""))
    keys = request.POST.getlist("item")
    if not keys:
        return _page(request, actor, form=form, refusal=InvalidInput(_("Tick at least one line first.")))
    if not form.is_valid() or not (form.is_approval or form.words):
        refusal = InvalidInput(_("Please give the reason why they go back."))
        return _page(request, actor, form=form, refusal=refusal, ticked=keys)
    outcomes = decide_many(actor=actor, keys=keys, approve=form.is_approval, note=form.words)
    if all(not outcome.refusal for outcome in outcomes):
        messages.success(request, _decided(len(outcomes)))
        return redirect(request.get_full_path())
    return _page(request, actor, form=form, outcomes=outcomes)


def _decided(number: int) -> str:
    return ngettext("%(number)s decided.", "%(number)s decided.", number) % {"number": number}


def _filter(request: HttpRequest) -> Filter:
    get = request.GET.get
    return Filter(
        kind=get("kind", "") if get("kind") in QUEUES else "",
        column=get("column", "") if get("column") in COLUMNS else "",
        is_late=get("late") == "1",
        is_held=get("held") == "1",
        newest_first=get("sort") == "newest",
    )


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    form: DecisionForm | None = None,
    refusal: InvalidInput | None = None,
    outcomes: list[Outcome] | None = None,
    ticked: list[str] | None = None,
) -> HttpResponse:
    now, wanted = timezone.now(), _filter(request)
    limit = rules_in_force(actor.zone).policy.lead_limit
    held = held_matches(actor.zone, limit) if wanted.is_held else None
    is_list = request.GET.get("view") == "list" or wanted.is_late or bool(wanted.column)
    counts = tallies(actor.zone, now)
    context: dict[str, Any] = {
        "wanted": wanted,
        "view": "list" if is_list else "board",
        "kinds": [(kind, queue.label, _waiting(counts[kind])) for kind, queue in QUEUES.items()],
        "total": sum(_waiting(columns) for columns in counts.values()),
        "columns": COLUMNS,
        "late_after": LATE_AFTER,
        "form": form or DecisionForm(kind=wanted.kind),
        "refusal": refusal,
        "outcomes": outcomes or [],
        "ticked": ticked or [],
        "reasons": {kind: reasons_for(kind) for kind in QUEUES},
    }
    rows = _list(request, actor, now, wanted, held, limit) if is_list else {}
    board = {} if is_list else {"board": _board(actor, now, wanted, held, limit, counts)}
    part = "matching/park_review_part.html"
    status = refusal.status if refusal else 200
    return page_or_part(request, "matching/park_review.html", part, context | rows | board, status=status)


def _waiting(columns: dict[str, int]) -> int:
    """How many of a kind wait for the office."""
    return columns.get(NEW, 0) + columns.get(SECOND, 0)


def _list(
    request: HttpRequest, actor: Actor, now: datetime, wanted: Filter, held: QuerySet[Match] | None, limit: int
) -> dict[str, Any]:
    context = listed(request, shown(actor.zone, now, wanted, held))
    return context | {"items": items_of(context["page"], now, limit)}


def _board(
    actor: Actor,
    now: datetime,
    wanted: Filter,
    held: QuerySet[Match] | None,
    limit: int,
    counts: dict[str, dict[str, int]],
) -> list[tuple[str, str, int, list[Item]]]:
    """(column, its name, how many stand there, the first cards). One query a column, then one a kind."""
    entries: dict[str, list[Any]] = {}
    for column in COLUMNS:
        found = shown(actor.zone, now, Filter(wanted.kind, column, is_held=wanted.is_held), held, matches_last=True)
        entries[column] = list(found[:CARDS_A_COLUMN])
    cards = items_of([entry for column in entries.values() for entry in column], now, limit)
    kinds = ["match"] if wanted.is_held else [wanted.kind] if wanted.kind else list(QUEUES)
    totals = {column: sum(counts[kind].get(column, 0) for kind in kinds) for column in COLUMNS}
    if held is not None:
        totals = {NEW: held.count()}
    return [
        (column, str(name), totals.get(column, 0), [card for card in cards if card.column == column])
        for column, name in COLUMNS.items()
    ]
