"""Words of a text for keyword coverage: Latin words and Chinese bigrams, folded. No dictionary needed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from operator import add
from sys import intern

_RUNS = re.compile(r"[a-z][a-z0-9+-]*[a-z0-9]|[\u3400-\u9fff]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_SHORT = 24
# Words of the trade's small talk: in nearly every text, so they tell nothing.
_STOP = frozenset(
    ["中试", "平台", "需要", "我们", "希望", "可以", "进行", "要求", "公司", "提供", "服务", "the", "and", "for"]
)


def words_of(*texts: str) -> tuple[str, ...]:
    """Return the distinct words of the texts in order of appearance: `[a-z…]` runs and pairs of Chinese signs."""
    runs = (run for text in texts for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()))
    return tuple(dict.fromkeys(chain.from_iterable(map(_words_in, runs))))


def _words_in(run: str) -> Iterable[str]:
    return _often(run) if len(run) <= _SHORT else _cut(run)


@lru_cache(maxsize=16_384)
def _often(run: str) -> tuple[str, ...]:
    """The same names and phrases come again in listing after listing."""
    return _cut(run)


def _cut(run: str) -> tuple[str, ...]:
    pieces = map(add, run, run[1:]) if len(run) > 1 and _CJK.match(run) else (run,)
    # One string for each word, however many listings hold it: they are most of what an index weighs.
    return tuple(intern(word) for word in pieces if word not in _STOP)


def contains(name: str, wanted: str) -> bool:
    """Is this the wanted thing or a kind of it by its name? 钒钛新材料 holds 钛, but CO2 does not hold CO."""
    first, second = name.casefold(), wanted.casefold()
    return first == second or (bool(_CJK.search(second)) and second in first)
