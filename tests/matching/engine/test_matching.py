"""Score, order, the need's own wishes and the way back: exact, on worlds small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    CapabilityFacts,
    Component,
    Condition,
    Index,
    OpenNeed,
    OpenNeeds,
    Outcome,
    Result,
    Rules,
    Step,
    Verdict,
    Wish,
    candidates,
    explain,
    match,
)

from .worlds import KNOWLEDGE, catalogues, conditions, line, needs, needs_volume, value, volume


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


def test_rules_from_stored_weights() -> None:
    rules = Rules.from_mapping({"process": 50, "unknown": 2}, version="r7")
    assert (rules.version, rules.process, rules.unknown, rules.product) == ("r7", 50.0, 2.0, 25.0)
    assert Rules.from_mapping(rules.as_mapping(), version="r7") == rules


@pytest.mark.parametrize("weights", [{"colour": 1}, {"process": "much"}, {"process": -1}, {"process": True}])
def test_rules_refuse_what_they_cannot_use(weights: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown weights|must be a number"):
        Rules.from_mapping(weights, version="x")
