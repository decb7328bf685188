"""How long the reader takes over texts made to slow it down: ``python -m benchmarks.reading``.

Prints milliseconds for 1,000 to 50,000 characters of each text, the exponent by which the time grows from 5,000 to
50,000 (1 is linear), and what a need of usual length costs. No part of the service; nothing here passes or fails.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import date

from zhongshi.vocabulary.reading import Lexicon, load_default_lexicon, read_capability, read_need

LENGTHS = (1_000, 5_000, 25_000, 50_000)
TODAY = date(2026, 11, 21)
USUAL = (
    "我们做精密发酵，5L小罐已经稳定，现在想找1吨左右的发酵罐连续跑三批中试。预算60万以内，最好8月底前能上罐，成都优先。"
    "需要食品级资质，产品冻干成粉，CNAS或CMA报告均可，温度零下20到80度。"
)
HOSTILE = {
    "usual needs": USUAL,
    "no stops": USUAL.translate(str.maketrans("", "", "，。")),
    "one letter": "a",
    "one digit": "1",
    "thousands": "1,",
    "half a range": "1-",
    "hanzi numeral": "一",
    "amounts": "5升",
    "per cent": "5%",
    "range without end": "5L到",
    "two steps": "先5升再6升",
    "vessels": "2台5升",
    "places": "成都或",
    "negations": "不需要",
    "needless": "无GMP",
    "either": "GMP或CMA或",
    "operations": "发酵、",
    "background": "已有发酵",
    "dates": "8月1日前启动。",
    "budgets": "预算50万。",
    "prices": "每周5万",
    "signs": "~-≥≤±",
    "english": "within 5 days we need pilot ",
    "emoji": "😀",
    "new lines": "\n",
}


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The shortest of several runs."""
    best = math.inf
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def both(text: str, lexicon: Lexicon) -> float:
    """Seconds to read a text as a need and as a listing."""
    as_need = seconds(lambda: read_need("标题", text, lexicon, today=TODAY))
    return as_need + seconds(lambda: read_capability({}, {"name": "x", "summary": text}, lexicon))


def main() -> None:
    """Print one line a text."""
    lexicon = load_default_lexicon()
    usual = seconds(lambda: read_need("", USUAL, lexicon, today=TODAY), 50)
    print(f"a need of {len(USUAL)} characters: {usual * 1e3:.2f} ms")
    print("text".ljust(20), *(f"{length:>8}" for length in LENGTHS), "  growth   (ms, as need and as listing)")
    for name, piece in HOSTILE.items():
        took = [both((piece * length)[:length], lexicon) for length in LENGTHS]
        growth = math.log(took[-1] / took[1]) / math.log(LENGTHS[-1] / LENGTHS[1])
        print(name.ljust(20), *(f"{each * 1e3:8.1f}" for each in took), f"{growth:8.2f}")


if __name__ == "__main__":
    main()
