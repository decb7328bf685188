import pytest

from .conftest import Read
from .notation import line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不需要GMP", "?qualification GMP"),
        ("无需GMP认证", "?qualification GMP"),
        ("不要求CNAS", "?qualification CNAS"),
        ("GMP不强制", "?qualification GMP"),
        ("我们自己有GMP车间", "?qualification GMP"),
        ("No need for GMP", "?qualification GMP"),
        ("GMP is not required", "?qualification GMP"),
        ("不接受外协", "-service 外协"),
        ("谢绝转包", "-service 外协"),
        ("外包除外", "-service 外协"),
        ("Not interested in fermentation", "-process 发酵"),
        ("物料无放射性", "-hazard 放射性"),
        ("国内外都可以", "?region CN"),
        ("境外可", "?region CN"),
        ("国外也可以", "?region CN"),
        ("不能出境", "region CN"),
        ("必须GMP", "qualification GMP"),
    ],
)
def test_polarity(text: str, expected: str, read: Read) -> None:
    assert [line(condition) for condition in read(text)] == [expected]


def test_what_does_not_matter_beats_a_bare_mention(read: Read) -> None:
    assert [line(condition) for condition in read("GMP条件。不需要GMP。")] == ["?qualification GMP"]


def test_a_negation_ends_with_its_clause(read: Read) -> None:
    assert {line(condition) for condition in read("不需要GMP，要CNAS")} == {"?qualification GMP", "qualification CNAS"}


def test_with_or_without_is_no_negation(read: Read) -> None:
    assert [line(condition) for condition in read("问问有没有中试条件")] == ["stage PILOT"]
