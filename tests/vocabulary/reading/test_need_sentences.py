"""266 sentences of our own, as tenders, lists of needs and telephone notes write them, 41 of them English.

Each has every condition that is to be read from it and no other: kind, quantity, bounds, unit or value, whether all
of a range is meant, and whether it is a must (`notation.exact_line`). What was expected was written down before the
reader first saw the sentence, and mended afterwards only where the author had overlooked a word.
"""

import csv
from pathlib import Path

import pytest

from zhongshi.vocabulary.reading import Lexicon, read_need

from .conftest import TODAY
from .notation import exact_lines


def sentences() -> list[tuple[str, set[str]]]:
    with Path(__file__).with_name("need_sentences.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], {part.strip() for part in row["conditions"].split("|") if part.strip()}) for row in rows]


@pytest.mark.parametrize(("text", "expected"), sentences())
def test_sentence_gives_exactly_these_conditions(text: str, expected: set[str], lexicon: Lexicon) -> None:
    assert exact_lines(read_need("", text, lexicon, today=TODAY)) == expected


def test_no_sentence_stands_twice() -> None:
    texts = [text for text, _ in sentences()]
    assert len(texts) == len(set(texts)) >= 260
