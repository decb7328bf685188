import pytest

from zhongshi.vocabulary.reading.numbers import to_bounds, to_number


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,000", 1000.0),
        ("12,500.5", 12500.5),
        ("1.4万", 14000.0),
        ("3千万", 3e7),
        ("50k", 50000.0),
        ("1.2 million", 1.2e6),
        ("两百", 200.0),
        ("八十万", 800000.0),
        ("三千五", 3500.0),
        ("两万五", 25000.0),
        ("一百零五", 105.0),
        ("十五", 15.0),
        ("二十", 20.0),
        ("一点五", 1.5),
        ("二〇二七", 2027.0),
        ("一亿二", 1.2e8),
        ("半", 0.5),
        ("twelve", 12.0),
    ],
)
def test_number_is_read(written: str, expected: float) -> None:
    assert to_number(written) == pytest.approx(expected)


@pytest.mark.parametrize("written", ["", "abc", "半吨", "一二三四五六x", "点五", "1,00", "..", "-"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert to_number(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("两三百", (200, 300)),
        ("三五", (3, 5)),
        ("十七八", (17, 18)),
        ("七八十万", (700_000, 800_000)),
        ("一百二三十", (120, 130)),
        ("二十三", (23, 23)),
        ("九八", (98, 98)),
        ("二〇二七", (2027, 2027)),
        ("1.4万", (14_000, 14_000)),
    ],
)
def test_two_digits_side_by_side_are_a_range(written: str, expected: tuple[float, float]) -> None:
    assert to_bounds(written) == pytest.approx(expected)


def test_bounds_of_what_is_no_number_are_none() -> None:
    assert to_bounds("半吨") is None
