"""What a listing offers: clauses on what is not there, or was once, are left out."""

import json
import random

import pytest
from django.conf import settings

from matching.engine import words_of
from zhongshi.vocabulary.reading.clauses import Clauses
from zhongshi.vocabulary.reading.negation import is_lacking, is_past
from zhongshi.vocabulary.reading.normalise import normalise
from zhongshi.vocabulary.reading.unread import offered_text

PIECES = [
    "500L发酵罐", "喷雾干燥", "GMP", "不具备", "暂无", "无", "无菌", "曾为", "某药企", "曾", "formerly", "without",
    "freeze-drying", "、", "，", "。", "，无", ", ", "1,000 L", "3.5", ". ", "；", "\n", "客户包括", "unable", "cannot",
]  # fmt: skip


def plainly(text: str) -> tuple[str, ...]:
    """Words of the offered clauses, each judged by itself."""
    clauses = Clauses(normalise(text))
    kept = [
        clause.lower
        for clause in clauses.all
        if not (is_lacking(clauses, clause.end - 1) or is_past(clauses, clause.start))
    ]
    return words_of(*kept)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("500 L 发酵罐，不具备 GMP 条件。可喷雾干燥", "500 l 发酵罐，。可喷雾干燥"),
        ("曾为某药企提供冻干，现有反应釜", "。现有反应釜"),
        ("Freeze-Drying，500L", "freeze drying，500l"),
    ],
)
def test_leaves_out_what_is_not_there(text: str, offered: str) -> None:
    assert words_of(offered_text(text)) == words_of(offered)


def test_the_quick_way_leaves_out_no_other_words_than_clause_by_clause() -> None:
    chance = random.Random(5)  # noqa: S311 - texts, not secrets
    texts = ["".join(chance.choices(PIECES, k=chance.randint(1, 14))) for _ in range(5000)]
    with (settings.BASE_DIR / "platforms/demo/platforms.jsonl").open(encoding="utf-8") as lines:
        for platform in map(json.loads, lines):
            texts += [part.get("summary") or "" for part in platform["capabilities"]]

    assert [text for text in texts if words_of(offered_text(text)) != plainly(text)] == []
