"""Capability to needs: the same verdicts and the same sum, asked the other way round."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .columns import CODES, View
from .demands import resolve
from .explaining import is_must
from .index import Index
from .knowledge import Knowledge
from .model import CapabilityFacts, OpenNeed, RankedNeed, Result, Verdict
from .rules import Rules
from .scoring import Plan, Question, score
from .verdicts import judge_demands


def reverse(
    capability: CapabilityFacts,
    needs: Iterable[OpenNeed],
    knowledge: Knowledge,
    rules: Rules | None = None,
    *,
    limit: int = 20,
    background: Index | None = None,
) -> tuple[RankedNeed, ...]:
    """Rank needs for one capability: those whose hard conditions it does not violate, best first, ties by id.

    Score and judgements are what `match` gives this pair. `background` (the index of all capabilities) lends its
    word frequencies; without it words count alike.
    """
    rules = rules or Rules()
    alone = Index.build([capability], knowledge, background=background)
    found = [ranked for need in needs if (ranked := _rank(alone, capability, need, rules))]
    found.sort(key=lambda ranked: (-ranked.order, ranked.need))
    return tuple(found[:limit])


def _rank(alone: Index, capability: CapabilityFacts, need: OpenNeed, rules: Rules) -> RankedNeed | None:
    """Score one need against the one row of `alone`; None when a hard condition is violated."""
    demands = resolve(need.conditions, alone.knowledge)
    judgements = judge_demands(demands, capability, alone.knowledge)
    pairs = list(zip(need.conditions, judgements, strict=True))
    if any(is_must(condition) and judgement.verdict == Verdict.FAIL for condition, judgement in pairs):
        return None
    columns = [np.array([CODES[judgement.verdict]], dtype=np.int8) for judgement in judgements]
    plan = Plan.of(alone, Question(need.conditions, demands, need.wish), rules)
    scores = score(View(alone), plan, columns)
    result = Result(capability.id, float(scores.totals[0]), scores.components(0), judgements)
    return RankedNeed(need.id, result, float(scores.order[0]))
