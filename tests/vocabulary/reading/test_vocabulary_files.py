"""The CSV files are the truth: codes are unique, references resolve, the map of the country is whole."""

from collections import Counter

import pytest

from zhongshi.vocabulary.reading import Lexicon
from zhongshi.vocabulary.reading.sources import DATA_FOLDER, FILES, read_rows

COMMON = ["code", "name_zh", "name_en", "parent", "version", "source"]


@pytest.mark.parametrize("kind", FILES)
def test_codes_are_unique_and_parents_exist(kind: str) -> None:
    rows = list(read_rows(DATA_FOLDER / FILES[kind]))
    codes = [row["code"] for row in rows]
    assert list(rows[0])[:6] == COMMON
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert [row["parent"] for row in rows if row["parent"] and row["parent"] not in codes] == []
    assert [row["code"] for row in rows if not row["name_zh"] or not row["version"] or not row["source"]] == []
    assert max(map(len, codes)) <= 60


def test_synonyms_belong_to_a_term_and_stand_once() -> None:
    known = {(kind, row["code"]) for kind, name in FILES.items() for row in read_rows(DATA_FOLDER / name)}
    rows = list(read_rows(DATA_FOLDER / "synonyms.csv"))
    assert list(rows[0]) == ["kind", "code", "form", "language", "source"]
    assert [row for row in rows if (row["kind"], row["code"]) not in known] == []
    assert [key for key, times in Counter((r["kind"], r["code"], r["form"]) for r in rows).items() if times > 1] == []
    assert {row["language"] for row in rows} == {"zh", "en"}


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [("chain", "neighbours"), ("process", "related"), ("process", "steps"), ("qualification", "implies"),
     ("region", "members")],
)  # fmt: skip
def test_references_resolve(kind: str, attribute: str, lexicon: Lexicon) -> None:
    codes = {term.code for term in lexicon.terms(kind)}
    assert [code for term in lexicon.terms(kind) for code in term.listed(attribute) if code not in codes] == []


def test_materials_name_a_known_chain(lexicon: Lexicon) -> None:
    chains = {term.code for term in lexicon.terms("chain")}
    assert {term.attributes["chain"] for term in lexicon.terms("material")} <= chains


def test_the_map_is_whole(lexicon: Lexicon) -> None:
    levels = Counter(term.attributes["level"] for term in lexicon.terms("region"))
    assert levels["province"] == 34
    assert 330 <= levels["city"] <= 345
    for term in lexicon.terms("region"):
        if term.attributes["level"] in ("province", "city"):
            assert 3 < float(term.attributes["lat"]) < 54, term.code
            assert 73 < float(term.attributes["lon"]) < 136, term.code
        if term.attributes["level"] == "city":
            assert term.code[:2] == term.parent[:2], term.code
