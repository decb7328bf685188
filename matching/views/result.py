"""The explained result of a need: who may fit, why, why not the others, what would change that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.enums import MatchStatus
from matching.models import Question
from matching.routes import shown_routes
from matching.selectors import newest_run, released_contacts, shown_matches
from matching.services.choosing import match_choose
from matching.services.leads import question_answer
from requests.enums import NeedStatus
from requests.models import Need
from requests.rules import is_editable, may_edit, owns
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError

from .cards import Card, cards_of, conditions_of

_BOTH = (Role.ENTERPRISE, Role.ZONE_ADMIN)
CHOOSABLE = frozenset({MatchStatus.ACCEPTED, MatchStatus.QUOTED})


@workspace_page(*_BOTH)
@require_GET
def need_result(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ranked cards beside the funnel; while the revision is being scored, a page that looks again by itself."""
    return _result(request, actor, _need(actor, number))


@workspace_page(*_BOTH)
@require_GET
def quote_table(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The newest offers side by side, cheapest first within a currency."""
    need = _need(actor, number)
    cards = [card for card in cards_of(shown_matches(need)) if card.quote]
    cards.sort(key=lambda card: (card.quote.currency, card.quote.amount) if card.quote else ("", 0))
    return show(request, "matching/quotes.html", {"need": need, "cards": cards, "choosable": CHOOSABLE})


@workspace_page(Role.ENTERPRISE)
def match_take(request: HttpRequest, actor: Actor, number: str, match_id: UUID) -> HttpResponse:
    """Repeat what is about to be agreed, then choose."""
    rows = shown_matches(_need(actor, number))
    match = get_object_or_404(rows, uuid=match_id)
    context = {"need": match.need, "card": cards_of([match])[0], "is_choosable": match.status in CHOOSABLE}
    if request.method != "POST":
        return show(request, "matching/choose.html", context)
    try:
        match_choose(actor=actor, match=match)
    except DomainError as refusal:
        return show(request, "matching/choose.html", context, refusal)
    messages.success(request, _("You have chosen. Both sides now see each other's contacts."))
    return redirect("matching:result", number=number)


@workspace_page(Role.ENTERPRISE)
@require_POST
def question_reply(request: HttpRequest, actor: Actor, number: str, question_id: UUID) -> HttpResponse:
    """Answer an operator's question, once; a refused answer stays in its box."""
    need, text = _need(actor, number), request.POST.get("answer", "")
    rows = Question.objects.filter(match__need=need).select_related(
        "match__need__zone", "match__need__organization", "match__capability__platform__organization"
    )
    question = get_object_or_404(rows, uuid=question_id)
    try:
        question_answer(actor=actor, question=question, text=text)
    except DomainError as refusal:
        return _result(request, actor, need, refusal, replied_to=question.pk, reply=text)
    messages.success(request, _("Your answer is on its way to the operator."))
    return redirect("matching:result", number=number)


def _need(actor: Actor, number: str) -> Need:
    rows = Need.objects.visible_to(actor).select_related("organization", "zone")
    need = get_object_or_404(rows, number=number)
    if need.status == NeedStatus.DRAFT:
        raise Http404
    return need


def _result(
    request: HttpRequest,
    actor: Actor,
    need: Need,
    refusal: DomainError | None = None,
    *,
    replied_to: int | None = None,
    reply: str = "",
) -> HttpResponse:
    run = newest_run(need)
    cards = cards_of(shown_matches(need)) if run else []
    context: dict[str, Any] = {
        "need": need,
        "run": run,
        "is_scoring": run is None and need.status == NeedStatus.OPEN,
        "conditions": conditions_of(need),
        "fitting": [card for card in cards if not card.hard_fails],
        "partial": [card for card in cards if card.hard_fails],
        "quote_count": sum(card.quote is not None for card in cards),
        "chosen": _chosen(cards),
        "attention": [card for card in cards if card.is_waiting_for_owner],
        "routes": shown_routes(need, run) if run else [],
        "is_owner": owns(actor, need),
        "is_editable": may_edit(actor, need) and is_editable(need),
        "choosable": CHOOSABLE if need.status == NeedStatus.OPEN else frozenset(),
        "replied_to": replied_to,
        "reply": reply,
    }
    return show(request, "matching/result.html", context, refusal)


def _chosen(cards: list[Card]) -> dict[str, Any] | None:
    for card in cards:
        contacts = released_contacts(card.match, card.match.capability.platform.organization)
        if contacts:
            return {"card": card, "contacts": contacts}
    return None
