"""The engine under test: the only place here that knows how it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matching import engine
from matching.engine import CapabilityFacts, Index, OpenNeed, OpenNeeds, Rules, match
from matching.evaluation import Task, index_of, open_needs
from matching.translation import capability_from_exchange
from zhongshi.vocabulary.reading import read_capability

RULES = Rules()


def read_listing(platform: Mapping[str, Any], capability: Mapping[str, Any], task: Task) -> CapabilityFacts:
    """What is stored of a listing when it is saved: its declared facts and those of its text."""
    facts = read_capability(platform, capability, task.lexicon)
    return capability_from_exchange(platform, capability, facts, lexicon=task.lexicon)


def read_need(record: Mapping[str, Any], task: Task) -> OpenNeed:
    """What is stored of a need when it is saved."""
    return next(need for need, _ in open_needs([record], task, _refuse))


def _refuse(message: str) -> None:
    raise ValueError(message)


def build(listings: Sequence[CapabilityFacts], task: Task) -> Index:
    """The index the service keeps in memory."""
    return index_of(listings, task)


def rank(index: Index, need: OpenNeed, limit: int) -> list[str]:
    """The ids of the best, without explanations."""
    return [one.capability for one in engine.rank(index, need.conditions, need.wish, RULES, limit=limit)]


def explain(index: Index, need: OpenNeed, limit: int) -> list[str]:
    """The same, with all the pages show: components, evidence, funnel, relaxations, routes."""
    outcome = match(index, need.conditions, need.wish, RULES, limit=limit)
    return [result.capability for result in outcome.results]


def update(index: Index, listing: CapabilityFacts) -> None:
    """A listing changed: the next match sees it."""
    index.upsert(listing)


def hold_needs(needs: Sequence[OpenNeed], index: Index) -> OpenNeeds:
    """Open needs, ready to be asked with listings; `index` (of all listings) lends its knowledge and word counts."""
    return OpenNeeds(needs, index, RULES)


def rank_needs(held: OpenNeeds, listing: CapabilityFacts, limit: int) -> list[str]:
    """The ids of the needs this listing serves best."""
    return [one.need for one in held.rank(listing, limit=limit)]
