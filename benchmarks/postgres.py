"""PostgreSQL full text: words cut beforehand, a GIN index, ts_rank, and the hard filter as part of the query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
from psycopg import sql
from psycopg.sql import SQL, Composable

from .columns import TOLERANCE
from .contest import LIMIT
from .declared import QUANTITIES, SCALES, WEEKS, Offer, Range, Wish
from .field import Listing, Need

_TABLE = """
DROP TABLE IF EXISTS benchmark_listings;
CREATE UNLOGGED TABLE benchmark_listings (
    id text PRIMARY KEY, words tsvector NOT NULL, qualifications text[] NOT NULL, province text NOT NULL,
    price real, free bigint NOT NULL, {bounds}
)"""
_SESSION = ("SET max_parallel_workers_per_gather = 0", "SET jit = off", "SET work_mem = '64MB'")


class PostgresFullText:
    """A table of its own in the database of `url`, dropped at the end."""

    name = "PostgreSQL full text"

    def __init__(self, listings: Sequence[Listing], url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        columns = SQL(", ").join(
            SQL("{} real").format(sql.Identifier(f"{name}_{end}")) for name in QUANTITIES for end in ("low", "high")
        )
        self._connection.execute(SQL(_TABLE).format(bounds=columns))
        for setting in _SESSION:
            self._connection.execute(SQL(setting))
        self._fill(listings)
        self._connection.execute("CREATE INDEX ON benchmark_listings USING gin (words) WITH (fastupdate = off)")
        self._connection.execute("ANALYZE benchmark_listings")

    def _fill(self, listings: Sequence[Listing]) -> None:
        # COPY takes the text form of a tsvector: quoted words.
        with self._connection.cursor().copy("COPY benchmark_listings FROM STDIN") as copy:
            for listing in listings:
                copy.write_row(_row(listing))

    def rank(self, need: Need) -> list[str]:
        query = " | ".join(map(_quoted, need.tokens))
        where = SQL(" AND ").join([SQL("words @@ {}::tsquery").format(query), *conditions(need.wish)])
        statement = SQL(
            "SELECT id FROM benchmark_listings WHERE {} ORDER BY ts_rank(words, {}::tsquery) DESC, id LIMIT {}"
        ).format(where, query, LIMIT)
        return [row[0] for row in self._connection.execute(statement)]

    def passing(self, wish: Wish) -> set[str]:
        """The ids that pass the filter alone."""
        where = SQL(" AND ").join([SQL("true"), *conditions(wish)])
        statement = SQL("SELECT id FROM benchmark_listings WHERE {}").format(where)
        return {row[0] for row in self._connection.execute(statement)}

    def update(self, listing: Listing) -> None:
        row = _row(listing)
        places = SQL(", ").join(sql.Placeholder() for _ in row)
        self._connection.execute(SQL("INSERT INTO benchmark_listings VALUES ({})").format(places), row)

    def nbytes(self) -> int:
        """Table and indexes on disk (and, used, in the server's memory)."""
        row = self._connection.execute("SELECT pg_total_relation_size('benchmark_listings')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        self._connection.execute("DROP TABLE IF EXISTS benchmark_listings")
        self._connection.close()


def _row(listing: Listing) -> list[object]:
    offer = listing.offer
    words = " ".join(map(_quoted, listing.tokens))
    row: list[object] = [listing.id, words, list(offer.qualifications), offer.place[0], offer.price, offer.free]
    for name in QUANTITIES:
        row.extend(_bounds(offer, name))
    return row


def _bounds(offer: Offer, name: str) -> Range:
    if name not in offer.ranges:
        return None, None
    low, high = offer.ranges[name]
    return float("-inf") if low is None else low, float("inf") if high is None else high


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def conditions(wish: Wish) -> Iterator[Composable]:
    """The hard filter of `OfferColumns.passing` in SQL: what is not filled in passes."""
    if wish.window:
        yield _window(*wish.window)
    for name in wish.qualifications:
        yield SQL("({} = ANY(qualifications) OR qualifications = '{{}}')").format(name)
    if wish.place_hard:
        yield SQL("province IN ({}, '')").format(wish.place[0])
    if wish.budget_hard and wish.budget is not None:
        yield SQL("(price > {}) IS NOT TRUE").format(wish.budget * TOLERANCE)
    for name, wanted in wish.ranges.items():
        yield from _range(name, wanted)


def _window(earliest: int, latest: int, weeks: int) -> Composable:
    starts = ((1 << (min(latest, WEEKS) - earliest + 1)) - 1) << earliest
    free = SQL(" & ").join(SQL("(free >> {})").format(step) for step in range(weeks))
    return SQL("({} & {}::bigint) <> 0").format(free, starts)


def _range(name: str, wanted: Range) -> Iterator[Composable]:
    low, high = sql.Identifier(f"{name}_low"), sql.Identifier(f"{name}_high")
    least, most = wanted
    if name in SCALES:
        if least is not None:
            yield SQL("({} * {}::real < {}) IS NOT TRUE").format(high, TOLERANCE, least)
        if most is not None:
            yield SQL("({} > {}) IS NOT TRUE").format(low, most * TOLERANCE)
        return
    if most is not None:
        yield SQL("({} < {}) IS NOT TRUE").format(high, most / TOLERANCE)
    if least is not None:
        yield SQL("({} > {}) IS NOT TRUE").format(low, least * TOLERANCE)
