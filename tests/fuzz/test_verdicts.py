"""What a verdict may never do when a capability is widened or a condition relaxed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.engine.model import Condition, Verdict
from matching.engine.verdicts import judge
from tests.fuzz.bounds import bounded
from tests.matching.engine.worlds import KNOWLEDGE, line, needs_volume, volume
from zhongshi.vocabulary.reading.units import unit_table

numbers = st.floats(min_value=1e-9, max_value=1e9, allow_nan=False)
ends = st.none() | numbers
OPS = st.sampled_from(["covers", "overlaps"])


def _verdict(low: float | None, high: float | None, condition: Condition) -> Verdict:
    [judgement] = judge([condition], line("a", volume(low, high)), KNOWLEDGE)
    return judgement.verdict


def _ordered(one: float | None, other: float | None) -> tuple[float | None, float | None]:
    return (other, one) if one is not None and other is not None and other < one else (one, other)


def _wider(low: float | None, high: float | None, by: float) -> tuple[float | None, float | None]:
    return (None if low is None else low / by), (None if high is None else high * by)


@bounded(300)
@given(ends, ends, ends, ends, OPS, st.booleans(), st.floats(1.0, 1e4))
def test_a_wider_capability_never_loses_a_pass(
    low: float | None, high: float | None, least: float | None, most: float | None, op: str, hard: bool, by: float
) -> None:
    condition = needs_volume(*_ordered(least, most), op=op, hard=hard)
    narrow = _ordered(low, high)

    if _verdict(*narrow, condition) is Verdict.PASS:
        assert _verdict(*_wider(*narrow, by), condition) is Verdict.PASS


@bounded(300)
@given(ends, ends, ends, ends, st.floats(1.0, 1e4))
def test_a_wider_wish_to_overlap_never_turns_a_pass_into_a_fail(
    low: float | None, high: float | None, least: float | None, most: float | None, by: float
) -> None:
    offered, wished = _ordered(low, high), _ordered(least, most)

    if _verdict(*offered, needs_volume(*wished, op="overlaps")) is Verdict.PASS:
        assert _verdict(*offered, needs_volume(*_wider(*wished, by), op="overlaps")) is not Verdict.FAIL


@bounded(200)
@given(ends, ends, ends, ends, OPS)
def test_hardness_changes_no_verdict_and_silence_never_fails(
    low: float | None, high: float | None, least: float | None, most: float | None, op: str
) -> None:
    offered, wished = _ordered(low, high), _ordered(least, most)

    hard, soft = (_verdict(*offered, needs_volume(*wished, op=op, hard=hard)) for hard in (True, False))
    [silent] = judge([needs_volume(*wished, op=op, hard=True)], line("a"), KNOWLEDGE)
    assert hard is soft
    assert silent.verdict is not Verdict.FAIL


@bounded(200)
@given(st.sampled_from(sorted(unit_table())), numbers, numbers)
def test_units_keep_the_order_of_amounts(form: str, one: float, other: float) -> None:
    unit = unit_table()[form]
    converted = [amount * unit.factor + unit.offset for amount in sorted([one, other])]

    assert converted == sorted(converted)
