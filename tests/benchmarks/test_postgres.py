"""PostgreSQL as a peer: its filter is the others' filter, its ranking finds the words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from benchmarks.columns import OfferColumns
from benchmarks.field import Listing, Need
from benchmarks.postgres import PostgresFullText
from matching.engine import CapabilityFacts, OpenNeed

from .samples import market

OFFERS, WISHES, TRADE = market(60, 60)
WORDS = [("发酵", "it's"), ("发酵", "a\\b"), ("干燥",)]
LISTINGS = [
    Listing(f"c{row}", WORDS[row % 3], offer, CapabilityFacts(id=f"c{row}")) for row, offer in enumerate(OFFERS)
]


@pytest.fixture
def table(db: None) -> Iterator[PostgresFullText]:
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    known = {key: str(connection.settings_dict[name] or "") for key, name in names.items()}
    engine = PostgresFullText(LISTINGS, make_conninfo("", **{key: value for key, value in known.items() if value}))
    yield engine
    engine.close()


def test_the_filter_in_sql_keeps_the_same_rows(table: PostgresFullText) -> None:
    columns = OfferColumns(OFFERS, TRADE)
    for wish in WISHES:
        assert table.passing(wish) == {f"c{row}" for row in np.flatnonzero(columns.passing(wish))}


def test_ranks_by_the_words_shared_and_sees_a_new_listing(table: PostgresFullText) -> None:
    wish = next(one for one in WISHES if {"c0", "c1"} & table.passing(one))
    need = Need("n", ("发酵", "it's", "无"), wish, OpenNeed(id="n", conditions=()))
    passing = table.passing(wish)
    expected = [f"c{row}" for kind in (0, 1) for row in range(kind, 60, 3) if f"c{row}" in passing]
    assert set(table.rank(need)) == set(expected[:20])
    best = next(listing for listing in LISTINGS if listing.id == expected[0])
    table.update(Listing("added", best.tokens, best.offer, CapabilityFacts(id="added")))
    assert "added" in table.rank(need)
    assert table.nbytes() > 0
