"""Does a row of figures grow, and how sure is that?"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

BLOCK_SECONDS = 30.0
_T95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 8: 2.31, 10: 2.23, 15: 2.13, 20: 2.09, 30: 2.04}


@dataclass(frozen=True, slots=True)
class Trend:
    """Change a minute with its 95 % interval, and the mean of all values."""

    slope: float
    low: float
    high: float
    mean: float

    @property
    def grows(self) -> bool:
        """Surely upward, and by more than a tenth of the whole in an hour: less is neither a leak nor noticed before
        the process is replaced in any case."""
        return self.low > 0 and 60 * self.slope > 0.1 * self.mean


def trend(times: Sequence[float], values: Sequence[float]) -> Trend | None:
    """Least squares through the means of half minutes, which depend less on each other than single samples.

    `times` in seconds. None for less than four half minutes.
    """
    blocks: dict[int, list[float]] = {}
    for moment, value in zip(times, values, strict=True):
        blocks.setdefault(int(moment // BLOCK_SECONDS), []).append(value)
    if len(blocks) < 4:
        return None
    x = [block * BLOCK_SECONDS / 60 for block in blocks]
    y = [statistics.fmean(part) for part in blocks.values()]
    slope, intercept = statistics.linear_regression(x, y)
    off = sum((one - slope * at - intercept) ** 2 for at, one in zip(x, y, strict=True))
    spread = sum((at - statistics.fmean(x)) ** 2 for at in x)
    margin = _t95(len(x) - 2) * (off / (len(x) - 2) / spread) ** 0.5
    return Trend(slope, slope - margin, slope + margin, statistics.fmean(y))


def _t95(freedom: int) -> float:
    """Student's quantile for a two-sided 95 %, that of the next smaller number in the table."""
    return _T95[max(known for known in _T95 if known <= freedom)]
