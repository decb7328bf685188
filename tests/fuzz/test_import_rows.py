"""Whatever stands in a row beside it, a good row goes in, and nothing fails."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platforms.importing.causes import HARMLESS
from platforms.importing.columns import TEMPLATE, suggestions
from platforms.importing.files import open_file
from platforms.importing.model import Unit
from platforms.importing.tables import Layout, units_of_table
from tests.fuzz.bounds import bounded
from zhongshi.core.errors import InvalidInput

pytestmark = pytest.mark.django_db
_TRICKY = [
    "", "-", "=1+1", "＝cmd", "1e999", "NaN", "٣", "½", "5000L", "2027-02-31", "2026年13月1日", "500L发酵罐3台，20–60℃",
    "￥1.2e308万元", "\u202e\ufeff", "\U0001f600", "\x7f\x85", "a" * 3_000, "；；；", "示例：", "#REF!", "TRL 0-99",
]  # fmt: skip
# A text file with a NUL is no text: it is refused as a whole.
cells = st.sampled_from(_TRICKY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60
)
rows = st.lists(cells, min_size=1, max_size=len(TEMPLATE) + 2)


def _good_row() -> list[str]:
    named = dict(zip(("platform", "capability"), ("好平台", "发酵中试线"), strict=True))
    fields = [suggestion.field for suggestion in suggestions(TEMPLATE)]
    return [named.get(field, "") for field in fields]


def _units(table: list[list[str]]) -> list[Unit]:
    content = io.StringIO()
    csv.writer(content).writerows(table)
    opened = open_file("a.csv", content.getvalue().encode("utf-8-sig"))
    headings = opened.table[0]
    columns = tuple(suggestion.field for suggestion in suggestions(headings))
    return units_of_table(opened.table, Layout(headings, columns, 0, frozenset(HARMLESS)), owner="o")


@bounded(30)
@given(st.lists(rows, max_size=4))
@example([[text] * len(TEMPLATE) for text in _TRICKY])
def test_a_good_row_goes_in_whatever_its_neighbours_hold(neighbours: list[list[str]]) -> None:
    units = _units([list(TEMPLATE), *neighbours, _good_row()])

    named = [unit.record["name"] for unit in units if unit.record]
    assert "好平台" in named
    # What goes in can be stored and shown again as it stands.
    assert json.loads(json.dumps([unit.record for unit in units])) == [unit.record for unit in units]
    for unit in units:
        assert unit.record or unit.problems


@bounded(30)
@given(st.lists(st.lists(cells, max_size=12), max_size=6))
def test_any_table_is_read_or_refused_in_words(table: list[list[str]]) -> None:
    units: list[Unit] = []
    refusal: InvalidInput | None
    try:
        units = _units(table)
    except InvalidInput as caught:
        refusal = caught
    else:
        refusal = None
    assert units if refusal is None else refusal.errors


@bounded(80)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.jsonl", "a.gz", "a", "../../a.csv", "a.xls"]))
@example(b"PK\x03\x04" + b"\0" * 60, "a.xlsx")
@example(b"\x1f\x8b\x08" + b"\0" * 30, "a.gz")
@example(b"\xff\xfe\x00", "a.csv")
def test_any_bytes_are_a_file_or_a_refusal(content: bytes, name: str) -> None:
    # Nothing but a refusal that names the file may come out.
    with suppress(InvalidInput):
        open_file(name, content)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("id", "name", "operator", "region", "chains", "capabilities", "country", "source")
PARTS = ("id", "name", "summary", "parameters", "processes", "equipment", "availability", "price", "trl", "status")
parts = st.dictionaries(st.sampled_from(PARTS), anything, max_size=6)
records = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6) | st.builds(
    lambda record, part: record | {"id": "p", "name": "x", "capabilities": [part]},
    st.dictionaries(st.sampled_from(FIELDS), anything, max_size=3),
    parts,
)


@bounded(200)
@given(st.lists(records, min_size=1, max_size=3))
def test_any_exchange_record_is_taken_or_named(given_records: list[dict[str, Any]]) -> None:
    text = "\n".join(json.dumps(record) for record in given_records)
    try:
        opened = open_file("a.jsonl", text.encode("utf-8", "surrogatepass"))
    except InvalidInput:
        return
    for unit in opened.units or []:
        assert unit.record or unit.problems
