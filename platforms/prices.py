"""A price somebody will pay at most, in a unit listings use: 3 万元/批. Units are not converted into each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput

from .facets import current_columns
from .sizes import number_in


@dataclass(frozen=True, slots=True)
class Price:
    """At most `amount` of `unit`; a listing without a price, or priced by another unit, does not meet it."""

    amount: float
    unit: str

    def met(self) -> Q:
        """Capabilities at that price or below."""
        return Q(price__unit=self.unit, price__amount__lte=self.amount)


def price_units() -> list[str]:
    """The units of published prices; empty where nobody states one."""
    return list(current_columns().price_units)


def price_from(*, amount: str, unit: str) -> Price | None:
    """Read a price as typed; None where an amount or a unit is missing.

    Raises InvalidInput naming `price_max` where it is no number.
    """
    if not amount.strip() or not unit.strip():
        return None
    number, _rest = number_in(amount)
    if number is None or number < 0:
        raise InvalidInput(errors={"price_max": [_("Give a number, for example 500.")]})
    return Price(number, unit.strip())
