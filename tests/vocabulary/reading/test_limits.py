"""Any text, of any length: no exception, and time that grows with the length only."""

import time

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
    "emoji": "😀",
    "latin": "a",
    "newlines": "\n",
}


@pytest.mark.parametrize("name", LONG)
def test_fifty_thousand_characters_are_read_in_time(name: str, lexicon: Lexicon) -> None:
    text = (LONG[name] * 50_000)[:50_000]
    started = time.perf_counter()
    read_need("标题", text, lexicon, today=TODAY)
    read_capability({}, {"name": "x", "summary": text}, lexicon)
    assert time.perf_counter() - started < 15


def test_twice_the_text_takes_about_twice_the_time(lexicon: Lexicon) -> None:
    def seconds(length: int) -> float:
        text = (LONG["no stops"] * length)[:length]
        best = []
        for _ in range(3):
            started = time.perf_counter()
            read_need("", text, lexicon, today=TODAY)
            best.append(time.perf_counter() - started)
        return min(best)

    assert seconds(40_000) < 6 * seconds(20_000)


def test_a_common_need_is_read_within_a_few_milliseconds(lexicon: Lexicon) -> None:
    times = []
    for _ in range(20):
        started = time.perf_counter()
        read_need("精密发酵中试", USUAL * 3, lexicon, today=TODAY)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.02


@pytest.mark.parametrize("text", ["", " ", "\n", "无", "123", "?", "a" * 10])
def test_empty_and_idle_texts_give_no_condition(text: str, lexicon: Lexicon) -> None:
    assert read_need("", text, lexicon, today=TODAY).conditions == ()
