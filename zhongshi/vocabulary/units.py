"""Do a quantity and a unit belong together? Asked by every form and every file."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _

from .labels import quantity_label
from .reading.sources import DATA_FOLDER, FILES, read_rows
from .reading.units import unit_of

# Money is money in any currency; what a line puts through is counted in wafers or packs as well as in kilograms.
_SAME = {
    "budget": frozenset({"CNY", "EUR", "USD", "GBP", "JPY", "HKD"}),
    "throughput_mass": frozenset({"MF", "WM", "AF"}),
    "width": frozenset({"D", "IN"}),
}
# "3 吨釜" is a vessel of 3 m³: the trade gives vessels in tonnes of water.
_BY_CUSTOM = frozenset({("volume", "t")})
_TOTAL = "(total)"
# What a line can do at most when one number is given: it can do less as well.
_RATINGS = frozenset({"pressure", "power", "speed"})


@lru_cache(maxsize=1)
def _dimensions() -> dict[str, str]:
    return {row["code"]: row["dimension"] for row in read_rows(DATA_FOLDER / FILES["quantity"])}


@lru_cache(maxsize=1)
def base_units() -> dict[str, str]:
    """The base unit of each quantity that has a dimension, in the vocabulary's order."""
    return {row["code"]: row["base_unit"] for row in read_rows(DATA_FOLDER / FILES["quantity"]) if row["dimension"]}


def range_in_base(
    quantity: str, low: float | None, high: float | None, unit: str
) -> tuple[str, float | None, float | None]:
    """Dimension and range of what a listing states, in base units; an empty dimension where nobody knows the unit.

    The total of several vessels is a dimension of its own: it never stands for one vessel. A rating given as one
    number is open below.
    """
    known = unit_of(unit.removesuffix(_TOTAL))
    if known and (quantity, known.code) in _BY_CUSTOM:
        known = unit_of("m3")
    if known is None:
        return "", None, None
    first, last = (None if bound is None else round(bound * known.factor + known.offset, 9) for bound in (low, high))
    dimension = known.dimension + (_TOTAL if unit.endswith(_TOTAL) else "")
    return dimension, None if quantity in _RATINGS and first == last else first, last


def unit_problem(quantity: str, unit: str) -> str:
    """Say in the reader's language why `unit` cannot measure `quantity`; empty where it can.

    Quantities without a dimension (counts and "other") are counted in the trade's own words (批, 片, 项); a
    physical one needs a unit we know: 500 "litters" must not become a volume.
    """
    dimension = _dimensions().get(quantity)
    if not dimension:
        return ""
    known = unit_of(unit.removesuffix(_TOTAL))
    if known and (known.dimension in _SAME.get(quantity, {dimension}) or (quantity, known.code) in _BY_CUSTOM):
        return ""
    return _('"%(unit)s" is not a unit of %(quantity)s.') % {"unit": unit or "—", "quantity": quantity_label(quantity)}
