"""Reading a listing: declared fields and its words to facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .clauses import Clauses
from .lexicon import Lexicon
from .measures import joined, measures
from .model import Fact
from .negation import is_lacking, is_past, is_planned
from .normalise import normalise
from .quantities import is_wafer_text, name_quantity
from .units import unit_of
from .unread import offered_phrases

_LISTS = (
    ("stage", "stages"),
    ("service", "services"),
    ("process", "processes"),
    ("material", "materials"),
    ("qualification", "qualifications"),
)
_MOST_AMOUNTS = 200
# A fact nobody can read yet: its value is the kind it must be, a colon, and the words.
PHRASE = "phrase"
_READ_KINDS = frozenset({"chain", "stage", "service", "process", "material", "qualification", "hazard"})
# What a listing's words say in passing about itself is not what it offers as an amount.
_AMOUNTS = frozenset(
    [
        "volume",
        "mass_per_batch",
        "throughput_mass",
        "throughput_annual",
        "temperature",
        "pressure",
        "power",
        "wafer_size",
        "node",
        "width",
        "speed",
        "other",
        "count",
    ]
)


def read_capability(platform: Mapping[str, Any], capability: Mapping[str, Any], lexicon: Lexicon) -> tuple[Fact, ...]:
    """Give every fact of a capability: declared ones first, then those read from name, summary and parameter texts.

    Both arguments are records of the exchange format. Declared values are brought to the lexicon's own form where it
    knows them and kept as written where not. A read fact has `field` (``name``, ``summary``, ``parameters.0``) and a
    span within that field; what the text says is not there is `negated`. Malformed fields are left out, never raised.
    """
    facts = [*_declared(platform, capability, lexicon)]
    known: set[tuple[str, str | None]] = {(fact.kind, fact.value) for fact in facts if fact.value is not None}
    measured = {fact.quantity for fact in facts if fact.quantity is not None}
    for field, text in _texts(capability):
        for fact in read_text(text, lexicon, field=field):
            if fact.quantity is not None:
                # The fragment beside a declared parameter repeats it; its words count, its numbers do not.
                if fact.quantity in measured or field.startswith("parameters"):
                    continue
            elif (fact.kind, fact.value) in known:
                continue
            else:
                known.add((fact.kind, fact.value))
            facts.append(fact)
    return tuple(facts)


def read_text(text: str, lexicon: Lexicon, *, field: str = "") -> Iterator[Fact]:
    """Read the facts of one free text of a listing; spans are within it."""
    normal = normalise(text)
    clauses = Clauses(normal)
    found = lexicon.find(normal)
    for item in found:
        if is_past(clauses, item.start):
            continue
        lacking = is_lacking(clauses, item.start)
        for term in item.terms:
            if term.kind in _READ_KINDS:
                yield Fact(
                    kind=term.kind,
                    value=term.value,
                    text=normal.written(item.start, item.end),
                    span=normal.span(item.start, item.end),
                    confidence=0.6 if is_planned(clauses, item.start) else 0.85,
                    negated=lacking,
                    field=field,
                )
    for phrase in offered_phrases(clauses, found):
        first, last = phrase.start, phrase.start + len(phrase.text)
        yield Fact(
            kind=PHRASE,
            value=f"{phrase.kind}:{phrase.text}",
            text=normal.written(first, last),
            span=normal.span(first, last),
            confidence=0.5,
            field=field,
        )
    yield from _amounts(clauses, field)


def _amounts(clauses: Clauses, field: str) -> Iterator[Fact]:
    normal = clauses.text
    is_wafer = is_wafer_text(normal.lower)
    for measure in joined(measures(normal), normal)[:_MOST_AMOUNTS]:
        quantity = name_quantity(measure, clauses, is_wafer=is_wafer, is_listing=True)
        if quantity is None or quantity.name not in _AMOUNTS or is_past(clauses, measure.start):
            continue
        yield Fact(
            kind="parameter",
            quantity=quantity.name,
            min=quantity.low,
            max=quantity.high,
            unit=quantity.unit,
            count=quantity.count,
            text=normal.written(quantity.start, quantity.end),
            span=normal.span(quantity.start, quantity.end),
            confidence=0.5 if is_planned(clauses, measure.start) else 0.8,
            negated=is_lacking(clauses, measure.start),
            field=field,
        )


def _declared(platform: Mapping[str, Any], capability: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Fact]:
    for value in _strings(capability.get("chains") or platform.get("chains")):
        yield _fact("chain", value, lexicon)
    for kind, key in _LISTS:
        for value in _strings(capability.get(key)):
            yield _fact(kind, value, lexicon)
    yield from _where(platform, lexicon)
    for record in _sequence(capability.get("parameters")):
        fact = _parameter(record) if isinstance(record, Mapping) else None
        if fact is not None:
            yield fact
    yield from _terms_of_business(capability)


def _fact(kind: str, value: str, lexicon: Lexicon) -> Fact:
    return Fact(kind=kind, value=lexicon.canonical(kind, value) or value, text=value, source="declared")


def _where(platform: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Fact]:
    region, country = platform.get("region"), platform.get("country")
    code = canonical_region(region, lexicon) if isinstance(region, str) and region else None
    if code:
        yield Fact(kind="region", value=code, text=str(region), source="declared")
    if isinstance(country, str) and country:
        yield Fact(kind="region", value=country, text=country, source="declared")


def canonical_region(region: str, lexicon: Lexicon) -> str:
    """The lexicon's code for a region written as code, name or "province/city"; as written if unknown."""
    known = lexicon.canonical("region", region)
    for part in reversed(region.split("/")):
        known = known or lexicon.canonical("region", part)
    return known or region


def _parameter(record: Mapping[str, Any]) -> Fact | None:
    quantity, unit = record.get("quantity"), str(record.get("unit") or "")
    low, high = _number(record.get("min")), _number(record.get("max"))
    if not isinstance(quantity, str) or (low is None and high is None):
        return None
    if quantity == "volume" and unit in ("吨", "t"):
        unit = "m3"
    count = record.get("count")
    known = unit_of(unit)
    return Fact(
        kind="parameter",
        quantity=quantity,
        min=low,
        max=high,
        unit=known.code if known else unit,
        count=count if isinstance(count, int) else None,
        text=str(record.get("text") or ""),
        source="declared",
    )


def _terms_of_business(capability: Mapping[str, Any]) -> Iterator[Fact]:
    price = capability.get("price")
    if isinstance(price, Mapping) and (amount := _number(price.get("amount"))) is not None:
        unit = str(price.get("unit") or "")
        name = "price_per_week" if unit.endswith(("/周", "week")) else "price"
        yield Fact(kind="budget", quantity=name, min=amount, max=amount, unit=unit, source="declared")
    for window in _sequence(capability.get("availability")):
        if isinstance(window, Mapping) and window.get("from") and window.get("to"):
            yield Fact(kind="window", value=f"{window['from']}/{window['to']}", source="declared")


def _texts(capability: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("name", "summary"):
        if isinstance(text := capability.get(field), str) and text:
            yield field, text
    for number, record in enumerate(_sequence(capability.get("parameters"))):
        if isinstance(record, Mapping) and isinstance(text := record.get("text"), str) and text:
            yield f"parameters.{number}", text


def _strings(value: Any) -> list[str]:
    return [part for part in _sequence(value) if isinstance(part, str) and part]


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
