"""How many published capabilities each industry chain has at each stage. Nothing there is a gap (缺口)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term

from .enums import FactKind
from .models import Capability, Fact

NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class ChainCoverage:
    """One chain: capabilities in all, per stage code, and how many do not say their stage."""

    chain: str
    total: int
    stages: dict[str, int]
    not_stated: int


def stage_codes() -> list[str]:
    """The stages in the vocabulary's order."""
    return list(Term.objects.filter(kind=TermKind.STAGE).order_by("pk").values_list("code", flat=True))


def count_coverage() -> list[ChainCoverage]:
    """Every chain of the vocabulary, then those only listings name, each with its counts per stage."""
    stages_of: dict[int, set[str]] = defaultdict(set)
    facts = Fact.objects.filter(kind=FactKind.STAGE, is_negated=False, capability__in=Capability.objects.published())
    for capability, value in facts.order_by().values_list("capability_id", "value"):
        stages_of[capability].add(value)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    for pk, chains in Capability.objects.published().order_by("pk").values_list("pk", "platform__chains"):
        for chain in chains:
            totals[chain] += 1
            for stage in stages_of.get(pk, {NOT_STATED}):
                counts[chain][stage] += 1
    known = Term.objects.filter(kind=TermKind.CHAIN).order_by("pk").values_list("name_zh", flat=True)
    return [_row(chain, totals[chain], counts[chain]) for chain in dict.fromkeys([*known, *totals])]


def _row(chain: str, total: int, counts: dict[str, int]) -> ChainCoverage:
    stages = {stage: number for stage, number in counts.items() if stage != NOT_STATED}
    return ChainCoverage(chain=chain, total=total, stages=stages, not_stated=counts.get(NOT_STATED, 0))
