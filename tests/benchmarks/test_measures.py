"""The arithmetic of the benchmarks, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from benchmarks.measures import Judgement, mean, ndcg, percentile, recall, transposed

SECOND = 1 / math.log2(3)


def test_the_ideal_ranking_has_1() -> None:
    judgement = Judgement.of({"a": 4, "b": 2, "c": 1})
    assert ndcg(["a", "b", "c"], judgement) == pytest.approx(1)


def test_gains_are_1_3_7_15_and_places_count_less_and_less() -> None:
    judgement = Judgement.of({"a": 4, "b": 3})
    assert ndcg(["b", "a"], judgement) == pytest.approx((7 + 15 * SECOND) / (15 + 7 * SECOND))
    assert ndcg(["x", "b"], judgement) == pytest.approx(7 * SECOND / (15 + 7 * SECOND))
    assert ndcg(["x"], Judgement.of({"a": 2, "b": 1})) == 0


def test_only_ten_places_count_in_the_ranking_and_in_the_ideal() -> None:
    judgement = Judgement.of({f"a{number}": 1 for number in range(30)})
    assert ndcg([f"a{number}" for number in range(10)], judgement) == pytest.approx(1)
    assert ndcg([*(f"x{number}" for number in range(10)), "a1"], judgement) == 0


def test_counts_stand_for_listings_whose_grades_are_not_named() -> None:
    judgement = Judgement((0, 0, 0, 1), {})
    assert ndcg(["a"], judgement) == 0


def test_a_need_without_anything_relevant_is_not_judged() -> None:
    assert ndcg(["a"], Judgement.of({})) is None
    assert recall(["a"], Judgement.of({"a": 1})) is None


def test_recall_looks_for_grade_3_and_up() -> None:
    judgement = Judgement.of({"a": 4, "b": 3, "c": 2})
    assert recall(["a", "c", "x"], judgement) == 0.5
    assert recall([*(f"x{number}" for number in range(20)), "a"], judgement) == 0


def test_recall_looks_for_grade_2_where_there_is_no_3() -> None:
    assert recall(["a"], Judgement.of({"a": 2, "b": 2, "c": 1})) == 0.5


def test_recall_asks_for_no_more_than_twenty() -> None:
    judgement = Judgement.of({f"a{number}": 3 for number in range(40)})
    assert recall([f"a{number}" for number in range(20)], judgement) == 1


def test_the_mean_leaves_out_what_is_unknown() -> None:
    assert mean([1.0, None, 0.0]) == 0.5
    assert mean([None]) is None


@pytest.mark.parametrize(("share", "value"), [(0.95, 19), (0.5, 10), (1.0, 20), (0.0, 1)])
def test_the_percentile_is_one_of_the_values(share: float, value: int) -> None:
    assert percentile([float(number) for number in range(20, 0, -1)], share) == value


def test_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_judgements_can_be_turned_round() -> None:
    judgements = {"n1": Judgement.of({"a": 4, "b": 1}), "n2": Judgement.of({"a": 2})}
    assert transposed(judgements) == {"a": {"n1": 4, "n2": 2}, "b": {"n1": 1}}
