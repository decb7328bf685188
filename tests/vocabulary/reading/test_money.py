"""Budgets, prices for a time, and how long a platform is wanted."""

import pytest

from .conftest import Read
from .notation import line


def spending(text: str, read: Read) -> list[str]:
    return [line(condition) for condition in read(text) if condition.kind in ("budget", "duration")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算80万以内", ["budget ..800000 CNY"]),
        ("预算八十万", ["budget 800000..800000 CNY"]),
        ("预算：六十到八十万元", ["budget 600000..800000 CNY"]),
        ("预算不超过120万元", ["budget ..1200000 CNY"]),
        ("Budget not more than USD 250,000", ["budget ..250000 USD"]),
        ("每周不超过23万", ["price_per_week ..23 万元/周"]),
        ("每周费用不超过23万元", ["price_per_week ..23 万元/周"]),
        ("价格12万元/周", ["price_per_week 12..12 万元/周"]),
        ("包月26万元", ["price_per_week 6..6 万元/周"]),
        ("预算80万以内，每周不超过23万", ["budget ..800000 CNY", "price_per_week ..23 万元/周"]),
        ("费用每批不超过5万元，总预算30万", ["budget 300000..300000 CNY"]),
        ("前期已投入800万元", []),
        ("周期3个月", ["duration 3..3 month"]),
        ("连续运行一个月", ["duration 1..1 month"]),
        ("年运行300天", []),
        ("保质期12个月", []),
    ],
)
def test_spending_is_read(text: str, expected: list[str], read: Read) -> None:
    assert spending(text, read) == expected
