"""Any text, of any length: no exception, and time that grows with the length only."""

import sys
import time
from types import FrameType

import pytest

from zhongshi.vocabulary.reading import Lexicon, read_capability, read_need

from .conftest import TODAY

USUAL = (
    "我们做精密发酵，5L小罐已经稳定，现在想找1吨左右的发酵罐连续跑三批中试。预算60万以内，最好8月底前能上罐，成都优先。"
)
LONG = {
    "usual": USUAL,
    "no stops": USUAL.replace("，", "").replace("。", ""),
    "digits": "1",
    "thousands": "1,",
    "ranges": "1-",
    "hanzi numbers": "一",
    "amounts": "5升",
    "half ranges": "5L到",
    "places": "成都或",
    "negations": "不需要",
    "dates": "8月1日前启动。",
    "budgets": "预算50万。",
    "either": "GMP或CMA或",
    "vessels": "2台5升",
    "needless": "无GMP",
    "prices": "每周5万",
    "emoji": "😀",
    "latin": "a",
    "newlines": "\n",
}


@pytest.mark.parametrize("name", LONG)
def test_fifty_thousand_characters_are_read_in_time(name: str, lexicon: Lexicon) -> None:
    text = (LONG[name] * 50_000)[:50_000]
    whole = f"标题\n{text}"
    begun = time.process_time()  # This process's own: what else the machine does counts for nothing.
    for condition in read_need("标题", text, lexicon, today=TODAY).conditions:
        assert whole[slice(*condition.span)] == condition.text
    read_capability({}, {"name": "x", "summary": text}, lexicon)
    assert time.process_time() - begun < 15


def calls(text: str, lexicon: Lexicon) -> int:
    """How many functions reading this text calls: the same on every machine, however busy it is."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read_need("标题", text, lexicon, today=TODAY)
        read_capability({}, {"name": "x", "summary": text}, lexicon)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", LONG)
def test_twice_the_text_takes_no_more_than_twice_the_calls(name: str, lexicon: Lexicon) -> None:
    piece = LONG[name] * 8_000
    calls(piece[:4_000], lexicon)  # what is built once is built now
    assert calls(piece[:8_000], lexicon) <= 2.1 * calls(piece[:4_000], lexicon)


@pytest.mark.parametrize("text", ["", " ", "\n", "无", "123", "?", "a" * 10])
def test_empty_and_idle_texts_give_no_condition(text: str, lexicon: Lexicon) -> None:
    assert read_need("", text, lexicon, today=TODAY).conditions == ()
