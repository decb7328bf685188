"""Do a quantity and a unit belong together? Asked by every form and every file."""

from django.utils.translation import gettext as _

from .lexicons import current_lexicon
from .reading import to_base


def unit_problem(quantity: str, unit: str) -> str:
    """Say in the reader's language why `unit` cannot measure `quantity`; empty where it can.

    A unit nobody knows is taken for quantities that are counted in the trade's own words (批, 片, %), not for
    those with a physical dimension: 500 "litters" must not become a volume.
    """
    dimension = current_lexicon().dimension_of(quantity)
    if dimension is None:
        return ""
    known = to_base(1.0, unit)
    if known is None or known[0] != dimension:
        return _('"%(unit)s" is not a unit of %(quantity)s.') % {"unit": unit or "—", "quantity": quantity}
    return ""
