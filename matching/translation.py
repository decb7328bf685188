"""Between the exchange format and the engine: units to base, dates to days, regions to paths, words to relations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from matching.engine.demands import SHARED_KINDS
from matching.engine.kinship import FAMILY_KIN
from matching.engine.knowledge import Atom, Knowledge
from matching.engine.learning import Likely
from matching.engine.model import CapabilityFacts, Condition, Fact, Path, Source, Window, Wish
from matching.engine.regions import region_path
from matching.engine.words import words_of
from zhongshi.vocabulary.reading import Fact as ReadFact
from zhongshi.vocabulary.reading import Lexicon, canonical_region, to_base
from zhongshi.vocabulary.reading.capability import PHRASE
from zhongshi.vocabulary.reading.model import NUMERIC_KINDS
from zhongshi.vocabulary.reading.unread import Phrase, offered_text

VALUE_LISTS = {
    "stages": "stage",
    "services": "service",
    "processes": "process",
    "materials": "material",
    "qualifications": "qualification",
    "hazards": "hazard",
}
_TOTAL = "(total)"
# What a line can do at most when one number is given: it can do less as well.
_RATINGS = frozenset({"pressure", "power", "speed"})
_TONNES = frozenset({"吨", "t", "T"})
_MONEY_PER_WEEK = "CNYW"
_DURATION = re.compile(r"(\d+)([YMWD])")
_DURATION_DAYS = {"Y": 365, "M": 30, "W": 7, "D": 1}
_EUROPE = frozenset(
    """AD AL AT BA BE BG BY CH CY CZ DE DK EE ES EU FI FO FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO
    PL PT RO RS SE SI SK SM UA VA XK""".split()  # noqa: SIM905 — forty codes read better as a text
)
# "in build" as sources write it; "built", "opened", "in operation" later in the text take it back.
_UNBUILT = re.compile(r"建设|在建|拟建|筹建|planned|announced|under construction|being installed", re.IGNORECASE)
_OPEN = re.compile(r"运营|启用|建成|交付|开放|通线|投产|通电|挂牌|operat|open", re.IGNORECASE)

HAZARD_PROOFS: dict[str, frozenset[Atom]] = {
    "易燃易爆": frozenset({("qualification", "ATEX"), ("qualification", "HAZ-A"), ("qualification", "防爆车间")}),
    "转基因": frozenset({("qualification", "GMO"), ("qualification", "GMO1")}),
    "生物安全": frozenset(("qualification", f"BSL{level}") for level in (2, 3, 4)),
}


def knowledge_from_lexicon(lexicon: Lexicon, likely: Iterable[Likely] = ()) -> Knowledge:
    """Collect what the engine wants to know from a lexicon, and what was learned. What is missing stays empty."""
    processes = list(lexicon.terms("process"))
    families = {term.value: term.attributes.get("family", "") for term in processes}
    families = {name: family for name, family in families.items() if family}
    hydrogen = frozenset(("process", name) for name, family in families.items() if family == "H2")
    chains = [term.value for term in lexicon.terms("chain")]
    return Knowledge(
        related={name: frozenset(lexicon.related(name)) for name in families},
        narrower={
            term.value: frozenset(below) for term in processes if (below := lexicon.narrower("process", term.value))
        },
        families=families,
        family_kin={family: FAMILY_KIN[family] for family in set(families.values()) if family in FAMILY_KIN},
        proofs=_proofs(lexicon),
        hazard_proofs=HAZARD_PROOFS | ({"氢气": hydrogen} if hydrogen else {}),
        chain_near={name: frozenset(lexicon.neighbours(name)) for name in chains},
        region_parents={term.code: term.parent for term in lexicon.terms("region") if term.parent},
        region_groups={"EU": _EUROPE} | _groups(lexicon),
        clusters=_clusters(lexicon),
        likely={one.phrase: one.value for one in likely},
    )


def _proofs(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for term in lexicon.terms("qualification"):
        for proved in lexicon.implied(term.value):
            found.setdefault(proved, set()).add(term.value)
    return {proved: frozenset(proving) for proved, proving in found.items()}


def _groups(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Regions that are made of others (长三角): their members stand for them."""
    return {term.code: frozenset(members) for term in lexicon.terms("region") if (members := term.listed("members"))}


