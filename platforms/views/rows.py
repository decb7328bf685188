"""A capability as lists show it: what it is, at what size, since when free; from rows already fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from platforms.enums import FactKind, FactSource
from platforms.models import Capability, Fact
from zhongshi.vocabulary import labels

SHOWN_PARAMETERS = 4
SHOWN_VALUES = 5
SHORT_TEXT = 20
# What decides first whether a line fits comes first; floor space and head counts come last.
_ORDER = ("volume", "temperature", "pressure", "mass_per_batch", "throughput_mass", "throughput_annual")
_LAST = ("area", "count", "other")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of a list of capabilities. `free_from` is None where no free day is known."""

    capability: Capability
    parameters: list[tuple[str, str]]
    processes: list[str]
    services: list[str]
    qualifications: list[str]
    free_from: date | None


def service_row(capability: Capability) -> ServiceRow:
    """Shape a capability whose platform, facts and free periods are fetched."""
    facts = [fact for fact in capability.facts.all() if not (fact.is_negated or fact.is_lapsed)]
    return ServiceRow(
        capability=capability,
        parameters=_parameters(facts)[:SHOWN_PARAMETERS],
        processes=_values(facts, FactKind.PROCESS)[:SHOWN_VALUES],
        services=_values(facts, FactKind.SERVICE)[:2],
        qualifications=_values(facts, FactKind.QUALIFICATION)[:SHOWN_VALUES],
        free_from=first_free_day(capability),
    )


def first_free_day(capability: Capability) -> date | None:
    """The first day from today on which the capability can be booked, if one is known."""
    today = timezone.localdate()
    days = [max(period.starts_on, today) for period in capability.free_periods.all() if period.ends_on >= today]
    return min(days, default=None)


def parameter_order(fact: Fact) -> tuple[int, int]:
    """Sort key: the sizes that decide first, floor space and counts last, the rest between as listed."""
    if fact.quantity in _ORDER:
        return _ORDER.index(fact.quantity), fact.position
    return len(_ORDER) + (1 + _LAST.index(fact.quantity) if fact.quantity in _LAST else 0), fact.position


def _parameters(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    sizes = [fact for fact in facts if fact.kind == FactKind.PARAMETER and fact.quantity != "other"]
    # What was read from the summary fills in for a quantity the listing does not declare; it does not repeat one.
    declared = {fact.quantity for fact in sizes if fact.source != FactSource.READ} | {"count"}
    shown = [fact for fact in sizes if fact.source != FactSource.READ or fact.quantity not in declared]
    pairs = [(labels.quantity_label(fact.quantity), _amount(fact)) for fact in sorted(shown, key=parameter_order)]
    return [pair for pair in dict.fromkeys(pairs) if pair[1]]


def _amount(fact: Fact) -> str:
    """A count needs its own words to say what is counted; every other quantity is clear from its unit."""
    if fact.quantity == "count" and 0 < len(fact.text) <= SHORT_TEXT:
        return fact.text
    return labels.parameter_label(fact.low, fact.high, fact.unit, fact.count)


def _values(facts: Iterable[Fact], kind: str) -> list[str]:
    return list(dict.fromkeys(fact.value for fact in facts if fact.kind == kind and fact.value))
