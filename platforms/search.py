"""Finding a capability: filters, words, counts of what each further filter would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, overload

import numpy as np
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.utils import timezone

from zhongshi.vocabulary.lexicons import current_lexicon

from .enums import FactKind
from .facets import ALL_OF, FACETS, FACT_FACETS, Counts, current_columns
from .models import Capability, CapabilityQuerySet, Fact, FreePeriod
from .prices import Price
from .sizes import Size

SORTS: dict[str, tuple[Any, ...]] = {
    "relevance": ("platform_id", "position", "id"),
    "name": ("name", "id"),
    "newest": ("-platform__source_date", "id"),
    "soonest": (F("free_from").asc(nulls_last=True), "platform_id", "position", "id"),
}
_MEANT_KINDS = (FactKind.PROCESS, FactKind.QUALIFICATION, FactKind.MATERIAL, FactKind.STAGE, FactKind.SERVICE)
MAX_WORDS = 8
MAX_QUERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for; several values of one filter mean "any of these" (of `qualification`: all of them),
    several filters mean "all". `free_within` is weeks from today on, 0 where no time is asked for.
    """

    words: str = ""
    chain: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    qualification: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    size: Size | None = None
    free_within: int = 0
    price: Price | None = None
    sort: str = "relevance"

    def without(self, facet: str) -> Search:
        """Return the same search with one filter lifted: what that filter's own counts are taken over."""
        lifted: dict[str, Any] = {facet: {"size": None, "free_within": 0, "price": None}.get(facet, ())}
        return replace(self, **lifted)


def find_capabilities(search: Search, among: list[int] | None = None) -> CapabilityQuerySet:
    """Published capabilities that pass every filter and contain every word, sorted; each once.

    Give `among` (see `found_by_text`) where one search is asked several times: words and size are not looked up again.
    """
    rows: Any = Capability.objects.published()
    for name, kind in FACT_FACETS.items():
        values = getattr(search, name)
        for wanted in [(one,) for one in values] if name in ALL_OF else [values] * bool(values):
            facts = Fact.objects.standing().filter(kind=kind, value__in=wanted)
            rows = rows.filter(pk__in=facts.values("capability_id"))
    rows = rows.filter(_any(Q(platform__chains__contains=[value]) for value in search.chain))
    rows = rows.filter(_any(_in_region(code) for code in search.region))
    if among is None:
        among = found_by_text(search)
    if among is not None:
        # One array: thousands of parameters would take longer than the query.
        rows = rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", (among,)))
    if search.sort == "soonest":
        rows = rows.annotate(free_from=_free_from())
    found: CapabilityQuerySet = rows.order_by(*SORTS.get(search.sort, SORTS["relevance"]))
    return found


def found_by_text(search: Search) -> list[int] | None:
    """What holds the words, has the size and is free in time at the price, by primary key; None if none is asked for.

    May name listings that are not published; `find_capabilities` and the counts leave them out.
    """
    words = search.words[:MAX_QUERY].split()[:MAX_WORDS]
    asked = [_with_size(search.size)] if search.size else []
    asked += [_free_within(search.free_within)] if search.free_within else []
    asked += [_at_price(search.price)] if search.price else []
    if not words and not asked:
        return None
    having = sorted(set.intersection(*map(set, asked))) if asked else None
    if not words:
        return having
    columns = current_columns()
    held = np.logical_and.reduce([columns.holding(word, _meant(word)) for word in words])
    if having is not None:
        held &= np.isin(columns.rows, np.array(having, np.int64))
    found: list[int] = columns.rows[held].tolist()
    return found


def _with_size(size: Size) -> list[int]:
    reached = Fact.objects.standing().filter(size.reached()).order_by()
    return list(reached.values_list("capability_id", flat=True).distinct())


def _at_price(price: Price) -> list[int]:
    return list(Capability.objects.published().filter(price.met()).order_by().values_list("pk", flat=True))


def _free_within(weeks: int) -> list[int]:
    columns = current_columns()
    free: list[int] = columns.rows[columns.free_between(*_weeks_from_today(weeks))].tolist()
    return free


def _weeks_from_today(weeks: int) -> tuple[date, date]:
    today = timezone.localdate()
    return today, today + timedelta(weeks=weeks)


