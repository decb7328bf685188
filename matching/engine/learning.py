"""Synonyms the catalogue itself teaches: what listings declare in their forms beside what they write in their texts.

Where two thirds of the listings that write 氟代反应 declare 氟化, and hardly any other listing does, the one word
means the other. What is learned here may rank, and asks for a person's word before it may judge.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .knowledge import Atom
from .model import CapabilityFacts

KINDS = frozenset({"process", "qualification"})
_LEAST_LISTINGS = 4
# Of the listings with the phrase so many declare the value; so many times as often as others; and so much more often
# than chance, and than the runner-up.
_LEAST_SHARE, _LEAST_LIFT, _LEAST_GAIN, _LEAST_LEAD = 0.45, 2.2, 0.30, 1.25


@dataclass(frozen=True, slots=True)
class Likely:
    """A phrase (kind, text) probably means `value`: of the `listings` that write it, `together` declare the value."""

    phrase: Atom
    value: str
    listings: int
    together: int


def learn(records: Iterable[CapabilityFacts]) -> tuple[Likely, ...]:
    """What the listings teach, most certain first (by number of listings)."""
    written: Counter[Atom] = Counter()
    declared: Counter[Atom] = Counter()
    together: defaultdict[Atom, Counter[str]] = defaultdict(Counter)
    count = 0
    for record in records:
        count += 1
        values = {
            (fact.kind, fact.value)
            for fact in record.facts
            if fact.kind in KINDS and _is_declared(fact.source) and fact.value
        }
        declared.update(values)
        for phrase in record.phrases:
            if phrase[0] in KINDS:
                written[phrase] += 1
                together[phrase].update(value for kind, value in values if kind == phrase[0])
    found = (_meaning(phrase, number, together[phrase], declared, count) for phrase, number in written.items())
    return tuple(sorted((one for one in found if one), key=lambda one: (-one.listings, one.phrase)))


def _is_declared(source: str) -> bool:
    return source == "declared"


def _meaning(phrase: Atom, written: int, beside: Counter[str], declared: Counter[Atom], count: int) -> Likely | None:
    if written < _LEAST_LISTINGS or not beside:
        return None
    chance = {value: declared[phrase[0], value] / count for value in beside}
    gains = sorted(((number / written - chance[value], value) for value, number in beside.items()), reverse=True)
    gain, value = gains[0]
    share = beside[value] / written
    lead = gains[1][0] if len(gains) > 1 else 0.0
    is_sure = share >= _LEAST_SHARE and gain >= _LEAST_GAIN and share >= _LEAST_LIFT * chance[value]
    if not is_sure or gain < _LEAST_LEAD * lead:
        return None
    return Likely(phrase, value, written, beside[value])
