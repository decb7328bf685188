"""The peers' filter and structured score: exact on single cases, and the same in both directions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.columns import OfferColumns, Trade, runs
from benchmarks.declared import Offer, Wish
from benchmarks.wishes import WishColumns, first_starts

from .samples import GEOGRAPHY, market

ALWAYS = (1 << 52) - 1
OFFER = Offer(
    processes=("发酵", "干燥"),
    qualifications=("GMP",),
    chain="食品",
    place=("上海", "浦东"),
    ranges={"volume": (10.0, 1000.0), "temperature": (20.0, 80.0), "pressure": (None, 0.6)},
    price=10.0,
    free=ALWAYS,
)
WISH = Wish(window=(0, 4, 2))


def columns(offer: Offer, wish: Wish, spare: int = 0) -> OfferColumns:
    trade = Trade(GEOGRAPHY, {"食品": frozenset({"合成生物"})})
    trade.learn([offer, OFFER])
    trade.learn([wish])
    return OfferColumns([offer], trade, spare)


@pytest.mark.parametrize(
    ("wish", "passes"),
    [
        (WISH, True),
        (replace(WISH, qualifications=("GMP",)), True),
        (replace(WISH, qualifications=("CNAS",)), False),
        (replace(WISH, place=("上海", "金山"), place_hard=True), True),
        (replace(WISH, place=("江苏", "苏州"), place_hard=True), False),
        (replace(WISH, place=("江苏", "苏州"), place_hard=False), True),
        (replace(WISH, budget=9.0, budget_hard=True), False),
        (replace(WISH, budget=9.0, budget_hard=False), True),
        (replace(WISH, ranges={"volume": (1000.0, 5000.0)}), True),
        (replace(WISH, ranges={"volume": (1100.0, 5000.0)}), False),
        (replace(WISH, ranges={"temperature": (20.0, 80.0)}), True),
        (replace(WISH, ranges={"temperature": (10.0, 80.0)}), False),
        (replace(WISH, ranges={"pressure": (None, 0.8)}), False),
        (replace(WISH, ranges={"count": (5.0, 5.0)}), True),
    ],
)
def test_the_filter_keeps_what_violates_nothing(wish: Wish, passes: bool) -> None:
    assert columns(OFFER, wish).passing(wish).tolist() == [passes]


def test_what_is_not_filled_in_passes_but_a_full_calendar_does_not() -> None:
    wish = replace(WISH, qualifications=("CNAS",), place=("江苏", ""), place_hard=True, budget=1.0, budget_hard=True)
    assert columns(Offer(free=ALWAYS), wish).passing(wish).tolist() == [True]
    assert columns(Offer(), wish).passing(wish).tolist() == [False]


@pytest.mark.parametrize(
    ("wish", "score"),
    [
        (Wish(chain="食品"), 0.35),
        (Wish(chain="合成生物"), 0.15),
        (Wish(processes=("发酵", "硝化")), 20 / 70),
        (Wish(place=("上海", "浦东")), 10 / 40),
        (Wish(place=("上海", "金山")), 8.5 / 40),
        (Wish(place=("江苏", "苏州")), 5 / 40),
        (Wish(budget=10.0), 8 / 38),
        (Wish(budget=9.0), 0.0),
        (Wish(ranges={"volume": (100.0, 10_000.0)}), 6 / 42),
        (Wish(ranges={"count": (5.0, 50.0)}), 2.4 / 42),
    ],
)
def test_the_score_is_the_weighted_share_of_what_is_asked(wish: Wish, score: float) -> None:
    found = columns(OFFER, wish).structure(wish, np.array([0]))
    assert found.tolist() == pytest.approx([score], abs=1e-5)


def test_both_directions_give_each_pair_the_same() -> None:
    offers, wishes, trade = market(60, 60)
    forward, backward = OfferColumns(offers, trade), WishColumns(wishes, trade)
    passing = np.array([forward.passing(wish) for wish in wishes])
    assert 0 < passing.sum() < passing.size
    assert (passing == np.array([backward.passing(offer) for offer in offers]).T).all()
    scores = np.array([forward.structure(wish, np.arange(60)) for wish in wishes])
    turned = np.array([backward.structure(offer, np.arange(60)) for offer in offers]).T
    assert np.abs(scores - turned).max() < 1e-5


def test_a_spare_row_passes_once_it_is_filled() -> None:
    held = columns(OFFER, WISH, spare=1)
    assert held.passing(WISH).tolist() == [True, False]
    held.put(1, OFFER)
    assert held.passing(WISH).tolist() == [True, True]
    assert held.structure(WISH, np.array([0, 1])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("weeks", "starts"), [(1, 0b1110111), (2, 0b0110011), (3, 0b0010001), (4, 0)])
def test_a_run_begins_where_so_many_free_weeks_follow(weeks: int, starts: int) -> None:
    assert runs(np.array([0b1110111], dtype=np.uint64), weeks).tolist() == [starts]


def test_the_first_start_from_a_week_on() -> None:
    table = first_starts(0b1110111)
    assert table[2, :7].tolist() == [0, 1, 4, 4, 4, 5, 104]
    assert table[4, 0] == 104
