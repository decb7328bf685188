import pytest

from .conftest import Read


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        ("必须有CNAS", True),
        ("要有CNAS", True),
        ("有CNAS", True),
        ("最好有CNAS", False),
        ("CNAS优先", False),
        ("CNAS preferred", False),
        ("300升发酵罐", True),
        ("最好300升发酵罐", False),
    ],
)
def test_hardness(text: str, hard: bool, read: Read) -> None:
    assert {condition.hard for condition in read(text) if condition.kind != "material"} == {hard}


def test_a_must_beats_a_wish_in_one_clause(read: Read) -> None:
    (condition,) = read("最好有而且必须有CNAS")
    assert condition.hard


def test_only_the_first_process_is_a_must(read: Read) -> None:
    assert [(c.value, c.hard) for c in read("发酵，再离心")] == [("发酵", True), ("离心", False)]


def test_no_process_is_a_must_where_parts_may_be_split(read: Read) -> None:
    assert [(c.value, c.hard) for c in read("发酵，再离心，可以分开")] == [("发酵", False), ("离心", False)]


@pytest.mark.parametrize(
    "text",
    [
        "5L小罐已经稳定",
        "室内200升反应器已跑了半年",
        "现有1.4万吨/年产线",
        "后面做10万吨级装置，远期5000吨/年",
        "研发投入已经2500万元",
        "我们有3吨设备",
        "We already have a 50 L vessel",
    ],
)
def test_background_amounts_are_skipped(text: str, read: Read) -> None:
    assert [c for c in read(text) if c.quantity is not None] == []


def test_a_word_of_wanting_ends_the_background(read: Read) -> None:
    assert [c.min for c in read("已完成5升小试现需放大到500升") if c.quantity == "volume"] == [500.0]
