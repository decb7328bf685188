"""How many published capabilities each industry chain has at each stage. Nothing there is a gap (缺口)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term

from .enums import FactKind
from .models import Capability, CapabilityQuerySet, Fact

_Counts = Counter[tuple[str, str]]
_NONE = ""


@dataclass(frozen=True, slots=True)
class ChainCoverage:
    """One chain: capabilities in all, per stage code, and how many do not say their stage.

    A capability of several stages counts in each, so the stages may add up to more than `total`.
    """

    chain: str
    total: int
    stages: dict[str, int]
    not_stated: int


def stage_codes() -> list[str]:
    """The stages in the vocabulary's order."""
    return list(Term.objects.filter(kind=TermKind.STAGE).order_by("pk").values_list("code", flat=True))


def count_coverage(zone: Zone | None = None) -> list[ChainCoverage]:
    """Every chain of the vocabulary, then those only listings name, each with its counts per stage.

    With a `zone` only its own platforms count.
    """
    listed = Capability.objects.published()
    if zone:
        listed = listed.filter(platform__zone=zone)
    totals, at_stage = _totals(listed), _at_stage(listed)
    known = Term.objects.filter(kind=TermKind.CHAIN).order_by("pk").values_list("name_zh", flat=True)
    stages = {stage for _, stage in at_stage if stage != _NONE}
    return [
        ChainCoverage(
            chain=chain,
            total=totals[chain],
            stages={stage: at_stage[chain, stage] for stage in stages if at_stage[chain, stage]},
            not_stated=at_stage[chain, _NONE],
        )
        for chain in [*known, *sorted(totals.keys() - set(known))]
    ]


def _totals(listed: CapabilityQuerySet) -> Counter[str]:
    rows: Any = listed.order_by().values_list("platform__chains").annotate(n=Count("pk"))
    totals: Counter[str] = Counter()
    for chains, number in rows:
        totals.update(dict.fromkeys(chains, number))
    return totals


def _at_stage(listed: CapabilityQuerySet) -> _Counts:
    """Capabilities per chain and stage; those without a stage under the empty stage."""
    published: Any = listed.order_by()
    stages = Fact.objects.filter(kind=FactKind.STAGE, is_negated=False).exclude(value="").order_by()
    stated = (
        stages.filter(capability__in=published)
        .values_list("capability__platform__chains", "value")
        .annotate(n=Count("capability", distinct=True))
    )
    silent = published.exclude(Exists(stages.filter(capability=OuterRef("pk")))).values_list("platform__chains")
    counts: _Counts = Counter()
    for chains, stage, number in [*stated, *((chains, _NONE, n) for chains, n in silent.annotate(n=Count("pk")))]:
        for chain in set(chains):
            counts[chain, stage] += number
    return counts
