"""bm25s and tantivy as peers, where `make bench` has installed them."""

from __future__ import annotations

import pytest

from benchmarks.columns import Trade
from benchmarks.declared import Offer, Wish
from benchmarks.field import Listing, Need
from matching.engine import CapabilityFacts, OpenNeed

from .samples import GEOGRAPHY

ALWAYS = (1 << 52) - 1
WISH = Wish(processes=("发酵",), qualifications=("GMP",), window=(0, 4, 2))
NEED = Need("n", ("发酵", "advanced materials", "无"), WISH, OpenNeed(id="n", conditions=()))


def listing(
    name: str, tokens: tuple[str, ...], processes: tuple[str, ...] = (), qualifications: tuple[str, ...] = ()
) -> Listing:
    offer = Offer(processes=processes, qualifications=qualifications, free=ALWAYS)
    return Listing(name, tokens, offer, CapabilityFacts(id=name))


BOTH = listing("both", ("发酵", "advanced materials"), processes=("发酵",))
WORD = listing("word", ("发酵", "干燥"))
BARRED = listing("barred", ("发酵", "advanced materials"), qualifications=("CNAS",))
OTHER = listing("other", ("硝化", "精馏"))


@pytest.fixture
def trade() -> Trade:
    made = Trade(GEOGRAPHY, {})
    made.learn([one.offer for one in (BOTH, WORD, BARRED, OTHER)])
    made.learn([WISH])
    return made


def test_bm25s_ranks_what_passes_by_words_and_fields(trade: Trade) -> None:
    bm25 = pytest.importorskip("benchmarks.bm25", exc_type=ImportError)
    engine = bm25.Bm25([OTHER, WORD, BARRED, BOTH], trade, 0.5)
    assert engine.rank(NEED) == ["both", "word", "other"]
    engine.update(listing("new", BOTH.tokens, processes=("发酵",)))
    assert sorted(engine.rank(NEED)[:2]) == ["both", "new"]


def test_bm25s_ranks_needs_for_a_listing(trade: Trade) -> None:
    bm25 = pytest.importorskip("benchmarks.bm25", exc_type=ImportError)
    needs = bm25.Bm25Needs([NEED, Need("m", ("硝化",), Wish(), OpenNeed(id="m", conditions=()))], trade, 0.5)
    assert needs.rank(BOTH) == ["n", "m"]
    assert needs.rank(BARRED) == ["m"]


def test_tantivy_ranks_what_passes_by_words(trade: Trade) -> None:
    lucene = pytest.importorskip("benchmarks.lucene", exc_type=ImportError)
    engine = lucene.Tantivy([OTHER, WORD, BARRED, BOTH], trade)
    assert engine.rank(NEED) == ["both", "word"]
    engine.update(listing("new", BOTH.tokens))
    assert sorted(engine.rank(NEED)[:2]) == ["both", "new"]
    engine.close()
