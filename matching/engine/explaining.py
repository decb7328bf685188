"""Where the capabilities went: the funnel over the hard conditions, and how many each of them rules out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .columns import FAIL, Column
from .model import Condition, Exclusion, Step


def is_must(condition: Condition) -> bool:
    """Does a known violation of this condition take a capability off the list?"""
    return condition.hard and condition.op != "not_required"


def funnel(conditions: Sequence[Condition], columns: Sequence[Column], alive: NDArray[np.bool_]) -> tuple[Step, ...]:
    """How many are left after each hard condition, in the need's order; first all, last the candidates."""
    left = alive.copy()
    steps = [Step("listed", None, int(np.count_nonzero(left)))]
    for position, (condition, verdicts) in enumerate(zip(conditions, columns, strict=True)):
        if is_must(condition):
            left &= verdicts != FAIL
            steps.append(Step("condition", position, int(np.count_nonzero(left))))
    return (*steps, Step("candidates", None, int(np.count_nonzero(left))))


def exclusions(
    conditions: Sequence[Condition], columns: Sequence[Column], alive: NDArray[np.bool_]
) -> tuple[Exclusion, ...]:
    """How many capabilities each hard condition rules out, most first; conditions that rule out none are left out."""
    counts = [
        Exclusion(position, int(np.count_nonzero(alive & (verdicts == FAIL))))
        for position, (condition, verdicts) in enumerate(zip(conditions, columns, strict=True))
        if is_must(condition)
    ]
    return tuple(sorted((found for found in counts if found.count), key=lambda found: (-found.count, found.condition)))
