"""Workbooks are looked through before they are opened."""

from __future__ import annotations

import struct

import pytest

from platforms.importing.workbooks import read_workbook
from tests.platforms.importing.workbook import SHEET, around, sheet_of, workbook
from zhongshi.core.errors import InvalidInput

pytestmark = pytest.mark.usefixtures("english")


def _refusal(content: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_workbook(content)
    assert refused.value.errors == {"file": [str(refused.value.detail)]}
    return str(refused.value.detail)


def test_reads_cells_as_text_from_the_first_row() -> None:
    content = workbook(sheet_of([["平台名称", "价格"], ["甲 ", 300], ["乙", 1.5]]))

    assert read_workbook(content).rows == [["平台名称", "价格"], ["甲", "300"], ["乙", "1.5"]]


def test_keeps_the_numbers_of_rows_below_an_empty_one() -> None:
    content = workbook(around('<row r="3"><c r="B3"><v>7</v></c></row>'))

    assert read_workbook(content).rows == [["", ""], ["", ""], ["", "7"]]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (
            around('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "rows",
        ),
        (around('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'), "columns"),
        (around('<row><c r="A1"><v>1</v></c><c r="A1048576"><v>1</v></c></row>'), "rows"),
        (around("<row/>" * 5_002), "rows"),
        (around("<row>" + "<c/>" * 201 + "</row>"), "columns"),
        (around('<row r="1"><c r="a1"><v>1</v></c></row>'), "cannot be read"),
        (around("<row>"), "cannot be read"),
        (around("").replace("<worksheet", "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet", 1), "DOCTYPE"),
        (around("").replace("<worksheet", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><worksheet", 1), "DOCTYPE"),
    ],
)
def test_refuses_a_sheet_that_would_not_end_well(sheet: str, words: str) -> None:
    assert words in _refusal(workbook(sheet))


def test_sees_a_doctype_in_any_encoding() -> None:
    sheet = around("").replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []>')

    assert "DOCTYPE" in _refusal(workbook("", {SHEET: sheet.encode("utf-16")}))


def test_refuses_what_unpacks_to_too_much() -> None:
    bomb = workbook(sheet_of([["x"]]), {"xl/media/image1.bin": b"\0" * 50_000_001})

    assert len(bomb) < 100_000
    assert "too large" in _refusal(bomb)


def test_a_lie_about_the_size_does_not_help() -> None:
    """The directory says ten bytes; the part would inflate to more than allowed."""
    size = 50_000_100
    bomb = workbook(sheet_of([["x"]]), {"xl/media/image1.bin": b"\0" * size})
    bomb = bomb.replace(struct.pack("<I", size), struct.pack("<I", 10))

    assert _refusal(bomb)


def test_refuses_too_many_parts() -> None:
    assert "parts" in _refusal(workbook(sheet_of([["x"]]), {f"xl/p{n}.xml": "<a/>" for n in range(200)}))


def test_refuses_other_archives() -> None:
    assert "not an Excel workbook" in _refusal(workbook(sheet_of([["x"]]), {"xl/workbook.bin": b"x"}))
    assert "not an Excel workbook" in _refusal(workbook(sheet_of([["x"]]), {"content.xml": "<a/>"}))


def test_refuses_a_workbook_without_its_sheet() -> None:
    assert "cannot be read" in _refusal(workbook(sheet_of([["x"]]), {"xl/_rels/workbook.xml.rels": "<a/>"}))


def test_reads_truth_values_as_words() -> None:
    content = workbook(around('<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>'))

    assert read_workbook(content).rows == [["TRUE", "FALSE"]]


@pytest.mark.parametrize("cut", [30, 200, -30])
def test_refuses_a_damaged_file(cut: int) -> None:
    assert _refusal(workbook(sheet_of([["x"]]))[:cut])


def test_a_sheet_of_five_thousand_rows_is_read_whole() -> None:
    content = workbook(sheet_of([["甲"] * 14] * 5_001))

    assert len(read_workbook(content).rows) == 5_001
