"""Coverage: which stages of which industry chains can be piloted, and where needs find nobody (缺口)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef

from platforms.coverage import count_coverage
from requests.enums import NeedStatus
from requests.models import Condition, Need
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.enums import ConditionKind, Operator, TermKind
from zhongshi.vocabulary.models import Term

from .enums import MatchStatus
from .models import Match, ScoringRun

UNSTATED = "unstated"
_OVER = [MatchStatus.REJECTED, MatchStatus.DECLINED, MatchStatus.LAPSED, MatchStatus.WITHDRAWN]
_Pairs = Counter[tuple[str, str]]


class Cell(TypedDict):
    """What is there for one stage of one chain; `unmet_needs` were scored and have nobody left."""

    capabilities: int
    open_needs: int
    unmet_needs: int


def coverage(*, supply: Zone | None = None, demand: Zone | None = None) -> dict[str, dict[str, Cell]]:
    """{chain: {stage: cell}}: every chain and stage of the vocabulary, and whatever else listings and needs name.

    `supply` and `demand` count the listings and the needs of one zone only. Without `demand` the table is anybody's
    to read, and confidential needs are not in it: alone in its cell one would be told by its chain and stage.

    A capability or need that names several chains or stages counts in each; one that names a chain but no stage
    counts under "unstated". One that names no chain is not in the table.
    """
    listed = _capabilities(supply)
    open_needs, unmet = _needs(demand)
    pairs = [*listed, *open_needs, *unmet]
    chains = _axis(TermKind.CHAIN, (chain for chain, _ in pairs))
    stages = _axis(TermKind.STAGE, (stage for _, stage in pairs))
    return {
        chain: {
            stage: {
                "capabilities": listed[chain, stage],
                "open_needs": open_needs[chain, stage],
                "unmet_needs": unmet[chain, stage],
            }
            for stage in stages
        }
        for chain in chains
    }


def _axis(kind: str, seen: Iterator[str]) -> list[str]:
    """The vocabulary's own order first, then what else occurs; chains go by name, stages by code."""
    column = "name_zh" if kind == TermKind.CHAIN else "code"
    known = list(Term.objects.filter(kind=kind).order_by("id").values_list(column, flat=True))
    return [*known, *sorted(set(seen) - set(known))]


def _capabilities(zone: Zone | None) -> _Pairs:
    pairs: _Pairs = Counter()
    for row in count_coverage(zone):
        for stage, count in [*row.stages.items(), (UNSTATED, row.not_stated)]:
            if count:
                pairs[row.chain, stage] = count
    return pairs


def looked_for() -> Any:
    """Needs (a queryset) that look for a platform or did so in vain.

    `is_unmet`: scored as they are now, and nobody is left.
    """
    alive = Match.objects.filter(need=OuterRef("pk")).exclude(status__in=_OVER)
    scored = ScoringRun.objects.filter(need=OuterRef("pk"), revision=OuterRef("revision"))
    rows = Need.objects.filter(status__in=[NeedStatus.OPEN, NeedStatus.EXPIRED])
    return rows.annotate(is_unmet=Exists(scored) & ~Exists(alive))


def _needs(zone: Zone | None) -> tuple[_Pairs, _Pairs]:
    looked = looked_for().filter(zone=zone) if zone else looked_for().countable()
    places = places_of_needs()
    open_needs: _Pairs = Counter()
    unmet: _Pairs = Counter()
    for pk, status, is_unmet in looked.order_by().values_list("pk", "status", "is_unmet"):
        for pair in places.get(pk, ()):
            open_needs[pair] += status == NeedStatus.OPEN
            unmet[pair] += is_unmet
    return open_needs, unmet


def places_of_needs() -> dict[int, set[tuple[str, str]]]:
    """For each need the cells it stands in, by what its conditions ask for."""
    asked: dict[int, dict[str, set[str]]] = defaultdict(lambda: {"chain": set(), "stage": set()})
    rows = (
        Condition.objects.filter(kind__in=[ConditionKind.CHAIN, ConditionKind.STAGE])
        .filter(need__status__in=[NeedStatus.OPEN, NeedStatus.EXPIRED])
        .exclude(op__in=[Operator.EXCLUDE, Operator.NOT_REQUIRED])
        .values_list("need_id", "kind", "value")
    )
    for need_id, kind, value in rows:
        asked[need_id][kind].update(value if isinstance(value, list) else [value])
    return {
        need_id: {(chain, stage) for chain in found["chain"] for stage in found["stage"] or {UNSTATED}}
        for need_id, found in asked.items()
    }
