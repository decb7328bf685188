"""The explained result of a need: who may fit, why, why not the others, what would change that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.models import Question, ScoringRun
from matching.relaxed import Changed, only_change
from matching.routes import shown_routes
from matching.selectors import help_asked, newest_run, released_contacts, shown_matches
from matching.services.leads import question_answer
from requests.enums import NeedStatus
from requests.models import Need, NeedRevision
from requests.views.frame import workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError
from zhongshi.core.fragments import page_or_part

from .arranging import SHOWS, SORTS, Choice, arranged
from .cards import Card, cards_of
from .needs import BOTH, FULL_CARDS, frame, need_of


@workspace_page(*BOTH)
@require_GET
def need_result(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ranked cards beside the funnel; while the revision is being scored, a page that looks again by itself.

    `?sort=` and `?show=` order and choose.
    """
    return show_result(request, actor, need_of(actor, number))


@workspace_page(Role.ENTERPRISE)
@require_POST
def question_reply(request: HttpRequest, actor: Actor, number: str, question_id: UUID) -> HttpResponse:
    """Answer an operator's question, once; a refused answer stays in its box."""
    need, text = need_of(actor, number), request.POST.get("answer", "")
    rows = Question.objects.filter(match__need=need).select_related(
        "match__need__zone", "match__need__organization", "match__capability__platform__organization"
    )
    question = get_object_or_404(rows, uuid=question_id)
    try:
        question_answer(actor=actor, question=question, text=text)
    except DomainError as refusal:
        return show_result(request, actor, need, refusal, replied_to=question.pk, reply=text)
    messages.success(request, _("Your answer is on its way to the operator."))
    return redirect("matching:result", number=number)


def show_result(
    request: HttpRequest, actor: Actor, need: Need, refusal: DomainError | None = None, **more: Any
) -> HttpResponse:
    """The result page, or its part; after a refusal with the reason on top and its status."""
    context = frame(actor, need) | more | {"refusal": refusal, "full_cards": FULL_CARDS}
    run = newest_run(need)
    context |= _scored(need, run, context, request.GET) if run else {}
    context |= {"run": run, "is_scoring": run is None and need.status == NeedStatus.OPEN}
    context["changed"] = _changed(need) if context["is_editable"] else None
    status = refusal.status if refusal else 200
    return page_or_part(request, "matching/result.html", "matching/_result.html", context, status=status)


def _scored(need: Need, run: ScoringRun, known: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    cards = cards_of(shown_matches(need), need=need)
    shown = arranged(cards, need, known["conditions"], Choice.of(query))
    has_fitting = any(not card.hard_fails and not card.is_turned_down for card in cards)
    return {
        "shown": shown,
        "stated": shown.stated,
        "sorts": SORTS,
        "shows": [(name, words, shown.counts[name]) for name, words in SHOWS.items()],
        "quote_count": sum(card.quote is not None for card in cards),
        "chosen": _chosen(cards),
        "attention": [card for card in cards if card.is_waiting_for_owner],
        "routes": shown_routes(need, run),
        "has_fitting": has_fitting,
        "help": None if has_fitting else help_asked(need),
    }


def _changed(need: Need) -> Changed | None:
    """The one condition that changed with the newest revision; it can be taken back."""
    if need.revision < 2:
        return None
    kept = NeedRevision.objects.filter(need=need, number__gte=need.revision - 1).order_by("number")
    revisions: Sequence[NeedRevision] = list(kept)
    if len(revisions) != 2 or (revisions[0].title, revisions[0].text) != (revisions[1].title, revisions[1].text):
        return None
    return only_change(revisions[0].conditions, revisions[1].conditions)


def _chosen(cards: list[Card]) -> dict[str, Any] | None:
    for card in cards:
        contacts = released_contacts(card.match, card.match.capability.platform.organization)
        if contacts:
            return {"card": card, "contacts": contacts}
    return None
