"""Who is left out by which must: exact on a small world, and as many as the counted reasons on any."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CapabilityFacts, Condition, Index, left_out, match

from .worlds import KNOWLEDGE, catalogues, conditions, line, needs, needs_volume, value, volume

HARD = [needs("process", "drying", hard=True), needs("stage", "PILOT"), needs_volume(50, 50, hard=True)]
WORLD = (
    line("1", value("process", "drying"), volume(1, 100)),
    line("2", value("process", "lithography"), volume(1, 10, text="十升")),
    line("10", value("process", "drying"), volume(1, 40)),
    line("3", value("process", "drying"), volume(1, 10)),
    line("4"),
)


def names(index: Index, position: int | None, start: int = 0, count: int = 20) -> tuple[int, list[str]]:
    total, shown = left_out(index, HARD, position, start=start, count=count)
    return total, [item.capability for item in shown]


def test_those_that_miss_least_come_first_then_by_id() -> None:
    index = Index.build(WORLD, KNOWLEDGE)

    assert names(index, 2) == (3, ["3", "10", "2"])
    assert names(index, 0) == (1, ["2"])
    assert names(index, None) == (3, ["3", "10", "2"])
    assert names(index, None, start=1, count=1) == (3, ["10"])


def test_each_names_all_it_violates_with_what_it_states() -> None:
    _, (item,) = left_out(Index.build(WORLD, KNOWLEDGE), HARD, 0, start=0, count=5)

    assert item.violated == (0, 2)
    assert item.judgements[2].evidence == "十升"


def test_a_wish_keeps_nobody_away() -> None:
    index = Index.build(WORLD, KNOWLEDGE)

    assert names(index, 1) == (0, [])
    assert left_out(index, [needs("stage", "PILOT")], None, start=0, count=5) == (0, ())


@settings(max_examples=60, deadline=None)
@given(catalogues(), st.lists(conditions(), max_size=4))
def test_as_many_as_the_reasons_count(records: list[CapabilityFacts], asked: list[Condition]) -> None:
    index = Index.build(records, KNOWLEDGE)
    outcome = match(index, asked)

    for exclusion in outcome.excluded:
        assert left_out(index, asked, exclusion.condition, start=0, count=0)[0] == exclusion.count
    listed = left_out(index, asked, None, start=0, count=len(records))
    assert listed[0] == len(listed[1]) == outcome.funnel[0].count - outcome.candidates
