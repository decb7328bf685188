"""The matches of a need in the order and the choice the address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.enums import UNANSWERED, MatchStatus
from matching.route_totals import distance
from matching.stated import Asked, earliest_start, place_of, weekly_price
from requests.models import Need
from zhongshi.vocabulary.lexicons import current_lexicon

from .cards import Card, Record, Stated

SORTS: dict[str, Promise] = {
    "score": pgettext_lazy("sort matches by", "score"),
    "price": pgettext_lazy("sort matches by", "price"),
    "start": pgettext_lazy("sort matches by", "earliest start"),
    "distance": pgettext_lazy("sort matches by", "distance"),
}
SHOWS: dict[str, Promise] = {
    "all": pgettext_lazy("show matches", "all"),
    "mine": _("waiting for me"),
    "unanswered": _("not answered yet"),
    "quoted": _("with a quote"),
    "clear": _("nothing open"),
    "over": _("ended"),
}
_OVER = frozenset({MatchStatus.REJECTED, MatchStatus.DECLINED, MatchStatus.LAPSED, MatchStatus.NOT_CHOSEN})
_SHOWN: dict[str, Callable[[Card], bool]] = {
    "all": lambda card: not card.is_turned_down,
    "mine": lambda card: card.is_waiting_for_owner,
    "unanswered": lambda card: card.match.status in UNANSWERED,
    "quoted": lambda card: card.quote is not None,
    "clear": lambda card: not card.open and not card.failed and card.match.status not in _OVER,
    "over": lambda card: card.match.status in _OVER,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for; anything unknown is the usual."""

    sort: str = "score"
    show: str = "all"

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Choice:
        """Read `sort` and `show` from an address."""
        sort, show = str(query.get("sort", "")), str(query.get("show", ""))
        return cls(sort if sort in SORTS else "score", show if show in SHOWS else "all")

    @property
    def is_usual(self) -> bool:
        return self == Choice()

    @property
    def words(self) -> str:
        """The choice in words, for exports."""
        return f"{SHOWS[self.show]} · {SORTS[self.sort]}"


@dataclass(frozen=True, slots=True)
class Arranged:
    """Cards in the chosen order, what their listings state, and how many each choice would show."""

    choice: Choice
    fitting: list[Card]
    partial: list[Card]
    turned_down: list[Card]
    stated: Mapping[int, Stated]
    counts: Mapping[str, int]

    @property
    def cards(self) -> list[Card]:
        """All that are shown in the ranking and beside it."""
        return [*self.fitting, *self.partial]


def arranged(cards: Sequence[Card], need: Need, records: Sequence[Record], choice: Choice) -> Arranged:
    """Sort and filter. What is not known comes last, whatever the order."""
    stated = stated_of(cards, need, records, with_distance=choice.sort == "distance")
    chosen = [card for card in cards if _SHOWN[choice.show](card)]
    chosen.sort(key=lambda card: _order(card, stated[card.match.pk], choice.sort))
    is_over = choice.show == "over"
    return Arranged(
        choice=choice,
        fitting=[card for card in chosen if not card.hard_fails],
        partial=[card for card in chosen if card.hard_fails],
        turned_down=[card for card in cards if card.is_turned_down and not is_over],
        stated=stated,
        counts={name: sum(shows(card) for card in cards) for name, shows in _SHOWN.items()},
    )


def stated_of(
    cards: Sequence[Card], need: Need, records: Sequence[Record], *, with_distance: bool = False
) -> dict[int, Stated]:
    """What the listing behind each match (by its primary key) states; distances only where they are asked for."""
    capabilities = [card.match.capability for card in cards]
    prefetch_related_objects(capabilities, "free_periods")
    asked, today = Asked.of(records), timezone.localdate()
    ways = _ways(cards, need) if with_distance else {}
    return {
        card.match.pk: Stated(
            weekly_price(card.match.capability.price),
            _start(card, asked, today),
            ways.get(card.match.pk),
        )
        for card in cards
    }


def _start(card: Card, asked: Asked, today: date) -> date | None:
    quote = card.quote
    return quote.starts_on if quote and quote.starts_on else earliest_start(card.match.capability, asked, today)


def _ways(cards: Sequence[Card], need: Need) -> dict[int, float]:
    lexicon = current_lexicon()
    here = place_of(need.region, lexicon) if need.region else None
    if here is None:
        return {}
    places = {region: place_of(region, lexicon) for region in {card.match.capability.platform.region for card in cards}}
    return {
        card.match.pk: distance(here, there)
        for card in cards
        if (there := places[card.match.capability.platform.region])
    }


def _order(card: Card, stated: Stated, sort: str) -> tuple[Any, ...]:
    rank = card.match.rank, card.match.pk
    if sort == "price":
        # Offers are sums, listings say a price a week: offers first, then what listings say.
        amount = card.quote.amount if card.quote and card.quote.currency == "CNY" else None
        return amount is None, amount or 0, *_last(stated.weekly_price), rank
    if sort == "start":
        return *_last(stated.start.toordinal() if stated.start else None), rank
    if sort == "distance":
        return *_last(stated.km), rank
    return rank


def _last(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0
