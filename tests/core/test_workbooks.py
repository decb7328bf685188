"""Spreadsheets: typed cells, units in their own column, text that never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO
from zipfile import ZipFile

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from zhongshi.core.workbooks import About, Column, Kind, Sheet, escaped, unescaped, workbook

AT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
IN_CHINA = datetime(2026, 11, 21, 10, 30)  # noqa: DTZ001 - a spreadsheet knows no time zones
ABOUT = About("Matches of N-1", AT, filter="score ≥ 60", rules="r7", lines=[("Rows", 2)])


def values(file: IO[bytes], name: str) -> list[list[object]]:
    with file:
        return CalamineWorkbook.from_filelike(file).get_sheet_by_name(name).to_python()


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_cells_keep_their_types_and_units_stand_beside_them() -> None:
    columns = [
        Column("name", width=30),
        Column("volume", Kind.NUMBER, unit="L"),
        Column("price", Kind.MONEY),
        Column("since", Kind.DATE),
        Column("seen", Kind.MOMENT),
        Column("open"),
    ]
    rows = [["釜", 500.5, Decimal("120000.50"), date(2026, 1, 5), AT, True], ["泵", None, 0, None, None, False]]

    found = values(workbook([Sheet("能力", columns, rows)], ABOUT), "能力")

    assert found == [
        ["name", "volume", "unit", "price", "since", "seen", "open"],
        ["釜", 500.5, "L", 120000.5, date(2026, 1, 5), IN_CHINA, "yes"],
        ["泵", "", "", 0.0, "", "", "no"],
    ]


def test_the_last_sheet_says_what_this_is() -> None:
    file = workbook([Sheet("a", [Column("x")], [])], ABOUT)

    assert values(file, "About this file") == [
        ["About this file", "Value"],
        ["Content", "Matches of N-1"],
        ["Made at", "2026-11-21 10:30"],
        ["Filter", "score ≥ 60"],
        ["Rules version", "r7"],
        ["Rows", 2.0],
    ]


DANGEROUS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\u00a0=1", "\u3000=cmd|' /C calc'!A0", "＝1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_takes_for_a_formula_is_escaped(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "−10–180 ℃", "'quoted'", "3 + 4", "釜=1", " x"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text
    assert unescaped(text) == text


def test_no_text_is_written_as_a_formula_or_link() -> None:
    texts = [*DANGEROUS, "{=SUM(A1)}", "http://example.org/", "mailto:a@example.org"]

    file = workbook([Sheet("=s", [Column("=head")], [[text] for text in texts])], ABOUT)

    with file, ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.lower()
        assert sheet.count('t="inlineStr"') == len(texts) + 1
        assert [name for name in parts.namelist() if "rels/sheet" in name] == []


def test_sheet_names_are_made_fit_and_different() -> None:
    names = ["a/b:c*d?e[f]", "A b c d e f", "x" * 40, "x" * 40, ""]

    with workbook([Sheet(name, [Column("x")], []) for name in names], ABOUT) as file:
        found = CalamineWorkbook.from_filelike(file).sheet_names

    assert found == [
        "a b c d e f",
        "A b c d e f 2",
        "x" * 31,
        "x" * 29 + " 2",
        "Sheet",
        "About this file",
    ]


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark() -> None:
    found = values(workbook([Sheet("a", [Column("x")], [["文" * 40_000]])], ABOUT), "a")

    assert found[1][0] == "文" * 32_766 + "…"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        workbook([Sheet("a", [Column("x")], [["1", "2"]])], ABOUT)


def test_rows_are_read_one_by_one() -> None:
    held: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(5000):
            held.append(number)
            yield [number]

    found = values(workbook([Sheet("a", [Column("n", Kind.INTEGER)], rows())], ABOUT), "a")

    assert (len(found), found[-1], len(held)) == (5001, [4999.0], 5000)
