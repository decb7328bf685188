"""A whole column says what judging row by row says, and stays right while rows come, change and go."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CapabilityFacts, Condition, Index, judge, verdict_table

from .worlds import (
    DAY,
    KNOWLEDGE,
    capabilities,
    catalogues,
    conditions,
    line,
    needs,
    needs_run,
    needs_volume,
    value,
    volume,
)

asked = st.lists(conditions(), min_size=1, max_size=4)


def one_by_one(records: list[CapabilityFacts], wanted: list[Condition]) -> dict[str, tuple[str, ...]]:
    return {record.id: tuple(judged.verdict for judged in judge(wanted, record, KNOWLEDGE)) for record in records}


@settings(max_examples=300, deadline=None)
@given(catalogues(), asked)
def test_columns_agree_with_single_judgements(records: list[CapabilityFacts], wanted: list[Condition]) -> None:
    assert verdict_table(Index.build(records, KNOWLEDGE), wanted) == one_by_one(records, wanted)


@settings(max_examples=150, deadline=None)
@given(catalogues(), st.lists(st.tuples(st.integers(0, 7), capabilities() | st.none()), max_size=8), asked)
def test_index_follows_changes(
    records: list[CapabilityFacts], changes: list[tuple[int, CapabilityFacts | None]], wanted: list[Condition]
) -> None:
    index, left = Index.build(records, KNOWLEDGE), {record.id: record for record in records}
    for number, changed in changes:
        name = f"c{number}"
        if changed is None:
            assert index.remove(name) == (name in left)
            left.pop(name, None)
        else:
            fresh = line(
                name,
                *changed.facts,
                region=changed.region,
                availability=changed.availability,
                is_operating=changed.is_operating,
                words=changed.words,
            )
            index.upsert(fresh)
            left[name] = fresh
    assert verdict_table(index, wanted) == one_by_one(list(left.values()), wanted)
    assert len(index) == len(left)


def test_columns_agree_at_the_edges() -> None:
    """What random worlds seldom hit: ranges that only together suffice, runs that just fit."""
    records = [
        line("together", volume(1, 10), volume(20, 100)),
        line("apart", volume(1, 10), volume(60, 100)),
        line("just", availability=((DAY, DAY + 16),)),
        line("short", availability=((DAY, DAY + 15),)),
    ]
    wanted = [needs_volume(5, 80), needs_volume(5, 200), needs_run(3, 14, 14)]
    assert verdict_table(Index.build(records, KNOWLEDGE), wanted) == one_by_one(records, wanted)
    assert verdict_table(Index.build(records, KNOWLEDGE), wanted) == {
        "together": ("unknown", "fail", "unknown"),
        "apart": ("unknown", "fail", "unknown"),
        "just": ("unknown", "unknown", "pass"),
        "short": ("unknown", "unknown", "fail"),
    }


def test_index_knows_its_records() -> None:
    index = Index.build([line("a"), line("b"), line("a", value("process", "drying"))], KNOWLEDGE)
    assert sorted(record.id for record in index) == ["a", "b"]
    assert index.record("a").facts == (value("process", "drying"),)
    assert "a" in index
    assert index.remove("a")
    assert "a" not in index
    assert not index.remove("a")


def test_rows_of_removed_capabilities_are_used_again() -> None:
    index = Index.build([line("a"), line("b")], KNOWLEDGE)
    index.remove("a")
    index.upsert(line("c", value("process", "drying")))
    assert len(index.records) == 2
    assert verdict_table(index, [needs("process", "drying")]) == {"b": ("unknown",), "c": ("pass",)}


def test_index_may_begin_empty() -> None:
    index = Index.build([], KNOWLEDGE)
    assert verdict_table(index, [needs("process", "drying")]) == {}
    for number in range(40):
        index.upsert(line(f"c{number:02}", value("process", "drying")))
    assert len(verdict_table(index, [needs("process", "drying")])) == 40
