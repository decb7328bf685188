"""Conditions that hold an amount: parameters, budget, duration."""

from __future__ import annotations

import re
from dataclasses import replace

from .clauses import Clauses
from .measures import Measure, joined, measures
from .modality import is_background
from .money import bare_budgets, bare_prices, budget_of, currency_budgets, duration_of
from .negation import is_refused
from .quantities import Quantity, is_wafer_text, name_quantity, same_range

_MONEY = frozenset({"CNY", "EUR", "USD", "GBP", "CNYW"})
_MOST_AMOUNTS = 40  # nobody asks for more; keeps a text of nothing but numbers linear
_IN_STEPS = re.compile(r"先.{1,20}(?:再|然后|后).{0,20}")
_OR = re.compile(r"^ ?(?:或者?|or|/) ?$")
_AND = re.compile(r"^ ?[、和与] ?$")
_EITHER_WILL_DO = re.compile(r"^[^，。;,]{0,4}(?:均可|皆可|都可|都行|任一|之一)")


def read_amounts(clauses: Clauses, *, body: int, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Every amount a need asks of the platform, each once; a title's only where the body is silent on its quantity.

    `taken` are spans already read as dates.
    """
    is_wafer = is_wafer_text(clauses.text.lower)
    found = [
        quantity
        for measure in joined(measures(clauses.text), clauses.text)
        if not any(start < measure.end and measure.start < end for start, end in taken)
        and (quantity := _meaning(measure, clauses, is_wafer)) is not None
    ]
    prices = [item for item in found if item.name == "price_per_week"][:_MOST_AMOUNTS]
    if not prices:
        prices = bare_prices(clauses)
        found += prices
    for budgets in (currency_budgets, bare_budgets):
        if not any(item.name == "budget" for item in found):
            found += [item for item in budgets(clauses) if not _overlap(item, prices)]
    said = {item.name for item in found if item.start >= body}
    kept = [item for item in found if item.start >= body or item.name not in said]
    return _once(_in_steps(clauses, _either(clauses, sorted(kept, key=lambda item: item.start))))


def _overlap(item: Quantity, others: list[Quantity]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _meaning(measure: Measure, clauses: Clauses, is_wafer: bool) -> Quantity | None:
    dimension = measure.unit.dimension
    if dimension in _MONEY:
        return budget_of(measure, clauses)
    if is_background(clauses, measure.start, measure.end) or is_refused(clauses, measure.start, measure.end):
        return None
    if dimension == "DUR":
        return duration_of(measure, clauses)
    return name_quantity(measure, clauses, is_wafer=is_wafer)


def _either(clauses: Clauses, found: list[Quantity]) -> list[Quantity]:
    """28nm或40nm, 6寸、8寸都行: of sizes named side by side any will do."""
    out: list[Quantity] = []
    for item in found:
        last = out[-1] if out else None
        if last is not None and last.name == item.name and last.unit == item.unit and _is_choice(clauses, last, item):
            bounds = [bound for bound in (last.low, last.high, item.low, item.high) if bound is not None]
            out[-1] = replace(last, low=min(bounds), high=max(bounds), end=item.end, is_choice=True)
        else:
            out.append(item)
    return out


def _is_choice(clauses: Clauses, first: Quantity, second: Quantity) -> bool:
    if None in (first.low, first.high, second.low, second.high):
        return False
    between = clauses.text.lower[first.end : second.start] if second.start - first.end <= 4 else "-"
    listed = _AND.match(between) and _EITHER_WILL_DO.match(clauses.after(second.end, 8))
    return bool(_OR.match(between) or listed)


def _in_steps(clauses: Clauses, found: list[Quantity]) -> list[Quantity]:
    """先干50公斤,再干半吨: two steps of one amount are a range."""
    out: list[Quantity] = []
    for item in found:
        last = out[-1] if out else None
        if last is not None and last.name == item.name and last.unit == item.unit and _stepwise(clauses, last, item):
            bounds = [bound for bound in (last.low, last.high, item.low, item.high) if bound is not None]
            out[-1] = Quantity(item.name, min(bounds), max(bounds), item.unit, last.start, item.end)
        else:
            out.append(item)
    return out


def _stepwise(clauses: Clauses, first: Quantity, second: Quantity) -> bool:
    sentence = clauses.sentence_at(first.start)
    if second.start >= sentence.end:
        return False
    return bool(_IN_STEPS.search(clauses.text.lower[max(sentence.start, first.start - 8) : second.end]))


def _once(found: list[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for item in found:
        if len(kept) == _MOST_AMOUNTS:
            break
        if not any(same_range(item, other) for other in kept):
            kept.append(item)
    return kept
