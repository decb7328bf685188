"""The figures as a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .figures import Figures, ReverseFigures

DASH = "–"
PEER, OWN = "bm25s", "ours"
# Below this at 10,000 listings the peer would be a straw man.
FAIR_AT, FAIR_NDCG = 10_000, 0.42
_HEAD = (
    "| contestant | needs | nDCG@10 | recall@20 | median ms | p95 ms | build s | memory MB | update ms |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
)
_REVERSE_HEAD = (
    "| contestant | listings judged | nDCG@10 | open needs | listings timed | median ms | p95 ms | build s |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
)
_INTRO = """\
# Benchmarks

Our engine beside three search engines on the synthetic field: one process for each number of listings, all contestants
in turn need by need, one thread each. Times are good as ratios only, and the field is made by rules, which are easier
than life.

    {command}

Processor cores: {cores}. That command writes this page; no figure in the tables is typed by hand.

![Median milliseconds a need by number of listings](screens/benchmarks.svg)
"""
_NOTES = """\
## What is compared

- Reading texts and cutting words happen when something is saved, so nobody pays for them here: time runs from a
  need that has been read (or cut) to 20 ids.
- **ours**: the engine, ranking alone. **ours, explained**: with evidence, funnel, relaxations and routes, as the
  pages show it.
- Words of the peers: pairs of Chinese signs, Latin words, and the public vocabulary's canonical terms for whatever
  form was written, on both sides, without those that stand in more than a fifth of the listings.
- **bm25s**: BM25 over these words, the hard conditions of the form as a numpy filter on declared fields, and our own
  formula on those fields; the blend of both is the best of a grid on 200 needs of the smallest file. A change means
  a new index. Its numba backend gained little when tried; numpy is used.
- **tantivy**: any of the words, read far enough down that 20 pass the same filter.
- **PostgreSQL full text**: the same words as `tsvector`, GIN, `ts_rank` over any of them, the same filter in SQL. It
  is asked with fewer needs where it is slow, and left out beyond 100,000: there one need takes seconds.
  Its quality is that of the needs it was asked with, the first of them.
- A million listings are the hundred thousand ten times over under further ids, so their quality is not judged.
- Memory: growth of the process while building, beyond the records themselves; for PostgreSQL the size of table and
  indexes.
- Update: one new listing until the next ranking has it.
- Reverse: quality by the needs' judgements turned round, over listings relevant to any of the 1,000 judged needs.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything measured, with how it was asked for."""

    forward: Mapping[int, Sequence[Figures]]
    reverse: Sequence[ReverseFigures]
    command: str
    cores: int


def render(run: Run) -> str:
    """The whole page."""
    parts = [_INTRO.format(command=run.command, cores=run.cores), *warnings(run.forward)]
    for size, figures in run.forward.items():
        parts.append("\n".join([f"## {size:,} listings\n", *_HEAD, *map(_row, figures), "", *ratios(figures)]))
    rows = map(_reverse_row, run.reverse)
    parts.append(
        "\n".join(["## Reverse: one listing, all open needs\n", *_REVERSE_HEAD, *rows, "", *ratios(run.reverse)])
    )
    parts.append(_NOTES)
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def warnings(forward: Mapping[int, Sequence[Figures]]) -> Iterator[str]:
    """Says so loudly where the strongest peer is not as strong as it should be."""
    for one in forward.get(FAIR_AT, ()):
        if one.name == PEER and (one.ndcg or 0.0) < FAIR_NDCG:
            yield (
                f"**WARNING: {PEER} reaches only {quality(one.ndcg)} nDCG@10 at {FAIR_AT:,} listings, below "
                f"{quality(FAIR_NDCG)}: it is a straw man here, and no figure beside it counts.**"
            )


def ratios(figures: Sequence[Figures] | Sequence[ReverseFigures]) -> Iterator[str]:
    """Ours by the strongest peer: above 1 is better for quality, below 1 is better for time."""
    by_name = {one.name: one for one in figures}
    peer = by_name.get(PEER)
    for name in (OWN, "ours, explained"):
        one = by_name.get(name)
        if one is None or peer is None:
            continue
        parts = [f"median ms {one.median_ms / peer.median_ms:.2f}", f"p95 ms {one.p95_ms / peer.p95_ms:.2f}"]
        if one.ndcg is not None and peer.ndcg:
            parts.insert(0, f"nDCG@10 {one.ndcg / peer.ndcg:.2f}")
        yield f"{name} / {PEER}: {', '.join(parts)}  "


def _row(one: Figures) -> str:
    cells = [
        one.name,
        str(one.needs),
        quality(one.ndcg),
        quality(one.recall),
        amount(one.median_ms),
        amount(one.p95_ms),
        amount(one.build_seconds),
        amount(one.megabytes),
        amount(one.update_ms),
    ]
    return f"| {' | '.join(cells)} |"


def _reverse_row(one: ReverseFigures) -> str:
    cells = [
        one.name,
        str(one.judged),
        quality(one.ndcg),
        f"{one.open_needs:,}",
        str(one.timed),
        amount(one.median_ms),
        amount(one.p95_ms),
        amount(one.build_seconds),
    ]
    return f"| {' | '.join(cells)} |"


def quality(value: float | None) -> str:
    """Three places without the leading zero, as in `.618`; a dash for what was not judged."""
    return DASH if value is None else f"{value:.3f}".removeprefix("0")


def amount(value: float | None) -> str:
    """Three significant figures, whole numbers from 100; a dash for what was not measured."""
    if value is None:
        return DASH
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
