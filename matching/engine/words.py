"""Words of a text for keyword coverage: Latin words and Chinese bigrams, folded. No dictionary needed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from operator import add

_RUNS = re.compile(r"[a-z][a-z0-9+-]*[a-z0-9]|[\u3400-\u9fff]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
# Words of the trade's small talk: in nearly every text, so they tell nothing.
_STOP = frozenset(
    ["中试", "平台", "需要", "我们", "希望", "可以", "进行", "要求", "公司", "提供", "服务", "the", "and", "for"]
)


def words_of(*texts: str) -> tuple[str, ...]:
    """Return the distinct words of the texts in order of appearance: `[a-z…]` runs and pairs of Chinese signs."""
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
            found.update(dict.fromkeys(_pieces(run)))
    return tuple(word for word in found if word not in _STOP)


def _pieces(run: str) -> Iterable[str]:
    if not _CJK.match(run):
        return (run,)
    return map(add, run, run[1:]) if len(run) > 1 else (run,)


def contains(name: str, wanted: str) -> bool:
    """Is this the wanted thing or a kind of it by its name? 钒钛新材料 holds 钛, but CO2 does not hold CO."""
    first, second = name.casefold(), wanted.casefold()
    return first == second or (bool(_CJK.search(second)) and second in first)
