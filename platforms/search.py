"""Finding a capability: filters, words, counts of what each further filter would leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhongshi.vocabulary.lexicons import current_lexicon

from .enums import FactKind
from .models import Capability, CapabilityQuerySet, Fact

FACETS = ("chain", "stage", "process", "qualification", "region")
_FACT_FACETS = {
    "stage": FactKind.STAGE,
    "process": FactKind.PROCESS,
    "qualification": FactKind.QUALIFICATION,
}
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
    sort: str = "relevance"

    def without(self, facet: str) -> Search:
        """Return the same search with one filter lifted: what that filter's own counts are taken over."""
        return Search(
            words=self.words,
            sort=self.sort,
            **{name: () if name == facet else getattr(self, name) for name in FACETS},
        )


def find_capabilities(search: Search) -> CapabilityQuerySet:
    """Published capabilities that pass every filter and contain every word, sorted; each once."""
    rows: Any = Capability.objects.published()
    for name, kind in _FACT_FACETS.items():
        if values := getattr(search, name):
            facts = Fact.objects.filter(kind=kind, value__in=values, is_negated=False, is_lapsed=False)
            rows = rows.filter(pk__in=facts.values("capability_id"))
    rows = rows.filter(_any(Q(platform__chains__contains=[value]) for value in search.chain))
    rows = rows.filter(_any(_in_region(code) for code in search.region))
    for word in search.words[:MAX_QUERY].split()[:MAX_WORDS]:
        rows = rows.filter(_contains(word))
    found: CapabilityQuerySet = rows.order_by(*SORTS.get(search.sort, SORTS["relevance"]))
    return found


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
    facts = Fact.objects.filter(
        Q(text__icontains=word) | Q(value__icontains=word) | _meant(word), is_negated=False, is_lapsed=False
    )
    return (
        Q(name__icontains=word)
        | Q(summary__icontains=word)
        | Q(platform__name__icontains=word)
        | Q(platform__city__icontains=word)
        | Q(pk__in=facts.values("capability_id"))
        | _placed(word)
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


def count_facets(search: Search) -> dict[str, dict[str, int]]:
    """For each filter {value: capabilities left if it were the filter's only value}, most first."""
    return {name: _facet(name, find_capabilities(search.without(name))) for name in FACETS}


def _facet(name: str, rows: QuerySet[Any]) -> dict[str, int]:
    rows = rows.order_by()
    if name in _FACT_FACETS:
        counted = (
            Fact.objects.filter(capability__in=rows, kind=_FACT_FACETS[name], is_negated=False, is_lapsed=False)
            .exclude(value="")
            .order_by()
            .values_list("value")
            .annotate(n=Count("capability", distinct=True))
        )
        return dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))
    counts: Counter[str] = Counter()
    for chains, region, country in rows.values_list("platform__chains", "platform__region", "platform__country"):
        # Abroad a listing's country is as near as its place is known.
        counts.update(chains if name == "chain" else [region or country] if region or country else [])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
