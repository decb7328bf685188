"""Who stands before and behind a capability in its chain: the stage that feeds it, the stage it feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .coverage import stage_codes
from .enums import FactKind
from .models import Capability
from .search import Search, count_facets, find_capabilities

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A stage of the same chain, how many capabilities name it, and the first of other platforms."""

    stage: str
    count: int
    rows: list[Capability]


def stages_around(capability: Capability) -> tuple[str, str]:
    """The codes of the stages before the first and behind the last one it names; empty where there is none."""
    order = stage_codes()
    named = [fact.value for fact in capability.facts.all() if fact.kind == FactKind.STAGE and not fact.is_negated]
    places = sorted(order.index(value) for value in named if value in order)
    if not places:
        return "", ""
    before = order[places[0] - 1] if places[0] else ""
    behind = order[places[-1] + 1] if places[-1] + 1 < len(order) else ""
    return before, behind


def neighbours_of(capability: Capability) -> tuple[Neighbours | None, Neighbours | None]:
    """The neighbours before and behind, in any of its platform's chains; None where there is no such stage."""
    chains = tuple(capability.platform.chains)
    if not chains:
        return None, None
    before, behind = (_at(capability, chains, stage) if stage else None for stage in stages_around(capability))
    return before, behind


def _at(capability: Capability, chains: Sequence[str], stage: str) -> Neighbours:
    search = Search(chain=tuple(chains), stage=(stage,))
    others = find_capabilities(search).exclude(platform=capability.platform_id).select_related("platform")
    return Neighbours(stage, count_facets(Search(chain=tuple(chains)))["stage"].get(stage, 0), list(others[:SHOWN]))
