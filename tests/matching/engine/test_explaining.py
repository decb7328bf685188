"""Funnel, reasons, relaxations, routes: exact, on worlds small enough to count by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    CapabilityFacts,
    Condition,
    Exclusion,
    Fact,
    Index,
    Outcome,
    Relaxation,
    Route,
    RouteStep,
    Rules,
    Step,
    Window,
    Wish,
    candidates,
    match,
)

from .worlds import DAY, KNOWLEDGE, catalogues, conditions, line, needs, needs_run, needs_volume, value, volume


def index_of(*records: CapabilityFacts) -> Index:
    return Index.build(records, KNOWLEDGE)


def ranked(outcome: Outcome) -> list[str]:
    return [result.capability for result in outcome.results]


WORLD = (
    line("fits", value("process", "drying"), volume(1, 100), region=("DE",)),
    line("small", value("process", "drying"), volume(1, 40), region=("DE",)),
    line("smaller", value("process", "drying"), volume(1, 10), region=("DE",)),
    line("abroad", value("process", "drying"), volume(1, 100), region=("CN", "510000")),
    line("chips", value("process", "lithography"), volume(1, 10), region=("DE",)),
    line("blank"),
)
HARD = [needs("process", "drying", hard=True), needs_volume(50, 50, hard=True), needs("region", "DE", hard=True)]


def test_funnel_counts_what_is_left_after_each_hard_condition() -> None:
    outcome = match(index_of(*WORLD), [needs("stage", "PILOT"), *HARD])
    assert outcome.funnel == (
        Step("listed", None, 6),
        Step("condition", 1, 5),
        Step("condition", 2, 3),
        Step("condition", 3, 2),
        Step("candidates", None, 2),
    )
    assert ranked(outcome) == ["fits", "blank"]
    assert outcome.candidates == 2


def test_exclusions_count_each_reason() -> None:
    outcome = match(index_of(*WORLD), HARD)
    assert outcome.excluded == (Exclusion(1, 3), Exclusion(0, 1), Exclusion(2, 1))
    assert [result.capability for result in outcome.partial] == ["small", "smaller", "abroad", "chips"]


def test_relaxations_are_found_by_trying() -> None:
    outcome = match(index_of(*WORLD), HARD)
    # small and smaller fail by volume alone: 40 L takes in one of the two, which is half; abroad by region alone
    assert outcome.relaxations == (
        Relaxation(1, "widen", 1, low=40.0, high=40.0),
        Relaxation(2, "drop", 1),
    )


@settings(max_examples=100, deadline=None)
@given(catalogues(), st.lists(conditions(), min_size=1, max_size=4))
def test_every_gain_comes_true(records: list[CapabilityFacts], wanted: list[Condition]) -> None:
    index = Index.build(records, KNOWLEDGE)
    outcome = match(index, wanted)
    for found in outcome.relaxations:
        old = wanted[found.condition]
        changed = Condition(kind="nothing")
        if found.action == "widen":
            changed = Condition(
                kind=old.kind,
                values=found.values,
                quantity=old.quantity,
                dimension=old.dimension,
                low=found.low,
                high=found.high,
                op=old.op,
                hard=True,
                window=found.window,
            )
        instead = [*wanted[: found.condition], changed, *wanted[found.condition + 1 :]]
        assert candidates(index, instead) == outcome.candidates + found.gain


@pytest.mark.parametrize(
    ("wanted", "held", "low", "high"),
    [
        (needs_volume(5, 20, hard=True), (10, 50), 10.0, 20.0),  # covers: begin where they begin
        (needs_volume(5, 20, hard=True), (1, 12), 5.0, 12.0),  # covers: end where they end
        (needs_volume(5, 20, op="overlaps", hard=True), (40, 50), 5.0, 40.0),
        (needs_volume(5, 20, op="overlaps", hard=True), (1, 2), 2.0, 20.0),
    ],
)
def test_bounds_move_to_what_is_there(wanted: Condition, held: tuple[float, float], low: float, high: float) -> None:
    assert match(index_of(line("a", volume(*held))), [wanted]).relaxations == (
        Relaxation(0, "widen", 1, low=low, high=high),
    )


def test_excluded_region_can_only_be_dropped() -> None:
    index = index_of(line("a", region=("DE",)))
    assert match(index, [needs("region", "EU", op="exclude", hard=True)]).relaxations == (Relaxation(0, "drop", 1),)


def test_rows_of_which_little_is_known_still_stand_in_order() -> None:
    unasked = [needs("qualification", name, hard=True) for name in ("A", "B", "C", "D")]
    index = index_of(line("a"), line("b", value("chain", "food")))
    outcome = match(index, [*unasked, needs("chain", "food")], rules=Rules(unknown_must=10))
    assert [(result.capability, result.score) for result in outcome.results] == [("b", 0.0), ("a", 0.0)]


def test_region_is_widened_step_by_step() -> None:
    index = index_of(line("city", region=("CN", "510000", "510700")), line("other", region=("CN", "330000")))
    outcome = match(index, [needs("region", "510100", hard=True)])
    assert outcome.relaxations == (Relaxation(0, "widen", 1, values=("510100", "510000")),)


def test_window_is_moved_as_little_as_helps() -> None:
    index = index_of(line("a", availability=((DAY + 30, DAY + 60),)))
    outcome = match(index, [needs_run(0, 10, 7, hard=True)])
    assert outcome.relaxations == (Relaxation(0, "widen", 1, window=Window(DAY, DAY + 10 + 28, 7)),)


def test_budget_is_raised_to_what_half_of_them_ask() -> None:
    def price(amount: float) -> CapabilityFacts:
        cost = Fact(kind="budget", quantity="price", dimension="CNY", low=amount, high=amount)
        return line(f"p{amount:.0f}", cost)

    wanted = Condition(kind="budget", quantity="price", dimension="CNY", high=10, op="overlaps", hard=True)
    index = index_of(price(12), price(15), price(40))
    assert match(index, [wanted]).relaxations == (Relaxation(0, "widen", 2, high=15.0),)


ROAD = [needs("process", name) for name in ("fermentation", "drying", "milling")]


def test_route_covers_together_what_none_covers_alone() -> None:
    index = index_of(
        line("grower", value("process", "fermentation")),
        line("dryer", value("process", "spray drying"), value("process", "milling")),
        line("mill", value("process", "milling")),
    )
    assert match(index, ROAD).routes == (Route((RouteStep("grower", (0,)), RouteStep("dryer", (1, 2)))),)


def test_route_of_three_and_what_stays_missing() -> None:
    index = index_of(
        line("grower", value("process", "fermentation")),
        line("dryer", value("process", "drying")),
        line("mill", value("process", "milling")),
    )
    steps = (RouteStep("grower", (1,)), RouteStep("dryer", (2,)), RouteStep("mill", (3,)))
    assert match(index, [needs("process", "welding"), *ROAD]).routes == (Route(steps, (0,)),)


def test_no_route_where_one_covers_all_or_nothing_is_gained() -> None:
    everything = line("all", *(value("process", name) for name in ("fermentation", "drying", "milling")))
    assert match(index_of(everything, line("mill", value("process", "milling"))), ROAD).routes == ()
    assert match(index_of(line("mill", value("process", "milling"))), ROAD).routes == ()
    assert match(index_of(everything), ROAD[:1]).routes == ()


def test_route_takes_the_better_member_and_none_that_violates_another_condition() -> None:
    index = index_of(
        line("grower", value("process", "fermentation"), region=("CN", "510000")),
        line("dryer", value("process", "drying"), region=("CN", "510000")),
        line("better", value("process", "drying"), value("chain", "food"), region=("CN", "510000")),
        line("best", value("process", "drying"), value("chain", "food"), words=("whey",), region=("DE",)),
    )
    wanted = [*ROAD[:2], needs("chain", "food"), needs("region", "CN", hard=True)]
    assert match(index, wanted, Wish(("whey",))).routes == (
        Route((RouteStep("grower", (0,)), RouteStep("better", (1,)))),
    )


def test_route_of_three_goes_as_far_as_it_can() -> None:
    names = ("fermentation", "drying", "milling", "welding")
    index = index_of(*(line(name, value("process", name)) for name in names))
    found = match(index, [needs("process", name) for name in names]).routes
    assert [len(route.steps) for route in found] == [3, 3, 3]
    assert [len(route.missing) for route in found] == [1, 1, 1]
