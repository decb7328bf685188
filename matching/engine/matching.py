"""Need to capabilities, and capability to needs: rank, explain, say who fell out why and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .columns import CODES, FAIL, VERDICTS, Column, column
from .demands import Demand, resolve
from .explaining import exclusions, funnel, is_must
from .index import Index
from .knowledge import Knowledge
from .model import CapabilityFacts, Condition, OpenNeed, Outcome, Path, RankedNeed, Result, Verdict
from .relaxing import relaxations
from .routing import routes
from .rules import Rules
from .scoring import Scores, Wish, score
from .verdicts import judge_demands

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """A need made ready: its conditions, what they demand, and one verdict column a condition."""

    conditions: tuple[Condition, ...]
    demands: tuple[Demand, ...]
    columns: tuple[Column, ...]
    violated: Mask

    @classmethod
    def of(cls, index: Index, conditions: Sequence[Condition]) -> Asked:
        """Test every condition on every row."""
        demands = resolve(conditions, index.knowledge)
        columns = tuple(column(index, demand) for demand in demands)
        violated = np.zeros(len(index.records), dtype=bool)
        for condition, verdicts in zip(conditions, columns, strict=True):
            if is_must(condition):
                violated |= verdicts == FAIL
        return cls(tuple(conditions), demands, columns, violated)


def match(
    index: Index,
    conditions: Sequence[Condition],
    words: Sequence[str] = (),
    rules: Rules | None = None,
    *,
    home: Path = (),
    limit: int = 20,
    partial_limit: int = 5,
) -> Outcome:
    """Rank the capabilities for one need and explain the outcome.

    At most `limit` results without a known violation of a hard condition, best first; ties go to the least
    shown, then by id. `words` (see `words_of`) are what the need says beyond its conditions, `home` is where
    the enterprise is: a nearer place is a little better unless the need speaks of regions itself.
    """
    rules = rules or Rules()
    asked = Asked.of(index, conditions)
    scores = score(index, asked.conditions, asked.demands, asked.columns, Wish(words, home), rules)
    alive = index.cells("alive")
    fitting = np.flatnonzero(alive & ~asked.violated)
    violating = np.flatnonzero(alive & asked.violated)
    best = _best(index, scores.order, fitting, limit)
    return Outcome(
        results=_results(index, asked, scores, rules, best),
        partial=_results(index, asked, scores, rules, _best(index, scores.order, violating, partial_limit)),
        funnel=funnel(asked.conditions, asked.columns, alive),
        excluded=exclusions(asked.conditions, asked.columns, alive),
        relaxations=relaxations(index, asked.conditions, asked.columns),
        routes=routes(index, asked.conditions, asked.columns, scores.totals),
        candidates=len(fitting),
    )


def _best(index: Index, order: NDArray[np.float64], rows: NDArray[np.intp], limit: int) -> list[int]:
    if limit <= 0 or not len(rows):
        return []
    if len(rows) > limit:
        # Everything that reaches the last place, ties included; the ties are then broken by exposure and id.
        least = np.partition(order[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[order[rows] >= least]
    exposure = index.cells("exposure")

    def place(row: int) -> tuple[float, int, str]:
        return -float(order[row]), int(exposure[row]), index.at(row).id

    return sorted(rows.tolist(), key=place)[:limit]


def _results(index: Index, asked: Asked, scores: Scores, rules: Rules, rows: Iterable[int]) -> tuple[Result, ...]:
    return tuple(
        Result(
            index.at(row).id,
            float(scores.totals[row]),
            scores.components(row, rules),
            judge_demands(asked.demands, index.at(row), index.knowledge),
        )
        for row in rows
    )


def candidates(index: Index, conditions: Sequence[Condition]) -> int:
    """How many capabilities violate no hard condition: the live count while a need is being typed."""
    asked = Asked.of(index, conditions)
    return int(np.count_nonzero(index.cells("alive") & ~asked.violated))


def verdict_table(index: Index, conditions: Sequence[Condition]) -> dict[str, tuple[Verdict, ...]]:
    """The whole matrix: for every capability one verdict a condition, in their order."""
    asked = Asked.of(index, conditions)
    return {record.id: verdicts_at(asked, row) for row, record in _living(index)}


def verdicts_at(asked: Asked, row: int) -> tuple[Verdict, ...]:
    """One row of the matrix."""
    return tuple(VERDICTS[int(verdicts[row])] for verdicts in asked.columns)


def _living(index: Index) -> Iterable[tuple[int, CapabilityFacts]]:
    return ((row, record) for row, record in enumerate(index.records) if record is not None)


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
    scores = score(alone, need.conditions, demands, columns, Wish(need.words, need.home), rules)
    result = Result(capability.id, float(scores.totals[0]), scores.components(0, rules), judgements)
    return RankedNeed(need.id, result, float(scores.order[0]))
