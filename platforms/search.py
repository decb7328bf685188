"""Finding a capability: filters, words, counts of what each further filter would leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from zhongshi.vocabulary.lexicons import current_lexicon

from .enums import FactKind
from .facets import FACETS, FACT_FACETS, Counts, current_columns
from .models import Capability, CapabilityQuerySet, Fact
from .sizes import Size

SORTS = {
    "relevance": ("platform_id", "position", "id"),
    "name": ("name", "id"),
    "newest": ("-platform__source_date", "id"),
}
_MEANT_KINDS = (FactKind.PROCESS, FactKind.QUALIFICATION, FactKind.MATERIAL, FactKind.STAGE, FactKind.SERVICE)
MAX_WORDS = 8
MAX_QUERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for; several values of one filter mean "any of these", several filters mean "all"."""

    words: str = ""
    chain: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    qualification: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    size: Size | None = None
    sort: str = "relevance"

    def without(self, facet: str) -> Search:
        """Return the same search with one filter lifted: what that filter's own counts are taken over."""
        lifted: dict[str, Any] = {facet: None if facet == "size" else ()}
        return replace(self, **lifted)


def find_capabilities(search: Search, among: list[int] | None = None) -> CapabilityQuerySet:
    """Published capabilities that pass every filter and contain every word, sorted; each once.

    Give `among` (see `found_by_text`) where one search is asked several times: words and size are not looked up again.
    """
    rows: Any = Capability.objects.published()
    for name, kind in FACT_FACETS.items():
        if values := getattr(search, name):
            facts = Fact.objects.standing().filter(kind=kind, value__in=values)
            rows = rows.filter(pk__in=facts.values("capability_id"))
    rows = rows.filter(_any(Q(platform__chains__contains=[value]) for value in search.chain))
    rows = rows.filter(_any(_in_region(code) for code in search.region))
    if among is None:
        rows = _with_text(rows, search)
    else:
        # One array: thousands of parameters would take longer than the query.
        rows = rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", (among,)))
    found: CapabilityQuerySet = rows.order_by(*SORTS.get(search.sort, SORTS["relevance"]))
    return found


def found_by_text(search: Search) -> list[int] | None:
    """What holds the words and has the size, by primary key; None where neither is asked for. Reads every text."""
    if not search.words.split() and search.size is None:
        return None
    return list(_with_text(Capability.objects.published(), search).order_by().values_list("pk", flat=True))


def _with_text(rows: Any, search: Search) -> Any:
    if search.size:
        rows = rows.filter(pk__in=Fact.objects.standing().filter(search.size.reached()).values("capability_id"))
    for word in search.words[:MAX_QUERY].split()[:MAX_WORDS]:
        rows = rows.filter(_contains(word))
    return rows


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


def _contains(word: str) -> Q:
    """The word stands in the listing, or the listing has what the vocabulary says the word means."""
    # Chinese has no capitals: comparing as it stands takes a third of the time.
    holds = "contains" if word.upper() == word.lower() else "icontains"
    facts = Fact.objects.standing().filter(
        Q(**{f"text__{holds}": word}) | Q(**{f"value__{holds}": word}) | _meant(word)
    )
    own = ("name", "summary", "platform__name", "platform__city")
    return (
        _any(Q(**{f"{name}__{holds}": word}) for name in own) | Q(pk__in=facts.values("capability_id")) | _placed(word)
    )


def _meant(word: str) -> Q:
    """Facts whose value is the word's term or a narrower one: "drying" finds 喷雾干燥."""
    lexicon = current_lexicon()
    found = Q(pk__in=[])
    for kind in _MEANT_KINDS:
        term = lexicon.term(kind, word)
        if term:
            found |= Q(kind=kind, value__in=[term.value, *lexicon.narrower(kind, term.value)])
    return found


def _placed(word: str) -> Q:
    lexicon = current_lexicon()
    chain, region = lexicon.term("chain", word), lexicon.term("region", word)
    found = Q(platform__chains__contains=[chain.value]) if chain else Q(pk__in=[])
    return found | _in_region(region.value) if region else found


def count_facets(search: Search, among: list[int] | None = None) -> dict[str, Counts]:
    """For each filter {value: capabilities left if it were the filter's only value}, most first.

    Words and size are looked up in the database, once for all filters, unless `among` says what they find; the rest is
    counted in memory.
    """
    chosen = {name: getattr(search, name) for name in FACETS}
    return current_columns().count(chosen, found_by_text(search) if among is None else among)
