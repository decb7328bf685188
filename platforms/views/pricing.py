"""The price on the search page: as typed, what it means, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from platforms.prices import Price, price_from, price_units
from platforms.search import Search
from platforms.sizes import MAX_TYPED
from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary import labels


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """What stands in the two fields; `price` is None where nothing was typed, or something is wrong."""

    amount: str
    unit: str
    price: Price | None
    problem: str

    @property
    def units(self) -> list[tuple[str, bool]]:
        """The units published prices have, and which one is chosen; empty where nobody states a price."""
        return [(unit, unit == self.unit) for unit in price_units()]


def price_entry(query: QueryDict) -> PriceEntry:
    """Read the fields `price_max` and `price_unit`; never refuses, the complaint stands in the entry."""
    amount, unit = (query.get(name, "").replace("\x00", "").strip()[:MAX_TYPED] for name in ("price_max", "price_unit"))
    try:
        return PriceEntry(amount, unit, price_from(amount=amount, unit=unit), "")
    except InvalidInput as refusal:
        return PriceEntry(amount, unit, None, str((refusal.errors or {})["price_max"][0]))


def price_filter_label(search: Search) -> str:
    """A price in words: 价格 ≤ 3 万元/批."""
    if search.price is None:
        return ""
    return _("Price ≤ %(amount)s %(unit)s") % {
        "amount": labels.number_label(search.price.amount),
        "unit": search.price.unit,
    }
