"""One match: its card alone, asking for an offer, saying that it does not fit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.enums import UnfitReason
from matching.models import Match
from matching.services.dismissing import match_dismiss
from matching.services.inquiring import match_inquire
from requests.models import Need
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError
from zhongshi.core.fragments import page_or_part, wants_part

from .arranging import stated_of
from .needs import BOTH, frame, match_of, need_of, one_card, place_of_card


@workspace_page(*BOTH)
@require_GET
def match_page(request: HttpRequest, actor: Actor, number: str, match_id: UUID) -> HttpResponse:
    """One card in full, on a page of its own or in place of its row."""
    need = need_of(actor, number)
    return _card(request, actor, need, match_of(need, match_id))


@workspace_page(Role.ENTERPRISE)
@require_POST
def match_ask(request: HttpRequest, actor: Actor, number: str, match_id: UUID) -> HttpResponse:
    """Ask the zone's office to hand the match on for an offer."""
    need = need_of(actor, number)
    match = match_of(need, match_id)
    try:
        match_inquire(actor=actor, match=match)
    except DomainError as refusal:
        return _card(request, actor, need, match, refusal)
    said = _("Asked. The zone office hands it on to the operator; you are told.")
    if wants_part(request):
        return _card(request, actor, need, match_of(need, match_id))
    messages.success(request, said)
    return redirect("matching:result", number=number)


@workspace_page(Role.ENTERPRISE)
def match_unfit(request: HttpRequest, actor: Actor, number: str, match_id: UUID) -> HttpResponse:
    """Say why a match does not fit; what a refused form got typed stays in it."""
    need = need_of(actor, number)
    match = match_of(need, match_id)
    code, words = request.POST.get("code", ""), request.POST.get("words", "")
    context: dict[str, Any] = frame(actor, need) | {"card": one_card(match, need), "code": code, "words": words}
    context["reasons"] = UnfitReason.choices
    if request.method != "POST":
        return show(request, "matching/unfit.html", context)
    try:
        match_dismiss(actor=actor, match=match, code=code, words=words)
    except DomainError as refusal:
        return show(request, "matching/unfit.html", context, refusal)
    messages.success(request, _("Noted, with your reason. It no longer stands in the ranking."))
    return redirect("matching:result", number=number)


def _card(
    request: HttpRequest, actor: Actor, need: Need, match: Match, refusal: DomainError | None = None
) -> HttpResponse:
    card = one_card(match, need)
    context = frame(actor, need) | {"card": card, "place": place_of_card(card), "opened": True, "refusal": refusal}
    context["stated"] = stated_of([card], need, context["conditions"], with_distance=True)
    status = refusal.status if refusal else 200
    return page_or_part(request, "matching/match.html", "matching/_card.html", context, status=status)
