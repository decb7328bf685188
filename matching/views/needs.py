"""What all pages of one need's matches begin with: the need one may see, and the frame around a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matching.enums import MatchStatus
from matching.models import Match
from matching.selectors import shown_matches
from requests.disclosure import is_confidential, listed_name, unworded
from requests.enums import NeedStatus
from requests.models import Need
from requests.rules import is_editable, may_edit, owns
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

from .cards import Card, cards_of, conditions_of

BOTH = (Role.ENTERPRISE, Role.ZONE_ADMIN)
CHOOSABLE = frozenset({MatchStatus.ACCEPTED, MatchStatus.QUOTED})
DISMISSABLE = frozenset({MatchStatus.PROPOSED, MatchStatus.APPROVED, MatchStatus.ACCEPTED, MatchStatus.QUOTED})
FULL_CARDS = 5


def need_of(actor: Actor, number: str) -> Need:
    """The submitted need of that number as far as the actor may see it, else 404."""
    rows = Need.objects.visible_to(actor).select_related("organization", "zone").prefetch_related("conditions")
    need = get_object_or_404(rows, number=number)
    if need.status == NeedStatus.DRAFT:
        raise Http404
    return need


def match_of(need: Need, match_id: UUID) -> Match:
    """One of the need's matches with everything a card shows, else 404."""
    return get_object_or_404(shown_matches(need), uuid=match_id)


def frame(actor: Actor, need: Need) -> dict[str, Any]:
    """What every page about a need's matches knows: the need, its conditions, who looks and what they may do."""
    is_owner, is_open = owns(actor, need), need.status == NeedStatus.OPEN
    return {
        "need": need,
        "name": need.title if is_owner else listed_name(need),
        # What the two sides write to each other about a confidential need is theirs alone.
        "words_kept_back": not is_owner and is_confidential(need),
        "conditions": conditions_of(need) if is_owner or not is_confidential(need) else unworded_conditions(need),
        "is_owner": is_owner,
        "is_editable": may_edit(actor, need) and is_editable(need),
        "choosable": CHOOSABLE if is_open else frozenset(),
        "dismissable": DISMISSABLE if is_owner and is_open else frozenset(),
        # Said once a row; a template would look them up as often.
        "compare_word": _("Compare"),
        "colon": pgettext("before a name", ":"),
    }


def unworded_conditions(need: Need) -> list[Mapping[str, Any]]:
    """The need's conditions without their original words."""
    return [unworded(record) for record in conditions_of(need)]


def place_of_card(card: Card) -> str:
    """The rank a card bears; none where it stands outside the ranking."""
    return "–" if card.hard_fails else str(card.match.rank)


def one_card(match: Match, need: Need) -> Card:
    """The card of a single match."""
    return cards_of([match], need=need)[0]
