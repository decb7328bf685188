"""The page: every figure in its cell, ratios against the strongest peer, a loud word where that peer is weak."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.figures import Figures, ReverseFigures
from benchmarks.table import Run, amount, quality, ratios, render, warnings

OURS = Figures("ours", 100, 0.8, 0.9, 2.0, 4.0, 1.5, 250.0, 0.25)
PEER = Figures("bm25s", 100, 0.4, 0.6, 1.0, 1.6, 12.34, 99.4, 1234.5)
REVERSE = [
    ReverseFigures("ours", 20_000, 500, 0.7, 200, 3.0, 6.0, 0.5),
    ReverseFigures("bm25s", 20_000, 500, 0.35, 200, 2.0, 3.0, 0.8),
]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (0.0, "0.000"), (0.25, "0.250"), (1.5, "1.50"), (12.34, "12.3"), (99.96, "100.0"), (1234.5, "1,234")],
)
def test_amounts_have_three_figures(value: float | None, written: str) -> None:
    assert amount(value) == written


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (0.4649, ".465"), (1.0, "1.000"), (0.0, ".000")])
def test_quality_has_three_places(value: float | None, written: str) -> None:
    assert quality(value) == written


def test_the_page_holds_every_figure() -> None:
    page = render(Run({1_000: [OURS, PEER]}, REVERSE, "make bench NEEDS=100", 2))
    assert "    make bench NEEDS=100\n\nProcessor cores: 2." in page
    assert "## 1,000 listings\n" in page
    assert "| ours | 100 | .800 | .900 | 2.00 | 4.00 | 1.50 | 250 | 0.250 |" in page
    assert "| bm25s | 100 | .400 | .600 | 1.00 | 1.60 | 12.3 | 99.4 | 1,234 |" in page
    assert "| ours | 500 | .700 | 20,000 | 200 | 3.00 | 6.00 | 0.500 |" in page
    assert "WARNING" not in page


def test_ratios_are_ours_by_the_strongest_peer() -> None:
    assert list(ratios([OURS, PEER])) == ["ours / bm25s: nDCG@10 2.00, median ms 2.00, p95 ms 2.50  "]
    assert list(ratios(REVERSE)) == ["ours / bm25s: nDCG@10 2.00, median ms 1.50, p95 ms 2.00  "]


def test_quality_that_is_not_judged_has_no_ratio() -> None:
    unjudged = [replace(OURS, ndcg=None), replace(PEER, ndcg=None)]
    assert list(ratios(unjudged)) == ["ours / bm25s: median ms 2.00, p95 ms 2.50  "]
    assert list(ratios([OURS])) == []


def test_a_weak_peer_is_called_a_straw_man() -> None:
    assert list(warnings({10_000: [OURS, PEER]})) == [
        "**WARNING: bm25s reaches only .400 nDCG@10 at 10,000 listings, below .420: it is a straw man here, and no "
        "figure beside it counts.**"
    ]
    assert list(warnings({10_000: [replace(PEER, ndcg=0.42)], 1_000: [PEER]})) == []
