"""Quotes side by side, and the choice: what is about to be agreed is repeated before it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.selectors import shown_matches
from matching.services.choosing import match_choose
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError

from .cards import Card, cards_of
from .needs import BOTH, frame, match_of, need_of, one_card


@dataclass(frozen=True, slots=True)
class SplitLine:
    """One kind of cost across the quotes; None where a quote does not list it."""

    name: str
    amounts: Sequence[Any]


@workspace_page(*BOTH)
@require_GET
def quote_table(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The newest offers side by side, cheapest first within a currency; expired ones last."""
    need = need_of(actor, number)
    cards = quoted_cards(cards_of(shown_matches(need), need=need))
    context = frame(actor, need) | {"cards": cards, "split": split_of(cards)}
    context["choosable_cards"] = [card for card in cards if is_choosable(card, context)]
    return show(request, "matching/quotes.html", context)


@workspace_page(Role.ENTERPRISE)
def match_take(request: HttpRequest, actor: Actor, number: str, match_id: UUID) -> HttpResponse:
    """Repeat what is about to be agreed, then choose."""
    need = need_of(actor, number)
    match = match_of(need, match_id)
    card = one_card(match, need)
    context = frame(actor, need) | {"card": card}
    context |= {"is_choosable": is_choosable(card, context), "split": split_of([card]) if card.quote else []}
    if request.method != "POST":
        return show(request, "matching/choose.html", context)
    try:
        match_choose(actor=actor, match=match)
    except DomainError as refusal:
        return show(request, "matching/choose.html", context, refusal)
    messages.success(request, _("You have chosen. Both sides now see each other's contacts."))
    return redirect("matching:result", number=number)


def quoted_cards(cards: Sequence[Card]) -> list[Card]:
    """Those with an offer, in the order of the table."""
    quoted = [card for card in cards if card.quote]
    return sorted(quoted, key=lambda card: (not card.has_standing_quote, *_amount(card), card.match.rank))


def _amount(card: Card) -> tuple[str, Decimal]:
    return (card.quote.currency, card.quote.amount) if card.quote else ("", Decimal())


def is_choosable(card: Card, context: dict[str, Any]) -> bool:
    """Whether the enterprise may choose it now: answered with yes, and no offer that has run out."""
    return card.match.status in context["choosable"] and (card.quote is None or card.has_standing_quote)


def split_of(cards: Sequence[Card]) -> list[SplitLine]:
    """Every kind of cost any quote lists, in the order they first appear."""
    listed = [_listed(card) for card in cards]
    names = dict.fromkeys(name for amounts in listed for name in amounts)
    return [SplitLine(name, [amounts.get(name) for amounts in listed]) for name in names]


def _listed(card: Card) -> dict[str, Any]:
    lines = card.quote.lines if card.quote else []
    return {str(line["name"]): line.get("amount") for line in lines if line.get("name")}
