"""The peers' structured half: declared fields as numpy columns, a hard filter and a weighted score over all rows.

`OfferColumns` answers a need, `WishColumns` answers a listing; both use the weights of the engine's own formula.
A field that is not filled in passes the filter, and a hard region is kept by its province.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .declared import NOWHERE, QUANTITIES, SCALES, WEEKS, Geography, Offer, Place, Range, Wish

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
Values = NDArray[np.float32]
PROCESS, PRODUCT, SCALE, REGION, BUDGET = 40.0, 30.0, 12.0, 10.0, 8.0
SAME_CHAIN, NEAR_CHAIN = 0.35, 0.15
SAME_PROVINCE, SAME_CLUSTER = 0.85, 0.5
UNKNOWN = 0.2
LONGEST_RUN = 12
TOLERANCE = 1.001


class Codes:
    """A number for each value met, in order of appearance; 0 stands for nothing."""

    def __init__(self, nothing: Any = "") -> None:
        self._numbers: dict[Any, int] = {nothing: 0}

    def of(self, value: Any) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Any]:
        return list(self._numbers)


class Trade:
    """The codes shared by listings and needs, with what is near what."""

    def __init__(self, geography: Geography, neighbours: dict[str, frozenset[str]]) -> None:
        self.geography = geography
        self.neighbours = neighbours
        self.processes, self.qualifications, self.chains, self.places = Codes(), Codes(), Codes(), Codes(NOWHERE)
        self._worth: dict[tuple[str, Any], Values] = {}

    def learn(self, sides: Iterable[Offer | Wish]) -> None:
        """Give every value of these a code, so that the tables built afterwards have a row for each."""
        for side in sides:
            for codes, values in ((self.processes, side.processes), (self.qualifications, side.qualifications)):
                for value in values:
                    codes.of(value)
            self.chains.of(side.chain)
            self.places.of(side.place)
        self._worth.clear()

    def chain_values(self, chain: str) -> Values:
        """What each chain is worth to a need (or listing) of this one."""
        return self._kept(("chain", chain), lambda: [self._kinship(chain, other) for other in self.chains.values()])

    def place_values(self, place: Place) -> Values:
        """What each place is worth to a need (or listing) there."""
        return self._kept(("place", place), lambda: [self._nearness(place, other) for other in self.places.values()])

    def _kept(self, key: tuple[str, Any], work: Callable[[], list[float]]) -> Values:
        if key not in self._worth:
            self._worth[key] = np.array(work(), dtype=np.float32)
        return self._worth[key]

    def _kinship(self, first: str, second: str) -> float:
        if not first or not second:
            return 0.0
        near = self.neighbours.get(first, frozenset()) | self.neighbours.get(second, frozenset())
        return SAME_CHAIN if first == second else NEAR_CHAIN if {first, second} & near else 0.0

    def _nearness(self, first: Place, second: Place) -> float:
        if not first[0] or not second[0]:
            return UNKNOWN
        if first == second:
            return 1.0
        if first[0] == second[0]:
            return SAME_PROVINCE
        return SAME_CLUSTER if self.geography.are_near(first[0], second[0]) else 0.0

    def within(self, province: str) -> Mask:
        """For each place whether it may lie in this province."""
        found = self._kept(("within", province), lambda: [one[0] in ("", province) for one in self.places.values()])
        return found > 0


def membership(lists: Sequence[Iterable[str]], codes: Codes) -> Mask:
    """One row for each value met (row 0: the list is empty), one column for each list."""
    pairs = [(codes.of(value), column) for column, values in enumerate(lists) for value in values]
    table = np.zeros((len(codes.values()), len(lists)), dtype=bool)
    if pairs:
        rows, columns = np.array(pairs).T
        table[rows, columns] = True
    table[0] = ~table[1:].any(axis=0)
    return table


def bounds(ranges: Sequence[dict[str, Range]]) -> tuple[dict[str, Values], dict[str, Values]]:
    """Lower and upper bounds of each quantity as columns; NaN is unknown, an open bound reaches to infinity."""
    low = {name: np.full(len(ranges), np.nan, dtype=np.float32) for name in QUANTITIES}
    high = {name: np.full(len(ranges), np.nan, dtype=np.float32) for name in QUANTITIES}
    for row, found in enumerate(ranges):
        for name, (least, most) in found.items():
            low[name][row] = -np.inf if least is None else least
            high[name][row] = np.inf if most is None else most
    return low, high


def runs(free: NDArray[np.uint64], weeks: int) -> NDArray[np.uint64]:
    """Weeks (bits) in which a free run of this many weeks begins."""
    found, have = free, 1
    while have < weeks:
        step = min(have, weeks - have)
        found = found & (found >> np.uint64(step))
        have += step
    return found


def overlap(low: Values, high: Values, least: float, most: float) -> Values:
    """Share of the wish (on a log scale) that lies within the offer; 1 or 0 for a single number. NaN stays NaN."""
    shared = np.minimum(high, most) - np.maximum(low, least)
    width = most - least
    if width <= 0:
        return np.where(np.isnan(shared), np.nan, (shared >= -1e-3).astype(np.float32)).astype(np.float32)
    return np.clip(shared / width, 0, 1).astype(np.float32)


class OfferColumns:
    """The listings' declared fields; `trade` must have learned all values before.

    `spare` rows are kept for listings that come later; until then they pass no filter.
    """

    def __init__(self, offers: Sequence[Offer], trade: Trade, spare: int = 0) -> None:
        self.trade = trade
        self.alive = np.arange(len(offers) + spare) < len(offers)
        offers = [*offers, *(Offer() for _ in range(spare))]
        self.processes = membership([offer.processes for offer in offers], trade.processes)
        self.qualifications = membership([offer.qualifications for offer in offers], trade.qualifications)
        self.chains = np.array([trade.chains.of(offer.chain) for offer in offers], dtype=np.intp)
        self.places = np.array([trade.places.of(offer.place) for offer in offers], dtype=np.intp)
        self.low, self.high = bounds([dict(offer.ranges) for offer in offers])
        self.log_low, self.log_high = logs(self.low), logs(self.high)
        prices = [np.nan if offer.price is None else offer.price for offer in offers]
        self.prices = np.array(prices, dtype=np.float32)
        free = np.array([offer.free for offer in offers], dtype=np.uint64)
        self.runs = {weeks: runs(free, weeks) for weeks in range(1, LONGEST_RUN + 1)}

    def __len__(self) -> int:
        return len(self.chains)

    def put(self, row: int, offer: Offer) -> None:
        """Write one listing into a row, a spare one or over another."""
        one = OfferColumns([offer], self.trade)
        for mine, its in zip(self._arrays(), one._arrays(), strict=True):
            mine[..., row] = its[..., 0]

    def passing(self, wish: Wish) -> Mask:
        """Rows that violate no hard condition of the form as far as their declared fields tell."""
        passes = self.alive.copy()
        if wish.window:
            earliest, latest, weeks = wish.window
            starts = np.uint64(((1 << (min(latest, WEEKS) - earliest + 1)) - 1) << earliest)
            passes &= (self.runs[weeks] & starts) != 0
        for name in wish.qualifications:
            passes &= self.qualifications[self.trade.qualifications.of(name)] | self.qualifications[0]
        if wish.place_hard:
            passes &= self.trade.within(wish.place[0])[self.places]
        if wish.budget_hard and wish.budget is not None:
            passes &= ~(self.prices > wish.budget * TOLERANCE)
        for name, wanted in wish.ranges.items():
            passes &= ~self._violates(name, wanted)
        return passes

    def _violates(self, name: str, wanted: Range) -> Mask:
        least, most = wanted
        low, high = self.low[name], self.high[name]
        if name in SCALES:
            misses: Mask = (high * TOLERANCE < (least or 0)) | (low > (most or np.inf) * TOLERANCE)
            return misses
        failing = np.zeros(len(self), dtype=bool)
        if most is not None:
            failing |= high < most / TOLERANCE
        if least is not None:
            failing |= low > least * TOLERANCE
        return failing

    def structure(self, wish: Wish, rows: Rows) -> Values:
        """Score 0..1 of these rows: what the form asks for and the declared fields hold, by weight."""
        total = PRODUCT * self.trade.chain_values(wish.chain)[self.chains[rows]]
        whole = PRODUCT
        for name in wish.processes:
            total += (PROCESS / len(wish.processes)) * self.processes[self.trade.processes.of(name)][rows]
        if wish.processes:
            whole += PROCESS
        for name in SCALES:
            if name in wish.ranges:
                total += SCALE * self._scale(name, wish.ranges[name], rows)
                whole += SCALE
        if wish.place[0]:
            total += REGION * self.trade.place_values(wish.place)[self.places[rows]]
            whole += REGION
        if wish.budget is not None:
            prices = self.prices[rows]
            total += BUDGET * np.where(np.isnan(prices), np.float32(UNKNOWN), prices <= wish.budget)
            whole += BUDGET
        return total / np.float32(whole)

    def _scale(self, name: str, wanted: Range, rows: Rows) -> Values:
        least, most = (float(np.log(max(value or 1.0, 1e-6))) for value in wanted)
        shared = overlap(self.log_low[name][rows], self.log_high[name][rows], least, most)
        return np.where(np.isnan(shared), np.float32(UNKNOWN), shared)

    def nbytes(self) -> int:
        """What the arrays take."""
        return sum(one.nbytes for one in self._arrays())

    def _arrays(self) -> list[NDArray[Any]]:
        bounds_of = [*self.low.values(), *self.high.values(), *self.log_low.values(), *self.log_high.values()]
        single = [self.alive, self.processes, self.qualifications, self.chains, self.places, self.prices]
        return [*single, *self.runs.values(), *bounds_of]


def logs(columns: dict[str, Values]) -> dict[str, Values]:
    return {name: np.log(np.maximum(columns[name], 1e-6)) for name in SCALES}