def _clusters(lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    found: dict[str, set[str]] = {}
    for term in lexicon.terms("region"):
        cluster = term.attributes.get("cluster", "")
        if cluster and term.attributes.get("level") == "province":
            found.setdefault(cluster, set()).add(term.code)
    return tuple(frozenset(found[name]) for name in sorted(found))


def condition_from_exchange(
    record: Mapping[str, Any], lexicon: Lexicon, *, today: date, is_now: bool = False
) -> Condition:
    """Translate one condition record. `today` resolves dates without a year and periods.

    With `is_now` a window that has begun starts today: what was free last week is no use. Old data is judged without.

    A unit nobody knows becomes its own dimension: it then meets facts in the very same unit only. Raises
    ValueError for a record without kind, or with bounds or dates that are none.
    """
    kind = record.get("kind")
    if not isinstance(kind, str) or not kind:
        raise ValueError("a condition needs a kind")
    plain = Condition(
        kind=kind, op=record.get("op") or "require", hard=bool(record.get("hard")), text=record.get("text") or ""
    )
    if kind in NUMERIC_KINDS:
        quantity = str(record.get("quantity") or kind)
        dimension, low, high = _in_base(quantity, record)
        return replace(plain, quantity=quantity, dimension=dimension, low=low, high=high)
    if kind == "window":
        window = _window(record)
        return replace(plain, window=_from_day(window, today) if is_now else window)
    if kind == "start_by":
        return replace(plain, window=_deadline(_first_value(record), today))
    values = _values(record)
    if kind == "region" and plain.hard:
        # "province/city" names the city one would like; what it must be is the province.
        values = tuple(dict.fromkeys(value.split("/")[0] for value in values))
    return replace(plain, values=tuple(_canonical(lexicon, kind, value) for value in values))


def _values(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("value")
    found = value if isinstance(value, list | tuple) else [value]
    return tuple(str(part) for part in found if part not in (None, ""))


def _first_value(record: Mapping[str, Any]) -> str:
    return next(iter(_values(record)), "")


def _canonical(lexicon: Lexicon, kind: str, value: str) -> str:
    return canonical_region(value, lexicon) if kind == "region" else lexicon.canonical(kind, value) or value


def _in_base(quantity: str, record: Mapping[str, Any]) -> tuple[str, float | None, float | None]:
    """Dimension and bounds in base units. The total of several vessels is a dimension of its own."""
    unit = str(record.get("unit") or "")
    plain = unit.removesuffix(_TOTAL)
    if quantity == "volume" and plain in _TONNES:
        plain = "m3"  # a "3吨釜" holds three cubic metres
    low, high = (_converted(record.get(name), plain) for name in ("min", "max"))
    dimension = next((found[0] for found in (low, high) if found), plain) or quantity
    if quantity == "count":
        dimension = quantity  # 件, 片, 台: whatever is counted, it is pieces
    if unit.endswith(_TOTAL):
        dimension += _TOTAL
    return dimension, low[1] if low else None, high[1] if high else None


def _converted(bound: Any, unit: str) -> tuple[str, float] | None:
    if bound is None:
        return None
    value = float(bound)
    return to_base(value, unit) or (unit, value)


def _window(record: Mapping[str, Any]) -> Window:
    days = 7 * int(record.get("weeks") or 0) or 1
    return Window(_ordinal(record["earliest_start"]), _ordinal(record["latest_start"]), days)


def _from_day(window: Window, day: date) -> Window:
    """The same window without its days gone by; one that is over altogether stays, and is judged as it was asked."""
    first = day.toordinal()
    return replace(window, earliest=max(window.earliest, first)) if window.latest >= first else window


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _deadline(value: str, today: date) -> Window | None:
    """The window from today to a deadline: a date, a day of the coming twelve months, or a period from today."""
    if value.startswith("P"):
        days = sum(int(number) * _DURATION_DAYS[unit] for number, unit in _DURATION.findall(value))
        return Window(today.toordinal(), (today + timedelta(days=days)).toordinal())
    if value.startswith("--"):
        latest = date.fromisoformat(f"{today.year}{value[1:]}")
        latest = latest if latest >= today else latest.replace(year=today.year + 1)
        return Window(today.toordinal(), latest.toordinal())
    return Window(today.toordinal(), _ordinal(value)) if value else None


def capability_from_exchange(
    platform: Mapping[str, Any],
    capability: Mapping[str, Any],
    facts: Sequence[ReadFact] = (),
    *,
    lexicon: Lexicon,
    exposure: int = 0,
) -> CapabilityFacts:
    """Translate one capability with its platform's record and the `facts` read for it before.

    Declared facts come from the records, `facts` add what was read from text (declared ones among them are
    dropped, they would stand twice). What other capabilities of the platform offer counts as the platform's.
    """
    day = str((platform.get("source") or {}).get("date") or "")
    status = str(platform.get("status") or "")
    return CapabilityFacts(
        id=str(capability["id"]),
        platform_id=str(platform.get("id") or ""),
        facts=tuple(_all_facts(platform, capability, facts, lexicon)),
        region=place_of(platform, lexicon),
        region_text=str(platform.get("city") or platform.get("region") or platform.get("country") or ""),
        availability=_periods(capability.get("availability")),
        is_operating=_operating(status),
        status_text=status,
        words=capability_words(platform, capability),
        phrases=tuple(_phrase(fact) for fact in facts if fact.kind == PHRASE),
        exposure=exposure,
        date=day,
    )


def _phrase(fact: ReadFact) -> tuple[str, str]:
    kind, _, text = (fact.value or "").partition(":")
    return kind, text


def place_of(record: Mapping[str, Any], lexicon: Lexicon) -> Path:
    """The region path of a platform's or a need's record; empty where neither region nor country is known."""
    code = str(record.get("region") or record.get("country") or "")
    return region_path(canonical_region(code, lexicon) if code else "", _parents(lexicon))


@lru_cache(maxsize=2)
def _parents(lexicon: Lexicon) -> Mapping[str, str]:
    return {term.code: term.parent for term in lexicon.terms("region") if term.parent}


def capability_words(platform: Mapping[str, Any], capability: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a capability for keyword coverage: names, what the summary offers, and every listed value."""
    listed = [str(value) for name in VALUE_LISTS for value in capability.get(name) or ()]
    texts = [offered_text(str(part.get(key) or "")) for part in (capability, platform) for key in ("name", "summary")]
    return words_of(*texts, *listed, *map(str, platform.get("chains") or ()))


def _operating(status: str) -> bool | None:
    if _OPEN.search(status):
        return True
    return False if _UNBUILT.search(status) else None


def _periods(records: Any) -> tuple[tuple[int, int], ...] | None:
    """Free periods as day ordinals, neighbouring ones joined, so that a run may go over the seam."""
    if records is None:
        return None
    joined: list[tuple[int, int]] = []
    for first, last in sorted((_ordinal(part["from"]), _ordinal(part["to"])) for part in records):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _all_facts(
    platform: Mapping[str, Any], capability: Mapping[str, Any], read: Sequence[ReadFact], lexicon: Lexicon
) -> Iterable[Fact]:
    declared = list(_declared(platform, capability, lexicon))
    yield from declared
    yield from (_from_read(fact, lexicon) for fact in read if fact.source != "declared" and fact.kind != PHRASE)
    own = {(fact.kind, fact.value) for fact in declared}
    for other in platform.get("capabilities") or ():
        if other.get("id") == capability["id"]:
            continue
        for fact in _values_of(other, lexicon):
            if fact.kind in SHARED_KINDS and (fact.kind, fact.value) not in own:
                yield Fact(kind=fact.kind, value=fact.value, text=str(other.get("name") or ""), source="platform")


def _declared(platform: Mapping[str, Any], capability: Mapping[str, Any], lexicon: Lexicon) -> Iterable[Fact]:
    for chain in platform.get("chains") or ():
        yield _value_fact("chain", _canonical(lexicon, "chain", str(chain)), str(chain))
    yield from _values_of(capability, lexicon)
    for parameter in capability.get("parameters") or ():
        yield _range_fact(parameter)
    price = capability.get("price")
    if price:
        yield _price_fact(price)


def _values_of(capability: Mapping[str, Any], lexicon: Lexicon) -> Iterable[Fact]:
    for name, kind in VALUE_LISTS.items():
        for value in capability.get(name) or ():
            yield _value_fact(kind, _canonical(lexicon, kind, str(value)), str(value))


@lru_cache(maxsize=16_384)
def _value_fact(kind: str, value: str | None, text: str, source: Source = "declared", negated: bool = False) -> Fact:
    """One object for the same words, however many listings say them."""
    return Fact(kind=kind, value=value, text=text, source=source, negated=negated)


def _range_fact(parameter: Mapping[str, Any]) -> Fact:
    quantity, text = str(parameter.get("quantity") or ""), str(parameter.get("text") or "")
    dimension, low, high = _range(quantity, parameter)
    return Fact(kind="parameter", quantity=quantity, dimension=dimension, low=low, high=high, text=text)


def _range(quantity: str, parameter: Mapping[str, Any]) -> tuple[str, float | None, float | None]:
    dimension, low, high = _in_base(quantity, parameter)
    return dimension, None if quantity in _RATINGS and low == high else low, high


def _price_fact(price: Mapping[str, Any]) -> Fact:
    amount, unit = price.get("amount"), str(price.get("unit") or "")
    dimension, value = _converted(amount, unit) or (unit, None)
    quantity = "price_per_week" if dimension == _MONEY_PER_WEEK else "budget"
    text = f"{amount} {unit}".strip()
    return Fact(kind="budget", quantity=quantity, dimension=dimension, low=value, high=value, text=text)


def _from_read(fact: ReadFact, lexicon: Lexicon) -> Fact:
    found = _read(fact, lexicon)
    # What the operator answered goes before what was read, with the day it was said.
    return replace(found, source="answered", confirmed=True, date=fact.date) if fact.source == "answered" else found


def _read(fact: ReadFact, lexicon: Lexicon) -> Fact:
    if fact.quantity is None:
        value = _canonical(lexicon, fact.kind, fact.value) if fact.value else None
        return _value_fact(fact.kind, value, fact.text, "read", fact.negated)
    bounds = {"min": fact.min, "max": fact.max, "unit": fact.unit}
    dimension, low, high = _range(fact.quantity, bounds)
    return Fact(
        kind=fact.kind,
        quantity=fact.quantity,
        dimension=dimension,
        low=low,
        high=high,
        text=fact.text,
        source="read",
        negated=fact.negated,
    )


def wish_of(record: Mapping[str, Any], phrases: Iterable[Phrase], lexicon: Lexicon) -> Wish:
    """What a need's record says beyond its conditions, with the `phrases` nobody could read in it."""
    words = words_of(str(record.get("title") or ""), str(record.get("text") or ""))
    return Wish(words, tuple((phrase.kind, phrase.text) for phrase in phrases), place_of(record, lexicon))