def _free_from() -> Subquery:
    """The first free day from today on, null where none is known."""
    today = timezone.localdate()
    coming = FreePeriod.objects.filter(capability=OuterRef("pk"), ends_on__gte=today).order_by("starts_on")
    return Subquery(coming.annotate(day=Greatest("starts_on", Value(today))).values("day")[:1])


def _any(parts: Any) -> Q:
    combined = Q()
    for part in parts:
        combined |= part
    return combined


def _in_region(code: str) -> Q:
    """A province (six digits ending in 0000) takes in its cities; a country is two letters."""
    if len(code) == 2 and code.isalpha():
        return Q(platform__country=code)
    if code.isdigit() and code.endswith("0000"):
        return Q(platform__region__startswith=code[:2])
    return Q(platform__region=code)


def _meant(word: str) -> list[tuple[str, str]]:
    """Filters' values the word stands for, narrower ones included: "drying" finds 喷雾干燥."""
    lexicon = current_lexicon()
    meant: list[tuple[str, str]] = []
    for kind in _MEANT_KINDS:
        if term := lexicon.term(kind, word):
            meant += [(str(kind), value) for value in (term.value, *lexicon.narrower(kind, term.value))]
    for name in ("chain", "region"):
        if term := lexicon.term(name, word):
            meant.append((name, term.value))
    return meant


def count_facets(search: Search, among: list[int] | None = None) -> Mapping[str, Counts]:
    """For each filter {value: capabilities left if it were the filter's only value}, most first.

    Words and size are looked up in the database, once for all filters, unless `among` says what they find; the rest is
    counted in memory.
    """
    columns, chosen = current_columns(), _chosen(search)
    among = found_by_text(search) if among is None else among
    # Not to be changed by whoever counts.
    return columns.everything if among is None and not any(chosen.values()) else columns.count(chosen, among)


def count_everything() -> Mapping[str, Counts]:
    """For each filter {value: published capabilities that have it}, most first. Not to be changed."""
    return current_columns().everything


def count_found(search: Search, among: list[int] | None) -> int:
    """How many capabilities the search finds, counted in memory; `among` as of `found_by_text`."""
    return int(current_columns().found(_chosen(search), among).sum())


def count_free(search: Search, weeks: Sequence[int], among: list[int] | None = None) -> list[int]:
    """For each number of weeks, how many capabilities would be left if it were what is asked for; empty where no
    listing states a free day. `among` as of `found_by_text`, where it is known already.
    """
    columns = current_columns()
    if not len(columns.free_row):
        return []
    if search.free_within or among is None:
        among = found_by_text(search.without("free_within"))
    found = columns.found(_chosen(search), among)
    return [int((found & columns.free_between(*_weeks_from_today(number))).sum()) for number in weeks]


class Listed(Sequence[Capability]):
    """What a search found, in its order; a slice of it is fetched, the whole never. For paginators."""

    def __init__(self, found: Any, count: int, rows: CapabilityQuerySet) -> None:
        self._found, self._count, self._rows = found, count, rows

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, part: int) -> Capability: ...

    @overload
    def __getitem__(self, part: slice) -> list[Capability]: ...

    def __getitem__(self, part: int | slice) -> Capability | list[Capability]:
        """The rows of this part that are published now."""
        if isinstance(part, int):
            return self[part : part + 1][0]
        wanted = [int(pk) for pk in self._found[part]]
        known = {row.pk: row for row in self._rows.filter(pk__in=wanted)}
        return [known[pk] for pk in wanted if pk in known]


def listed(search: Search, among: list[int] | None, rows: CapabilityQuerySet) -> Listed:
    """What `find_capabilities` finds, fetched through `rows` (published ones, with the parts a page shows).

    Counted in memory; as listed it is found there too, other orders are the database's.
    """
    columns = current_columns()
    kept = columns.rows[columns.found(_chosen(search), among)]
    if search.sort not in SORTS or search.sort == "relevance":
        return Listed(kept, len(kept), rows)
    return Listed(find_capabilities(search, among).values_list("pk", flat=True), len(kept), rows)


def _chosen(search: Search) -> dict[str, tuple[str, ...]]:
    return {name: getattr(search, name) for name in FACETS}
