"""Listing to needs: our engine and bm25s, timed over many open needs, judged over those that have judgements."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from . import ours
from .bm25 import Bm25Needs, choose_blend
from .contest import LIMIT
from .engine import Ours
from .field import OPEN_NEEDS, Listing, Need, load, read_needs, report
from .figures import ReverseFigures
from .measures import Judgement, mean, ndcg, percentile, transposed
from .watch import build, milliseconds

BACKGROUND = 10_000
JUDGED, TIMED = 500, 200
_BUDGET_SECONDS = 240.0
_SEED = 7


class Answering(Protocol):
    """Needs held ready to be asked with one listing."""

    name: str

    def rank(self, listing: Listing) -> list[str]:
        """The ids of the best 20 needs, best first."""


class OursHoldingNeeds:
    """Our engine, asked the other way round."""

    name = "ours"

    def __init__(self, needs: Sequence[Need], engine: Ours) -> None:
        self._held = ours.hold_needs([need.reading for need in needs], engine.index)

    def rank(self, listing: Listing) -> list[str]:
        return ours.rank_needs(self._held, listing.facts, LIMIT)


def measure(folder: Path, most: int) -> list[ReverseFigures]:
    """Hold up to 500 listings (at most `most`) against the judged needs for quality, up to 200 against all for time."""
    blend = choose_blend(load(folder, 1_000))
    market = load(folder, BACKGROUND)
    waiting = read_needs(folder / OPEN_NEEDS, market.task, market.trade.geography)
    market.trade.learn(need.wish for need in waiting)
    engine = Ours(market.listings, market.task)
    report(f"{len(waiting)} open needs read")
    grades = transposed(market.judgements)
    listings = chosen(market.listings, grades.keys() & {one.id for one in market.listings}, min(JUDGED, most))
    judged: list[Answering] = [OursHoldingNeeds(market.needs, engine), Bm25Needs(market.needs, market.trade, blend)]
    rankings, _ = take_turns(judged, listings)
    makers: list[Callable[[], Answering]] = [
        lambda: OursHoldingNeeds(waiting, engine),
        lambda: Bm25Needs(waiting, market.trade, blend),
    ]
    built = [build(make) for make in makers]
    _, spent = take_turns([one.made for one in built], listings[:TIMED])
    return [
        ReverseFigures(
            name=one.made.name,
            open_needs=len(waiting),
            judged=len(found),
            ndcg=mean([ndcg(ranking, Judgement.of(grades[listing])) for listing, ranking in found.items()]),
            timed=len(times),
            median_ms=statistics.median(times),
            p95_ms=percentile(times, 0.95),
            build_seconds=one.seconds,
        )
        for one, found, times in zip(built, rankings, spent, strict=True)
    ]


def chosen(listings: Sequence[Listing], relevant: set[str], count: int) -> list[Listing]:
    """So many listings, drawn with a fixed seed from those that are relevant to any judged need."""
    known = [listing for listing in listings if listing.id in relevant]
    return random.Random(_SEED).sample(known, min(count, len(known)))  # noqa: S311 - a sample, not a secret


def take_turns(
    contestants: Sequence[Answering], listings: Sequence[Listing]
) -> tuple[list[dict[str, list[str]]], list[list[float]]]:
    """Ask all with one listing after the other, in changing order; stops early rather than take all day."""
    rankings: list[dict[str, list[str]]] = [{} for _ in contestants]
    spent: list[list[float]] = [[] for _ in contestants]
    begun = time.monotonic()
    for contestant in contestants:
        contestant.rank(listings[-1])
    for number, listing in enumerate(listings):
        for place in range(len(contestants)):
            turn = (place + number) % len(contestants)
            ranking, took = milliseconds(partial(contestants[turn].rank, listing))
            rankings[turn][listing.id] = ranking
            spent[turn].append(took)
        if time.monotonic() - begun > _BUDGET_SECONDS:
            report(f"stopped after {number + 1} listings: time is up")
            break
    return rankings, spent
