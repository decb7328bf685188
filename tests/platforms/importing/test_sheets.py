"""Sheets as people make them: what is read, what is named with its cause, what a fix mends."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from platforms.importing.causes import BLANKS, CUT, DATES, NUMBERS, REPEATS, SWAP, say
from platforms.importing.columns import LEAVE_OUT, heading_row, suggestions
from platforms.importing.files import open_file
from platforms.importing.model import Unit
from platforms.importing.tables import Layout, units_of_table
from tests.platforms.importing.sample import HEADINGS, row
from zhongshi.core.errors import InvalidInput

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.django_db]
FIELDS = [found.field for found in suggestions(HEADINGS)]


def units(*rows: list[Any], fixes: tuple[str, ...] = ()) -> list[Unit]:
    table = [HEADINGS, *([str(cell) for cell in cells] for cells in rows)]
    return units_of_table(table, Layout(HEADINGS, FIELDS, 0, frozenset(fixes)), owner="x")


def with_cell(heading: str, value: str, number: int = 0) -> list[Any]:
    cells = [str(cell) for cell in row(number)]
    cells[HEADINGS.index(heading)] = value
    return cells


def causes(found: list[Unit]) -> list[tuple[str, str, str]]:
    return [(problem.column, str(problem.cause), problem.fix) for unit in found for problem in unit.problems]


def part(found: list[Unit]) -> dict[str, Any]:
    [unit] = found
    assert unit.record is not None, unit.problems
    [capability] = unit.record["capabilities"]
    return dict(capability)


@pytest.mark.parametrize(
    ("heading", "cell", "cause", "fix", "field", "value"),
    [
        ("下限", "３００", "number", NUMBERS, "min", 300.0),
        ("下限", "1，000", "number", NUMBERS, "min", 1000.0),
        ("下限", "1,000", "number", NUMBERS, "min", 1000.0),
        ("下限", "1.5万", "number", NUMBERS, "min", 15000.0),
        ("下限", "−3", "number", NUMBERS, "min", -3.0),
        ("下限", "-", "blank", BLANKS, "min", None),
        ("下限", "#REF!", "blank", BLANKS, "min", None),
        ("上限", "1", "bounds", SWAP, "max", 300.0),
        ("单位", "L.", "unit", say("unit", "L.", "L"), "unit", "L"),
    ],
)
def test_a_fix_mends_what_it_is_offered_for(
    heading: str, cell: str, cause: str, fix: str, field: str, value: object
) -> None:
    cells = with_cell(heading, cell)
    cells[HEADINGS.index("上限")] = cell if heading == "上限" else "20000"
    assert causes(units(cells)) == [(heading, cause, fix)]
    assert part(units(cells, fixes=(fix,)))["parameters"][0][field] == value


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2027年3月1日", "2027-03-01"),
        ("2027/3/1", "2027-03-01"),
        ("2027.03.01", "2027-03-01"),
        ("20270301", "2027-03-01"),
        ("46447", "2027-03-01"),
        ("2027-3-1 00:00:00", "2027-03-01"),
    ],
)
def test_other_ways_to_write_a_date(cell: str, read: str) -> None:
    cells = with_cell("空闲起", cell)
    assert causes(units(cells)) == [("空闲起", "date", DATES)]
    assert part(units(cells, fixes=(DATES,)))["availability"] == [{"from": read, "to": "2027-06-30"}]


@pytest.mark.parametrize("cell", ["明年", "2027-02-30", "31.12.27", "99999", "1"])
def test_what_is_no_date_has_no_fix(cell: str) -> None:
    assert causes(units(with_cell("空闲起", cell), fixes=(DATES, NUMBERS))) == [("空闲起", "date", "")]


@pytest.mark.parametrize("cell", ["三百", "1e999", "9" * 400, "300L", "=1+1", "NaN", "inf", "1" * 19_000])
def test_what_is_no_number_has_no_fix(cell: str) -> None:
    [(heading, cause, fix)] = causes(units(with_cell("下限", cell), fixes=(NUMBERS, BLANKS, CUT, SWAP)))
    assert (heading, cause in {"number", "long"}, fix) == ("下限", True, "")


def test_huge_strings_are_refused_or_cut() -> None:
    cells = with_cell("能力说明", "长" * 20_001)
    assert causes(units(cells)) == [("能力说明", "long", CUT)]
    assert len(part(units(cells, fixes=(CUT,)))["summary"]) == 20_000


def test_a_row_that_stands_twice() -> None:
    found = units(row(0), row(0))
    assert causes(found) == [("能力名称", "repeated", REPEATS)]
    assert "row 2" in found[0].problems[0].problem
    [unit] = units(row(0), row(0), fixes=(REPEATS,))
    assert (unit.rows, unit.row_of, unit.problems) == ((2, 3), {unit.record["capabilities"][0]["id"]: 2}, ())  # type: ignore[index]


def test_a_bad_first_row_does_not_spoil_the_platform_of_the_others() -> None:
    table = [
        ["平台名称", "城市", "能力名称"],
        ["甲", "长" * 121, "发酵"],
        ["甲", "成都", "干燥"],
    ]
    [unit] = units_of_table(table, Layout(table[0], ["platform", "city", "capability"], 0), owner="x")
    assert unit.record is not None
    assert (unit.record["city"], [part["name"] for part in unit.record["capabilities"]]) == ("成都", ["干燥"])
    assert [problem.row for problem in unit.problems] == [2]


def test_columns_that_mean_nothing_are_kept_and_left_out_ones_are_not() -> None:
    table = [["平台名称", "能力名称", "联系人", "密级"], ["甲", "发酵", "张工", "内部"]]
    layout = Layout(table[0], ["platform", "capability", "", LEAVE_OUT], 0)
    assert part(units_of_table(table, layout, owner="x"))["columns"] == {"联系人": "张工"}


def test_headings_are_guessed_and_each_field_is_taken_once() -> None:
    headings = ["中试平台的名称", "服务能力名称", "能力简介（对外）", "所在地区", "容积参数", "单位", "单位", "备注"]
    found = suggestions(headings)
    assert [guess.field for guess in found] == [
        "platform",
        "capability",
        "summary",
        "region",
        "parameters",
        "unit",
        "",
        "",
    ]
    assert [guess.is_guess for guess in found][:6] == [True, True, False, False, True, False]


def test_a_title_above_the_headings_is_passed_over() -> None:
    table = [
        ["成都高新区中试平台一览表（2026）", "", ""],
        ["", "", ""],
        ["序号", "平台名称", "能力名称"],
        ["1", "甲", "发酵"],
    ]
    assert heading_row(table) == 2
    layout = Layout(table[2], ["", "platform", "capability"], 2)
    [unit] = units_of_table(table, layout, owner="x")
    assert unit.rows == (4,)


def _book(write: Any) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book)
    return file.getvalue()


def test_of_several_sheets_the_one_with_listings_is_taken_and_hidden_ones_are_not_offered() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("封面").write(0, 0, "说明文字")
        hidden = book.add_worksheet("隐藏")
        hidden.write_row(0, 0, ["平台名称", "能力名称"])
        hidden.hide()
        book.add_worksheet("列表").write_row(0, 0, ["平台名称", "能力名称"])

    opened = open_file("a.xlsx", _book(write))
    assert (opened.sheets, opened.sheet) == (("封面", "列表"), "列表")
    assert open_file("a.xlsx", _book(write), sheet="封面").table == [["说明文字"]]


def test_cells_merged_down_count_for_each_row_and_a_merged_title_does_not() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "一览表")
        sheet.write_row(1, 0, ["平台名称", "能力名称"])
        sheet.merge_range(2, 0, 3, 0, "甲")
        sheet.write(2, 1, "发酵")
        sheet.write(3, 1, "干燥")

    assert open_file("a.xlsx", _book(write)).table == [
        ["一览表", ""],
        ["平台名称", "能力名称"],
        ["甲", "发酵"],
        ["甲", "干燥"],
    ]


def test_dates_formulas_and_errors_come_as_what_they_show() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(0, 0, datetime(2027, 3, 1), day)  # noqa: DTZ001 - a sheet knows no zones
        sheet.write_datetime(0, 1, date(2027, 3, 1), day)
        sheet.write_formula(0, 2, "=1+1", None, 2)
        sheet.write_formula(0, 3, '=HYPERLINK("http://example.com","看")', None, "看")
        sheet.write_string(0, 4, "=cmd|' /C calc'!A0")
        sheet.write_number(0, 5, 46447)
        sheet.write_boolean(0, 6, True)
        sheet.write_string(0, 7, "'=1+1")

    assert open_file("a.xlsx", _book(write)).table == [
        ["2027-03-01", "2027-03-01", "2", "看", "=cmd|' /C calc'!A0", "46447", "TRUE", "=1+1"]
    ]


def test_a_workbook_with_nothing_to_see_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        open_file("a.xlsx", _book(lambda book: book.add_worksheet()))
    assert "empty" in str(refused.value.detail)
