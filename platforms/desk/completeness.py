"""How much a listing says of what needs ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from platforms.enums import FactKind
from platforms.models import Capability


@dataclass(frozen=True, slots=True)
class Meter:
    """How many of the fields are filled, and which are not."""

    filled: int
    total: int
    missing: Sequence[str]

    @property
    def per_cent(self) -> int:
        return round(100 * self.filled / self.total)


def meter_of(row: Capability) -> Meter:
    """The meter of a capability whose facts are fetched. What was read from the summary counts as said."""
    kinds = {fact.kind for fact in row.facts.all() if not fact.is_lapsed}
    said = {
        _("Summary"): bool(row.summary.strip()),
        _("Stages served"): FactKind.STAGE in kinds,
        _("Services"): FactKind.SERVICE in kinds,
        _("Processes"): FactKind.PROCESS in kinds,
        _("Materials and products"): FactKind.MATERIAL in kinds,
        _("Sizes and operating ranges"): FactKind.PARAMETER in kinds,
        _("Qualifications and certificates"): FactKind.QUALIFICATION in kinds,
        _("Technology readiness level"): row.trl_from is not None or row.trl_to is not None,
        _("Price"): row.price is not None,
        _("Small batches for sale"): row.small_batch is not None,
        _("Availability"): row.is_availability_known,
    }
    missing = [name for name, is_said in said.items() if not is_said]
    return Meter(len(said) - len(missing), len(said), missing)
