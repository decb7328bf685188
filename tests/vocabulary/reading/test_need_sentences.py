"""Sentences as tenders and need forms write them, each with every condition that is to be read and no other."""

import csv
from pathlib import Path

import pytest

from zhongshi.vocabulary.reading import Lexicon, read_need

from .conftest import TODAY
from .notation import lines


def sentences() -> list[tuple[str, set[str]]]:
    with Path(__file__).with_name("need_sentences.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], {part.strip() for part in row["conditions"].split("|") if part.strip()}) for row in rows]


@pytest.mark.parametrize(("text", "expected"), sentences())
def test_sentence_gives_exactly_these_conditions(text: str, expected: set[str], lexicon: Lexicon) -> None:
    assert lines(read_need("", text, lexicon, today=TODAY)) == expected


def test_enough_sentences_are_in_the_table() -> None:
    assert len(sentences()) >= 90
