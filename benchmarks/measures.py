"""What is printed of a run: how good the rankings are, and how long they took. Plain arithmetic."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What a listing of grade 0..4 is worth.
GAINS = (0, 1, 3, 7, 15)
DEPTH = 10
REACH = 20


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of one query: how many listings have grade 1, 2, 3, 4, and the grades by id (absent is 0)."""

    counts: tuple[int, int, int, int]
    grades: Mapping[str, int]

    @classmethod
    def of(cls, grades: Mapping[str, int]) -> Judgement:
        """With the counts taken from the grades themselves."""
        found = list(grades.values())
        return cls((found.count(1), found.count(2), found.count(3), found.count(4)), grades)


def ndcg(ranking: Sequence[str], judgement: Judgement) -> float | None:
    """nDCG@10 with the gains above and a discount of log2(place + 1); None where nothing is relevant."""
    ideal = [grade for grade in (4, 3, 2, 1) for _ in range(min(judgement.counts[grade - 1], DEPTH))]
    best = _gained(ideal[:DEPTH])
    if not best:
        return None
    return _gained([judgement.grades.get(one, 0) for one in ranking[:DEPTH]]) / best


def _gained(grades: Sequence[int]) -> float:
    return sum(GAINS[grade] / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranking: Sequence[str], judgement: Judgement) -> float | None:
    """Share of the relevant (at most 20) found in the first 20. Relevant: grade 3 and up, or 2 where there is no 3."""
    least = 3 if judgement.counts[2] + judgement.counts[3] else 2
    relevant = sum(judgement.counts[least - 1 :])
    if not relevant:
        return None
    return sum(judgement.grades.get(one, 0) >= least for one in ranking[:REACH]) / min(relevant, REACH)


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0..1) of the values does not exceed. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def transposed(judgements: Mapping[str, Judgement]) -> dict[str, dict[str, int]]:
    """From need → listing → grade to listing → need → grade, for the reverse direction."""
    turned: dict[str, dict[str, int]] = {}
    for need, judgement in judgements.items():
        for listing, grade in judgement.grades.items():
            turned.setdefault(listing, {})[need] = grade
    return turned
