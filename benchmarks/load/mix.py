"""What people ask and post: searches by words, filters and both, and needs as they are written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

_WORDS = (
    "发酵", "发酵 罐", "反应釜", "喷雾干燥", "GMP", "纯化", "冻干", "涂布", "流片", "挤出", "萃取", "结晶 干燥", "测试",
    "封装", "烧结", "注塑", "成都", "高压 反应", "薄膜", "催化剂",
)  # fmt: skip
_FILTERS = (
    "process=发酵", "process=发酵&qualification=GMP", "chain=生物制造", "chain=新材料&stage=PILOT", "region=510000",
    "chain=创新药&process=冻干", "qualification=CNAS", "stage=PILOT&region=330000", "service=工艺放大熟化",
    "quantity=volume&value=500&unit=L",
)  # fmt: skip
_TEXT = "需要{litres}升发酵罐做精密发酵中试{batches}批，配套喷雾干燥，食品级资质，最好在四川，预算{money}万元以内。"


MOST = 2000


def searches() -> list[str]:
    """Query strings: words, filters and both."""
    asked = [f"q={word}" for word in _WORDS]
    asked += [*_FILTERS, "", "chain=生物医药"]
    asked += [f"q={word}&{kept}" for word, kept in zip(_WORDS, _FILTERS[:4], strict=False)]
    return [quote(one, safe="=&") for one in asked]


def pages() -> list[str]:
    """Addresses of the search page: every second one its first page, the others the next four."""
    first = [f"/services/?{query}" for query in searches()]
    return first * 4 + [f"{one}&page={page}" for one in first for page in (2, 3, 4, 5)]


def calls() -> list[str]:
    """Addresses of the search call of the API, which refuses pages that are not there: the first ones."""
    return [f"/api/v1/capabilities/?{query}" for query in searches()]


def needs(file: Path | None) -> list[dict[str, str]]:
    """Bodies to post: title and text of the needs of an exchange file, else two hundred of our own."""
    if file is not None and file.exists():
        return [{"title": row["title"], "text": row["text"]} for row in _lines(file)]
    return [
        {
            "title": f"精密发酵中试 {number}",
            "text": _TEXT.format(litres=100 + 50 * (number % 20), batches=1 + number % 5, money=20 + number),
        }
        for number in range(200)
    ]


def _lines(file: Path) -> Iterator[dict[str, str]]:
    content = file.read_bytes()
    text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode()
    yield from map(json.loads, text.splitlines()[:MOST])
