"""Need to capabilities: rank, explain, say who fell out why and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, VERDICTS, Column, View, column
from .demands import resolve
from .explaining import exclusions, funnel, is_must
from .index import Index
from .model import CapabilityFacts, Condition, Outcome, Ranked, Result, Verdict, Wish
from .plan import Plan, Question
from .ranking import Ranking, best, in_full, promises
from .relaxing import relaxations
from .routing import routes
from .rules import Rules
from .tables import Rows
from .verdicts import judge_demands

Mask: TypeAlias = NDArray[np.bool_]
# Of the capabilities that violate a must only so many, the most promising, are looked at for "could do a part".
_PARTIAL_POOL = 512
_NOTHING = Wish()


@dataclass(frozen=True, slots=True)
class Asked:
    """A need put to every row: one verdict column a condition, and who violates a hard one."""

    question: Question
    columns: tuple[Column, ...]
    violated: Mask

    @classmethod
    def of(cls, index: Index, question: Question) -> Asked:
        """Test every condition on every row."""
        view = View(index)
        columns = tuple(column(view, demand) for demand in question.demands)
        violated = np.zeros(view.size, dtype=bool)
        for condition, verdicts in zip(question.conditions, columns, strict=True):
            if is_must(condition):
                violated |= verdicts == FAIL
        return cls(question, columns, violated)


def question_of(index: Index, conditions: Sequence[Condition], wish: Wish = _NOTHING) -> Question:
    """Work out every relation of the vocabulary once, before any row is seen."""
    return Question(tuple(conditions), resolve(conditions, index.knowledge), wish)


def rank(
    index: Index,
    conditions: Sequence[Condition],
    wish: Wish = _NOTHING,
    rules: Rules | None = None,
    *,
    limit: int = 20,
) -> tuple[Ranked, ...]:
    """The best capabilities for one need with their scores and verdicts: what `match` explains at length."""
    plan = Plan.of(index, question_of(index, conditions, wish), rules or Rules())
    return tuple(
        Ranked(index.at(place.row).id, float(place.ranked.scores.totals[place.at]), place.verdicts())
        for place in best(index, plan, limit)
    )


def explain(
    index: Index,
    capability: str,
    conditions: Sequence[Condition],
    wish: Wish = _NOTHING,
    rules: Rules | None = None,
) -> Result:
    """What `match` says of one capability, even one that violates a hard condition. KeyError where it is unknown."""
    plan = Plan.of(index, question_of(index, conditions, wish), rules or Rules())
    row = index.row(capability)
    ranked = in_full(index, plan, np.array([row], dtype=np.intp))
    return _results(index, plan, [Ranking(row, ranked, 0)])[0]


def match(
    index: Index,
    conditions: Sequence[Condition],
    wish: Wish = _NOTHING,
    rules: Rules | None = None,
    *,
    limit: int = 20,
    partial_limit: int = 5,
) -> Outcome:
    """Rank the capabilities for one need and explain the outcome.

    At most `limit` results without a known violation of a hard condition, best first; ties go to the least
    shown, then by id. `wish` is what the need says beyond its conditions: a nearer place is a little better unless
    the need speaks of regions itself.
    """
    question = question_of(index, conditions, wish)
    plan = Plan.of(index, question, rules or Rules())
    asked, alive = Asked.of(index, question), index.cells("alive")
    return Outcome(
        results=_results(index, plan, best(index, plan, limit)),
        partial=_results(index, plan, _violating(index, asked, plan, partial_limit)),
        funnel=funnel(question.conditions, asked.columns, alive),
        excluded=exclusions(question.conditions, asked.columns, alive),
        relaxations=relaxations(index, question.conditions, asked.columns),
        routes=routes(index, question.conditions, asked.columns, lambda rows: in_full(index, plan, rows).scores.totals),
        candidates=int(np.count_nonzero(alive & ~asked.violated)),
    )


def _violating(index: Index, asked: Asked, plan: Plan, limit: int) -> list[Ranking]:
    """The best of those that violate a must."""
    rows: Rows = np.flatnonzero(index.cells("alive") & asked.violated) if limit > 0 else np.empty(0, dtype=np.intp)
    if len(rows) > _PARTIAL_POOL:
        promise, _ = promises(index, plan)
        rows = rows[np.argsort(-promise[rows], kind="stable")[:_PARTIAL_POOL]]
    ranked = in_full(index, plan, rows)
    places = [Ranking(int(row), ranked, at) for at, row in enumerate(rows.tolist())]
    places.sort(key=lambda place: (-float(ranked.scores.order[place.at]), index.at(place.row).id))
    return places[:limit]


def _results(index: Index, plan: Plan, places: Iterable[Ranking]) -> tuple[Result, ...]:
    return tuple(
        Result(
            index.at(place.row).id,
            float(place.ranked.scores.totals[place.at]),
            place.ranked.scores.components(place.at),
            judge_demands(plan.question.demands, index.at(place.row), index.knowledge),
        )
        for place in places
    )


def candidates(index: Index, conditions: Sequence[Condition]) -> int:
    """How many capabilities violate no hard condition: the live count while a need is being typed."""
    asked = Asked.of(index, question_of(index, [condition for condition in conditions if is_must(condition)]))
    return int(np.count_nonzero(index.cells("alive") & ~asked.violated))


def verdict_table(index: Index, conditions: Sequence[Condition]) -> dict[str, tuple[Verdict, ...]]:
    """The whole matrix: for every capability one verdict a condition, in their order."""
    asked = Asked.of(index, question_of(index, conditions))
    return {
        record.id: tuple(VERDICTS[int(verdicts[row])] for verdicts in asked.columns) for row, record in _living(index)
    }


def _living(index: Index) -> Iterable[tuple[int, CapabilityFacts]]:
    return ((row, record) for row, record in enumerate(index.records) if record is not None)
