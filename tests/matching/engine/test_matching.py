"""Ranking, funnel, reasons, relaxations, routes: exact, on worlds small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    CapabilityFacts,
    Component,
    Condition,
    Exclusion,
    Fact,
    Index,
    OpenNeed,
    OpenNeeds,
    Outcome,
    Relaxation,
    Result,
    Route,
    RouteStep,
    Rules,
    Step,
    Verdict,
    Window,
    Wish,
    candidates,
    explain,
    match,
    rank,
)

from .worlds import DAY, KNOWLEDGE, catalogues, conditions, line, needs, needs_run, needs_volume, value, volume


def index_of(*records: CapabilityFacts) -> Index:
    return Index.build(records, KNOWLEDGE)


def ranked(outcome: Outcome) -> list[str]:
    return [result.capability for result in outcome.results]


def test_score_is_the_sum_of_its_components() -> None:
    record = line(
        "a", value("process", "drying"), value("chain", "food"), volume(10, 100), words=("whey",), region=("DE",)
    )
    wanted = [
        needs("process", "drying", hard=True),
        needs("process", "fermentation"),
        needs("chain", "food"),
        needs_volume(20, 50),
        needs("qualification", "FOOD"),
        needs("region", "EU"),
    ]
    rules = Rules(process=40, product=30, scale=10, terms=10, region=10, budget=8, unknown=1, unknown_value=0.2)
    (result,) = match(index_of(record, line("b")), wanted, Wish(("whey", "lens")), rules).results[:1]
    # drying is there (weight 2), fermentation is not, but a process that often goes with it is (weight 1)
    process = (2 * 1.0 + 0.35) / 3
    assert result.components == (
        Component("process", 40.0, pytest.approx(process), pytest.approx(40 * process)),
        # whey stands there, and lens, which no listing has, tells nothing
        Component("product", 30.0, 1.0, 30.0),
        # 10 to 100 holds the whole of 20 to 50, on any scale
        Component("scale", 10.0, 1.0, 10.0),
        Component("terms", 10.0, 0.2, 2.0),
        Component("region", 10.0, 1.0, 10.0),
        Component("unknown", 0.0, 1.0, -1.0),
    )
    assert result.score == pytest.approx(sum(part.points for part in result.components))


def test_perfect_capability_scores_one_hundred() -> None:
    record = line("a", value("process", "drying"), value("material", "whey"))
    (result,) = match(index_of(record, line("b")), [needs("process", "drying"), needs("material", "whey")]).results[:1]
    assert result.score == 100.0


def test_open_question_on_a_must_costs_more() -> None:
    index, rules = index_of(line("a", value("stage", "PILOT"))), Rules(unknown=1, unknown_must=5)
    wish = [needs("stage", "PILOT"), needs("qualification", "FOOD")]
    must = [needs("stage", "PILOT"), needs("qualification", "FOOD", hard=True)]
    (mild,), (strict,) = match(index, wish, rules=rules).results, match(index, must, rules=rules).results
    assert mild.components[-1] == Component("unknown", 0.0, 1.0, -1.0)
    assert strict.components[-1] == Component("unknown", 0.0, 1.0, -5.0)


def test_silence_costs_more_beside_what_is_said_and_where_all_speak() -> None:
    speaks, silent = line("a", value("qualification", "ATEX")), line("b")
    rules = Rules(unknown_must=4, unknown_beside=20)
    must = [needs("process", "drying"), needs("qualification", "FOOD", hard=True)]

    def price(name: str, *records: CapabilityFacts) -> float:
        dryers = [replace(record, facts=(*record.facts, value("process", "drying"))) for record in records]
        return explain(index_of(*dryers), name, must, rules=rules).components[-1].points

    assert price("a", speaks) == -20.0
    # one of two speaks of permits: a half, squared, of the difference
    assert price("a", speaks, silent) == -(4 + 16 * 0.25)
    assert price("b", speaks, silent) == -4.0


def test_part_of_a_range_of_scale_counts_in_orders_of_magnitude() -> None:
    index = index_of(line("a", volume(10, 100)), line("b", volume(1, 10_000)), line("c", volume(50, 50)))
    wanted = [needs_volume(1, 100, op="overlaps")]
    found = {result.capability: result.components[1].value for result in match(index, wanted).results}
    assert found == {"a": pytest.approx(0.5), "b": 1.0, "c": pytest.approx(0.1)}


def test_unread_word_finds_the_line_that_writes_it_and_the_one_that_declares_its_meaning() -> None:
    knowledge = replace(KNOWLEDGE, likely={("process", "fluorination"): "fermentation"})
    writes = line("a", phrases=(("process", "fluorination"),))
    declares = line("b", value("process", "fermentation"))
    index = Index.build([writes, declares, line("c")], knowledge)
    rules = Rules(likely_value=0.9)
    asked = match(index, [], Wish(phrases=(("process", "fluorination"), ("process", "nobody knows"))), rules)
    assert {one.capability: one.components[0].value for one in asked.results} == {"a": 1.0, "b": 0.9, "c": 0.0}
    named = match(index, [needs("process", "fermentation")], rules=rules)
    assert {one.capability: one.components[0].value for one in named.results} == {"a": 0.9, "b": 1.0, "c": 0.0}
    # what a word probably means ranks, and judges nothing
    assert [one.judgements[0].verdict for one in named.results] == [Verdict.PASS, Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_product_nobody_knows_is_found_by_its_name() -> None:
    index = index_of(line("a", phrases=(("material", "卢卡替尼"),)), line("b", value("chain", "food")))
    wanted = [needs("chain", "food")]
    outcome = match(index, wanted, Wish(phrases=(("material", "卢卡替尼"),)))
    assert {one.capability: one.components[0].value for one in outcome.results} == {"a": 1.0, "b": 0.35}


@settings(max_examples=60, deadline=None)
@given(catalogues(), st.lists(conditions(), max_size=5), st.integers(1, 4))
def test_looking_only_where_it_is_worth_it_changes_nothing(
    records: list[CapabilityFacts], wanted: list[Condition], limit: int
) -> None:
    many = [replace(record, id=f"{record.id}-{copy}") for copy in range(300) for record in records]
    index, wish = Index.build(many, KNOWLEDGE), Wish(("whey",))
    plain = sorted(
        (explain(index, record.id, wanted, wish) for record in many[: len(records)]),
        key=lambda one: (-one.score, one.capability),
    )
    fitting = [
        one
        for one in plain
        if one.capability
        in {found.capability for found in match(index_of(*many[: len(records)]), wanted, wish).results}
    ]
    best = rank(index, wanted, wish, limit=limit)
    assert [round(one.score, 6) for one in best] == [round(fitting[0].score, 6)] * limit if fitting else not best


def test_open_questions_never_push_below_zero() -> None:
    (result,) = match(index_of(line("a")), [needs("process", "welding")], rules=Rules(unknown=10)).results
    assert result.score == 0.0
    assert result.components[-1] == Component("unknown", 0.0, 0.0, 0.0)


@settings(max_examples=100, deadline=None)
@given(catalogues(), st.lists(conditions(), max_size=5))
def test_scores_stay_between_0_and_100_and_add_up(records: list[CapabilityFacts], wanted: list[Condition]) -> None:
    outcome = match(Index.build(records, KNOWLEDGE), wanted, Wish(("whey", "发酵")), partial_limit=20)
    for result in outcome.results + outcome.partial:
        assert -1e-9 <= result.score <= 100 + 1e-9
        assert result.score == pytest.approx(sum(part.points for part in result.components), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(catalogues(), st.lists(conditions(), max_size=5))
def test_nothing_ranked_violates_a_hard_condition(records: list[CapabilityFacts], wanted: list[Condition]) -> None:
    outcome = match(Index.build(records, KNOWLEDGE), wanted, limit=20, partial_limit=20)

    def violates(result: Result) -> bool:
        pairs = zip(wanted, result.judgements, strict=True)
        return any(condition.hard and judged.verdict == Verdict.FAIL for condition, judged in pairs)

    assert not any(violates(result) for result in outcome.results)
    assert all(violates(result) for result in outcome.partial)
    assert len(outcome.results) == outcome.candidates
    assert len(outcome.results) + len(outcome.partial) == len(records)
    assert outcome.funnel[-1] == Step("candidates", None, outcome.candidates)
    assert candidates(Index.build(records, KNOWLEDGE), wanted) == outcome.candidates


@settings(max_examples=200, deadline=None)
@given(catalogues(), st.lists(st.tuples(st.lists(conditions(), max_size=5), st.booleans()), max_size=4), st.booleans())
def test_reverse_agrees_with_match(
    records: list[CapabilityFacts], asked: list[tuple[list[Condition], bool]], some: bool
) -> None:
    index = Index.build(records, KNOWLEDGE)
    wishes = [Wish(("whey",), (("process", "mulling"),), ("CN", "510000") if at_home else ()) for _, at_home in asked]
    needs_ = [
        OpenNeed(id=f"n{number}", conditions=tuple(wanted), wish=wish)
        for number, ((wanted, _), wish) in enumerate(zip(asked, wishes, strict=True))
    ]
    held = OpenNeeds(needs_, index)
    forward = {
        (need.id, result.capability): result
        for need in needs_
        for result in match(index, need.conditions, need.wish).results
    }
    for record in records:
        found = held.rank(record, limit=20 if some else None)
        assert {one.need for one in found} == {need for need, capability in forward if capability == record.id}
        assert [(-one.order, one.need) for one in found] == sorted((-one.order, one.need) for one in found)
        for one in found:
            result = forward[one.need, record.id]
            assert one.verdicts == tuple(judged.verdict for judged in result.judgements)
            assert one.score == pytest.approx(result.score)


def test_reverse_ranks_the_better_need_first_and_breaks_ties_by_id() -> None:
    dryer = line("a", value("process", "drying"))
    waiting = [
        OpenNeed(id="n3", conditions=(needs("process", "fermentation"),)),
        OpenNeed(id="n2", conditions=(needs("process", "drying"),)),
        OpenNeed(id="n1", conditions=(needs("process", "drying"),)),
        OpenNeed(id="n0", conditions=(needs("process", "lithography", hard=True),)),
    ]
    assert [one.need for one in OpenNeeds(waiting, index_of(dryer)).rank(dryer)] == ["n1", "n2", "n3"]
    assert [one.need for one in OpenNeeds(waiting, index_of(dryer)).rank(dryer, limit=1)] == ["n1"]


def test_ties_go_to_the_least_shown_then_to_the_smaller_id() -> None:
    index = index_of(line("c", exposure=1), line("b", exposure=2), line("d", exposure=1), line("a", exposure=3))
    assert ranked(match(index, [])) == ["c", "d", "b", "a"]
    assert ranked(match(index, [], limit=2)) == ["c", "d"]


def test_order_does_not_depend_on_the_order_of_loading() -> None:
    records = [line(f"c{number}", volume(number, 50)) for number in range(8)]
    wanted = [needs_volume(4, 40)]
    assert ranked(match(index_of(*records), wanted)) == ranked(match(index_of(*reversed(records)), wanted))


def test_home_counts_only_where_the_need_is_silent_about_regions() -> None:
    index = index_of(line("far", region=("DE",)), line("near", region=("CN", "510000", "510100")))
    home = ("CN", "510000", "510100")
    assert ranked(match(index, [], Wish(home=home))) == ["near", "far"]
    assert ranked(match(index, [needs("region", "EU")], Wish(home=home))) == ["far", "near"]
    waived = match(index, [needs("region", "CN", op="not_required")], Wish(home=home))
    assert [result.score for result in waived.results] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("place", "worth"),
    [
        (("CN", "510000", "510100"), 1.0),
        (("CN", "510000", "510700"), 0.85),
        (("CN", "500000"), 0.5),
        (("CN", "330000"), 0.4),
        (("DE",), 0.0),
        ((), 0.2),
    ],
)
def test_worth_of_a_region(place: tuple[str, ...], worth: float) -> None:
    (result,) = match(index_of(line("a", region=place)), [needs("region", "510100")]).results
    assert next(part.value for part in result.components if part.name == "region") == worth


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


def test_rules_from_stored_weights() -> None:
    rules = Rules.from_mapping({"process": 50, "unknown": 2}, version="r7")
    assert (rules.version, rules.process, rules.unknown, rules.product) == ("r7", 50.0, 2.0, 25.0)
    assert Rules.from_mapping(rules.as_mapping(), version="r7") == rules


@pytest.mark.parametrize("weights", [{"colour": 1}, {"process": "much"}, {"process": -1}, {"process": True}])
def test_rules_refuse_what_they_cannot_use(weights: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown weights|must be a number"):
        Rules.from_mapping(weights, version="x")
