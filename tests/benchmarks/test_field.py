"""The field in memory: repeated beyond its size, and missed with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.declared import Offer
from benchmarks.field import Listing, repeated, without_common
from matching.engine import CapabilityFacts


def test_listings_are_repeated_under_further_ids() -> None:
    listings = [Listing(name, (name,), Offer(), CapabilityFacts(id=name)) for name in ("a", "b")]
    copies = repeated(listings, 5)
    assert [copy.id for copy in copies] == ["a", "b", "ax1", "bx1", "ax2"]
    assert [copy.facts.id for copy in copies] == ["a", "b", "ax1", "bx1", "ax2"]
    assert [copy.tokens for copy in copies] == [("a",), ("b",), ("a",), ("b",), ("a",)]


def test_as_many_as_there_are_stay_as_they_are() -> None:
    listings = [Listing(name, (), Offer(), CapabilityFacts(id=name)) for name in ("a", "b")]
    assert repeated(listings, 2) == listings


def test_words_in_more_than_a_fifth_of_the_listings_are_left_out() -> None:
    words = [("all", "rare"), ("all", "fifth"), ("all", "fifth"), *[("all",)] * 7]
    listings = [Listing(str(row), tokens, Offer(), CapabilityFacts(id=str(row))) for row, tokens in enumerate(words)]
    assert [listing.tokens for listing in without_common(listings)] == [("rare",), ("fifth",), ("fifth",), *[()] * 7]


def test_missing_data_end_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (f"No needs.jsonl in {tmp_path}: name the synthetic field's folder, make bench BENCH_DATA=…\n")


def test_no_size_below_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path), "--sizes", "0"])
    assert "must be at least 1" in capsys.readouterr().err
