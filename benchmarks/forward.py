"""Need to listings at one size: all contestants in this process, taking turns need by need."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from .bm25 import Bm25, choose_blend
from .contest import Contestant
from .engine import Ours, OursExplained
from .field import LARGEST_FILE, Field, load, report
from .figures import Figures
from .lucene import Tantivy
from .measures import Judgement, mean, ndcg, percentile, recall
from .postgres import PostgresFullText
from .ring import Entry, take_turns, update_ms
from .watch import Built, build

Made = TypeVar("Made", bound=Contestant)
WARMING = 10
# The slowest is asked less often, so that a run ends within the hour.
_POSTGRES_NEEDS = {1_000: 1000, 10_000: 300, 100_000: 40}


def measure(folder: Path, size: int, most: int, database: str) -> list[Figures]:
    """Run every contestant over `size` listings, with at most `most` needs each."""
    blend = choose_blend(load(folder, 1_000))
    report(f"share of words in the score of bm25s: {blend}")
    market = load(folder, size)
    report(f"{len(market.listings)} listings, {len(market.needs)} needs")
    settle()
    entries = enter(market, blend, most, database)
    settle()
    try:
        take_turns(entries, market.needs[:most], market.needs[-WARMING:])
        return [_figures(entry, market) for entry in entries]
    finally:
        for entry in entries:
            entry.contestant.close()


def settle() -> None:
    """Keep the collector from looking through all that stays, which would slow whoever runs when it comes round."""
    gc.collect()
    gc.freeze()


def enter(market: Field, blend: float, most: int, database: str) -> list[Entry]:
    """Build the contestants one after the other. Without a database, or beyond its reach, PostgreSQL stays away."""
    listings, size = market.listings, len(market.listings)
    engine = _built("ours", lambda: Ours(listings, market.task))
    words = _built("bm25s", lambda: Bm25(listings, market.trade, blend))
    lucene = _built("tantivy", lambda: Tantivy(listings, market.trade))
    entries = [
        Entry(engine.made, engine.seconds, engine.megabytes, most),
        Entry(OursExplained(engine.made), None, None, most),
        Entry(words.made, words.seconds, words.megabytes, most),
        Entry(lucene.made, lucene.seconds, lucene.megabytes, most),
    ]
    if database and size <= LARGEST_FILE:
        table = _built("PostgreSQL", lambda: PostgresFullText(listings, database))
        seldom = min(most, next(count for upto, count in _POSTGRES_NEEDS.items() if size <= upto))
        entries.append(Entry(table.made, table.seconds, table.made.nbytes() / 1e6, seldom))
    else:
        reason = "no DATABASE_URL" if not database else f"beyond {LARGEST_FILE:,} listings one need takes seconds"
        report(f"PostgreSQL left out: {reason}")
    return entries


def _built(name: str, make: Callable[[], Made]) -> Built[Made]:
    done = build(make)
    report(f"{name} built in {done.seconds:.1f} s")
    return done


def _figures(entry: Entry, market: Field) -> Figures:
    update = None if entry.seconds is None else update_ms(entry.contestant, market.needs, market.listings)
    if update is not None:
        report(f"{entry.contestant.name} updated in {update:.2f} ms")
    return Figures(
        name=entry.contestant.name,
        needs=len(entry.spent),
        ndcg=_quality(entry.rankings, market.judgements, ndcg),
        recall=_quality(entry.rankings, market.judgements, recall),
        median_ms=statistics.median(entry.spent),
        p95_ms=percentile(entry.spent, 0.95),
        build_seconds=entry.seconds,
        megabytes=entry.megabytes,
        update_ms=update,
    )


def _quality(
    rankings: Mapping[str, list[str]],
    judgements: Mapping[str, Judgement],
    of: Callable[[Sequence[str], Judgement], float | None],
) -> float | None:
    return mean([of(ranking, judgements[need]) for need, ranking in rankings.items() if need in judgements])
