"""27 sentences of our own as platforms write them, each with every fact that is to be read from it and no other."""

import csv
from pathlib import Path

import pytest

from zhongshi.vocabulary.reading import Fact, Lexicon, read_text


def sentences() -> list[tuple[str, set[str]]]:
    with Path(__file__).with_name("listing_sentences.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], {part.strip() for part in row["facts"].split("|") if part.strip()}) for row in rows]


def line(fact: Fact) -> str:
    """One fact; ``-`` is said not to be there, ``x2`` counts vessels."""
    mark = "-" if fact.negated else ""
    if fact.quantity is None:
        return f"{mark}{fact.kind} {fact.value}"
    low, high = ("" if bound is None else f"{bound:.10g}" for bound in (fact.min, fact.max))
    return f"{mark}{fact.quantity} {low}..{high} {fact.unit}" + (f" x{fact.count}" if fact.count else "")


@pytest.mark.parametrize(("text", "expected"), sentences())
def test_sentence_gives_exactly_these_facts(text: str, expected: set[str], lexicon: Lexicon) -> None:
    assert {line(fact) for fact in read_text(text, lexicon)} == expected
