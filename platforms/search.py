"""Finding a capability: filters, words, counts of what each further filter would leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

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
            facts = Fact.objects.filter(kind=kind, value__in=values, is_negated=False)
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
    facts = Fact.objects.filter(Q(text__icontains=word) | Q(value__icontains=word), is_negated=False)
    return (
        Q(name__icontains=word)
        | Q(summary__icontains=word)
        | Q(platform__name__icontains=word)
        | Q(platform__city__icontains=word)
        | Q(pk__in=facts.values("capability_id"))
    )


def count_facets(search: Search) -> dict[str, dict[str, int]]:
    """For each filter {value: capabilities left if it were the filter's only value}, most first."""
    return {name: _facet(name, find_capabilities(search.without(name))) for name in FACETS}


def _facet(name: str, rows: QuerySet[Any]) -> dict[str, int]:
    rows = rows.order_by()
    if name in _FACT_FACETS:
        counted = (
            Fact.objects.filter(capability__in=rows, kind=_FACT_FACETS[name], is_negated=False)
            .exclude(value="")
            .order_by()
            .values_list("value")
            .annotate(n=Count("capability", distinct=True))
        )
        return dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))
    column = "platform__chains" if name == "chain" else "platform__region"
    counts: Counter[str] = Counter()
    for value in rows.values_list(column, flat=True):
        counts.update(value if isinstance(value, list) else [value] if value else [])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
