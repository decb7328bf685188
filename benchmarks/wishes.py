"""The same filter and score the other way round: the needs as columns, asked with one listing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .columns import (
    BUDGET,
    LONGEST_RUN,
    PROCESS,
    PRODUCT,
    REGION,
    SCALE,
    TOLERANCE,
    UNKNOWN,
    Mask,
    Rows,
    Trade,
    Values,
    bounds,
    logs,
    membership,
    runs,
)
from .declared import SCALES, WEEKS, Offer, Wish

_ALWAYS = (0, WEEKS, 0)
_NEVER = 2 * WEEKS


class WishColumns:
    """The declared fields of needs; `trade` must have learned all values before."""

    def __init__(self, wishes: Sequence[Wish], trade: Trade) -> None:
        self.trade = trade
        self.processes = membership([wish.processes for wish in wishes], trade.processes)
        self.qualifications = membership([wish.qualifications for wish in wishes], trade.qualifications)
        self.process_counts = np.maximum(1, self.processes[1:].sum(axis=0)).astype(np.float32)
        self.chains = np.array([trade.chains.of(wish.chain) for wish in wishes], dtype=np.intp)
        self.places = np.array([trade.places.of(wish.place) for wish in wishes], dtype=np.intp)
        self.place_hard = np.array([wish.place_hard for wish in wishes], dtype=bool)
        self.low, self.high = bounds([dict(wish.ranges) for wish in wishes])
        self.log_low, self.log_high = logs(self.low), logs(self.high)
        budgets = [np.nan if wish.budget is None else wish.budget for wish in wishes]
        self.budgets = np.array(budgets, dtype=np.float32)
        self.budget_hard = np.array([wish.budget_hard for wish in wishes], dtype=bool)
        windows = np.array([wish.window or _ALWAYS for wish in wishes], dtype=np.intp).reshape(-1, 3)
        self.earliest, self.latest, self.weeks = windows.T
        self.whole = self._whole()

    def __len__(self) -> int:
        return len(self.chains)

    def _whole(self) -> Values:
        """The weights of what each need asks for."""
        whole = np.full(len(self), PRODUCT, dtype=np.float32)
        whole += PROCESS * self.processes[1:].any(axis=0)
        for name in SCALES:
            whole += SCALE * ~np.isnan(self.low[name])
        whole += REGION * (self.places != 0)
        whole += BUDGET * ~np.isnan(self.budgets)
        return whole

    def passing(self, offer: Offer) -> Mask:
        """Needs none of whose hard conditions the listing's declared fields violate."""
        passes = first_starts(offer.free)[self.weeks, self.earliest] <= self.latest
        if offer.qualifications:
            lacking = np.ones(len(self.qualifications), dtype=bool)
            lacking[[0, *(self.trade.qualifications.of(name) for name in offer.qualifications)]] = False
            passes &= ~self.qualifications[lacking].any(axis=0)
        if offer.place[0]:
            passes &= self.trade.within(offer.place[0])[self.places] | ~self.place_hard
        if offer.price is not None:
            passes &= ~(self.budget_hard & (self.budgets * TOLERANCE < offer.price))
        for name, (low, high) in offer.ranges.items():
            passes &= ~self._violated(name, -np.inf if low is None else low, np.inf if high is None else high)
        return passes

    def _violated(self, name: str, low: float, high: float) -> Mask:
        least, most = self.low[name], self.high[name]
        if name in SCALES:
            missed: Mask = (high * TOLERANCE < least) | (low > most * TOLERANCE)
            return missed
        above: Mask = np.isfinite(most) & (high < most / TOLERANCE)
        below: Mask = np.isfinite(least) & (low > least * TOLERANCE)
        return above | below

    def structure(self, offer: Offer, rows: Rows) -> Values:
        """Score 0..1 of these needs for this listing, as `OfferColumns.structure` has it for the pair."""
        total = PRODUCT * self.trade.chain_values(offer.chain)[self.chains[rows]]
        for name in offer.processes:
            held = self.processes[self.trade.processes.of(name)][rows]
            total += PROCESS * held / self.process_counts[rows]
        for name in SCALES:
            total += SCALE * self._scale(name, offer, rows)
        places, budgets = self.places[rows], self.budgets[rows]
        total += REGION * self.trade.place_values(offer.place)[places] * (places != 0)
        total += BUDGET * (~np.isnan(budgets) * np.float32(UNKNOWN) if offer.price is None else budgets >= offer.price)
        return total / self.whole[rows]

    def _scale(self, name: str, offer: Offer, rows: Rows) -> Values:
        least, most = self.log_low[name][rows], self.log_high[name][rows]
        asked = ~np.isnan(least)
        if name not in offer.ranges:
            return asked * np.float32(UNKNOWN)
        low, high = (float(np.log(max(value or 1.0, 1e-6))) for value in offer.ranges[name])
        shared = np.minimum(high, most) - np.maximum(low, least)
        share = np.where(most > least, np.clip(shared / np.maximum(most - least, 1e-9), 0, 1), shared >= -1e-3)
        return np.where(asked, share, 0).astype(np.float32)


def first_starts(free: int) -> NDArray[np.intp]:
    """For each length of run (row) and each week (column): the first week from then on in which such a run begins."""
    bits = np.array([free], dtype=np.uint64)
    table = np.full((LONGEST_RUN + 1, WEEKS + 1), _NEVER, dtype=np.intp)
    table[0] = np.arange(WEEKS + 1)
    weeks = np.arange(WEEKS)
    for length in range(1, LONGEST_RUN + 1):
        begins = (runs(bits, length) >> weeks.astype(np.uint64)) & np.uint64(1)
        starts = np.where(begins > 0, weeks, _NEVER)
        table[length, :WEEKS] = np.minimum.accumulate(starts[::-1])[::-1]
    return table
