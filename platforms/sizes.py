"""A size somebody looks for: at least 500 L, at most −20 °C."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from zhongshi.core.errors import InvalidInput
from zhongshi.vocabulary.units import base_units, range_in_base, unit_problem

from .enums import FactKind

BOUNDS = ("min", "max")
# Money and duration are asked for elsewhere; "other" things cannot be compared.
_ELSEWHERE = frozenset({"budget", "price_per_week", "duration"})
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
MAX_TYPED = 40


@dataclass(frozen=True, slots=True)
class Size:
    """`bound` "min": the listing reaches `value` or more; "max": it goes down to `value` or less."""

    quantity: str
    value: float
    unit: str
    bound: str = "min"

    def reached(self) -> Q:
        """Facts whose range meets the size; those without the bound that matters are open there."""
        dimension, _low, base = range_in_base(self.quantity, None, self.value, self.unit)
        # What was converted from another unit may miss the bound by a rounding.
        slack = 1e-9 * max(1.0, abs(base or 0.0))
        own = Q(kind=FactKind.PARAMETER, quantity=self.quantity, dimension=dimension)
        if self.bound == "min":
            return own & (Q(base_high__gte=(base or 0.0) - slack) | Q(base_high=None, base_low__isnull=False))
        return own & (Q(base_low__lte=(base or 0.0) + slack) | Q(base_low=None, base_high__isnull=False))


def size_quantities() -> list[str]:
    """Quantities that can be asked for, in the vocabulary's order."""
    return [code for code in base_units() if code not in _ELSEWHERE]


def size_from(*, quantity: str, value: str, unit: str, bound: str) -> Size | None:
    """Read a size as typed; None where nothing was. An empty unit is the quantity's base unit.

    Raises InvalidInput naming the field: a quantity nobody knows, no number, a unit that does not measure it.
    """
    if not value.strip() and not unit.strip():
        return None
    if quantity not in size_quantities():
        raise InvalidInput(errors={"quantity": [_("Choose what is to be measured.")]})
    if bound not in BOUNDS:
        raise InvalidInput(errors={"bound": [_("Choose at least or at most.")]})
    number, rest = number_in(value)
    if number is None:
        raise InvalidInput(errors={"value": [_("Give a number, for example 500.")]})
    unit = unit.strip() or rest or base_units()[quantity]
    if problem := unit_problem(quantity, unit):
        raise InvalidInput(errors={"unit": [problem]})
    return Size(quantity, number, unit, bound)


def number_in(typed: str) -> tuple[float | None, str]:
    """The number and what stands behind it: 1,000 and １０００ and −5 are numbers, 500L has its unit with it."""
    plain = unicodedata.normalize("NFKC", typed[:MAX_TYPED]).replace(",", "").replace("−", "-").strip()
    found = _NUMBER.match(plain)
    return (float(found[0]), plain[found.end() :].strip()) if found else (None, "")
