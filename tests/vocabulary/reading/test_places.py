import pytest

from .conftest import Read


@pytest.mark.parametrize(
    ("text", "codes", "hard"),
    [
        ("位置在四川或者重庆", ("510000", "500000"), True),
        ("成都优先", ("510100",), False),
        ("成都高新区优先", ("510100",), False),
        ("浙江杭州附近最好", ("330100",), False),
        ("江苏浙江均可", ("320000", "330000"), False),
        ("长三角优先", ("310000", "320000", "330000", "340000"), False),
        ("必须在国内", ("CN",), True),
        ("located in the United States", ("US",), True),
        ("Netherlands or Belgium preferred", ("NL", "BE"), False),
        ("青岛或大连。", ("370200", "210200"), False),
        ("江苏南通或盐城", ("320600", "320900"), False),
        ("希望苏州或无锡", ("320500", "320200"), False),
        ("山东的就好", ("370000",), False),
        ("只考虑成都及周边", ("510100",), True),
        ("必须在成都附近", ("510100",), True),
        ("山东省内", ("370000",), True),
        ("must be in Denmark; Sweden also works", ("DK", "SE"), False),
    ],
)
def test_place_is_read(text: str, codes: tuple[str, ...], hard: bool, read: Read) -> None:
    assert [(c.value, c.hard, c.op) for c in read(text) if c.kind == "region"] == [(codes, hard, "require")]


@pytest.mark.parametrize(
    "text",
    [
        "我司位于深圳",
        "天津大学的技术",
        "国内首创工艺",
        "在成都做模组",
        "原料为白银",
        "be in time",
        "We are a company in Germany",
    ],
)
def test_what_is_no_wish_for_a_place_is_left(text: str, read: Read) -> None:
    assert [c.value for c in read(text) if c.kind == "region"] == []


def test_a_second_foreign_choice_widens_the_first(read: Read) -> None:
    assert [c.value for c in read("新加坡优先，欧洲也能接受") if c.kind == "region"] == [("SG",), ("SG", "EU")]
