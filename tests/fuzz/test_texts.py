"""Reading any text: never a failure, the same each time, every quotation where it says it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests.records import conditions_from
from requests.services.reading import need_read
from tests.fuzz.bounds import bounded
from zhongshi.core.errors import DomainError

pytestmark = pytest.mark.django_db
_PIECES = [
    "500L", "发酵罐", "−80℃", "不需要GMP", "预算60万元以内", "3～5吨/天", "pH", "必须", "或", "2027年3月", "四川成都",
    "１０㎥", "1e308kg", "０．５", "≤", "不低于", "\u200b", "\n", "\U0001f9ea", "；", "（", "GMP", "Ø50", "10^6 CFU/mL",
    "三批",
]  # fmt: skip
texts = st.lists(st.sampled_from(_PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=14)


@bounded(80)
@given(texts, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_any_text_is_read_twice_alike_and_quotes_itself(pieces: list[str], title: str) -> None:
    text = "".join(pieces)
    try:
        first, again = need_read(title=title, text=text), need_read(title=title, text=text)
    except DomainError:
        return
    assert first == again
    whole = f"{title}\n{text}"
    for condition in first.conditions:
        record = condition.to_exchange()
        start, end = record["span"]
        assert 0 <= start < end <= len(whole)
        assert whole[start:end] == record["text"]
    # What was read can be sent back as it is.
    conditions_from([condition.to_exchange() for condition in first.conditions])
