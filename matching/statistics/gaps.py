"""A cell of the coverage table: who can pilot this stage of this chain, whose needs failed here, whom to invite."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from matching.coverage import UNSTATED, looked_for, places_of_needs
from matching.models import ScoringRun
from platforms.enums import FactKind
from platforms.models import Capability, CapabilityQuerySet, Fact
from requests.models import Need
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.models import Term

CANDIDATES_SHOWN = 10
LISTED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class FailedNeed:
    """A need of the zone that stands in the cell and has nobody left; `worst` excluded most, with how many."""

    need: Need
    worst: str
    times: int


@dataclass(frozen=True, slots=True)
class Gap:
    """`silent` capabilities serve the chain and do not say their stage; `elsewhere` ones do the stage for others."""

    chain: str
    stage: str
    listed: list[Capability]
    listed_count: int
    failed: list[FailedNeed]
    open_count: int
    reasons: list[tuple[str, int]]
    silent: list[Capability]
    elsewhere: list[Capability]


def chain_named(code: str) -> str:
    """The chain's Chinese name, by which listings and needs call it, from its code; another name as it is."""
    return _term(TermKind.CHAIN, code, "name_zh") or code


def code_of_chain(name: str) -> str:
    """The code an address uses for a chain's name; a name the vocabulary does not know as it is."""
    found = Term.objects.filter(kind=TermKind.CHAIN, name_zh=name).values_list("code", flat=True).first()
    return found or name


def _term(kind: str, code: str, column: str) -> str:
    return Term.objects.filter(kind=kind, code=code).values_list(column, flat=True).first() or ""


def gap_of(zone: Zone, chain: str, stage: str) -> Gap:
    """Everything about one cell; needs of `zone` only, published capabilities of all zones."""
    in_chain = Capability.objects.published().filter(platform__chains__contains=[chain])
    at_stage = _at(stage)
    listed = in_chain.filter(at_stage)
    failed, open_count = _failed(zone, chain, stage)
    counts = Counter(one.worst for one in failed if one.worst)
    stated = Fact.objects.filter(capability=OuterRef("pk"), kind=FactKind.STAGE, is_negated=False)
    elsewhere = Capability.objects.published().filter(at_stage).exclude(platform__chains__contains=[chain])
    return Gap(
        chain=chain,
        stage=stage,
        listed=_shown(listed, LISTED_SHOWN),
        listed_count=listed.count(),
        failed=failed,
        open_count=open_count,
        reasons=sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])),
        silent=[] if stage == UNSTATED else _shown(in_chain.filter(~Exists(stated)), CANDIDATES_SHOWN),
        elsewhere=[] if stage == UNSTATED else _shown(elsewhere, CANDIDATES_SHOWN),
    )


def _at(stage: str) -> Q:
    stated = Fact.objects.filter(capability=OuterRef("pk"), kind=FactKind.STAGE, is_negated=False)
    return Q(~Exists(stated)) if stage == UNSTATED else Q(Exists(stated.filter(value=stage)))


def _shown(rows: CapabilityQuerySet, most: int) -> list[Capability]:
    """Those a person could write to first: platforms that have an operator here."""
    ordered = rows.select_related("platform__organization").order_by("platform__organization_id", "platform_id", "pk")
    return list(ordered[:most])


def _failed(zone: Zone, chain: str, stage: str) -> tuple[list[FailedNeed], int]:
    """The zone's needs of the cell that have nobody left, newest first, and how many of the cell are still open."""
    places = places_of_needs()
    here = [pk for pk, cells in places.items() if (chain, stage) in cells]
    needs = list(looked_for().filter(zone=zone, pk__in=here).select_related("organization").order_by("-pk"))
    unmet = [need for need in needs if need.is_unmet]
    runs = ScoringRun.objects.filter(need__in=unmet).values_list("need_id", "revision", "excluded")
    excluded = {(need_id, revision): rows for need_id, revision, rows in runs}
    found = [_with_reason(need, excluded.get((need.pk, need.revision), [])) for need in unmet]
    return found, sum(need.status == "open" for need in needs)


def _with_reason(need: Need, excluded: list[dict[str, object]]) -> FailedNeed:
    worst = max(excluded, key=lambda one: int(str(one["count"])), default=None)
    return FailedNeed(need, str(worst["kind"]), int(str(worst["count"]))) if worst else FailedNeed(need, "", 0)
