"""Do a quantity and a unit belong together? Asked by every form and every file."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _

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


@lru_cache(maxsize=1)
def _dimensions() -> dict[str, str]:
    return {row["code"]: row["dimension"] for row in read_rows(DATA_FOLDER / FILES["quantity"])}


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
    return _('"%(unit)s" is not a unit of %(quantity)s.') % {"unit": unit or "—", "quantity": quantity}
