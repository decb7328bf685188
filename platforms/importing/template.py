"""The sheet to fill in: headings, an example, what each column takes, and the words it knows as lists."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zhongshi.core.workbooks import escaped
from zhongshi.vocabulary.enums import TermKind
from zhongshi.vocabulary.labels import quantity_label
from zhongshi.vocabulary.models import Term
from zhongshi.vocabulary.units import base_units

from .columns import COLUMNS, EXAMPLE_MARK, Kind
from .model import MAX_ROWS

SHEET, ABOUT, WORDS = "服务能力", "说明", "可选词"
_LISTED = {
    "chains": TermKind.CHAIN,
    "stages": TermKind.STAGE,
    "services": TermKind.SERVICE,
    "processes": TermKind.PROCESS,
    "qualifications": TermKind.QUALIFICATION,
}
_MOST_WORDS = 2_000
_WIDTHS = {"summary": 36, "parameters": 30, "platform": 24, "capability": 24, "equipment": 24}


def template() -> bytes:
    """The workbook. Headings are Chinese in every language: they are what the import knows the columns by."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EDF1F5", "bottom": 1})
        needed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#CFE3F4", "bottom": 1})
        example = book.add_format({"italic": True, "font_color": "#5A6978", "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet, about, words = (book.add_worksheet(name) for name in (SHEET, ABOUT, WORDS))
        ranges = _write_words(words, head)
        _write_sheet(sheet, head, needed, example, ranges)
        _write_about(about, head, wrap)
    return file.getvalue()


def word_lists() -> dict[str, list[str]]:
    """The words each column of words knows best; a sheet may use others, which are kept as written."""
    found: dict[str, list[str]] = {}
    for field, kind in _LISTED.items():
        terms = Term.objects.filter(kind=kind).order_by("pk")
        found[field] = list(dict.fromkeys(terms.values_list("name_zh", flat=True)))[:_MOST_WORDS]
    found["quantity"] = [quantity_label(code) for code in base_units()]
    found["unit"] = list(dict.fromkeys(base_units().values()))
    found["small_batch"] = ["是", "否"]
    return found


def _write_words(page: Worksheet, head: Format) -> dict[str, str]:
    """Write the lists side by side; the range of each, as a validation names it."""
    ranges = {}
    for index, (field, words) in enumerate(word_lists().items()):
        page.set_column(index, index, 18)
        page.write_string(0, index, COLUMNS[field].names[0], head)
        for row, word in enumerate(words, start=1):
            page.write_string(row, index, escaped(word))
        letter = xlsxwriter.utility.xl_col_to_name(index, col_abs=True)
        ranges[field] = f"={WORDS}!{letter}$2:{letter}${max(2, len(words) + 1)}"
    page.freeze_panes(1, 0)
    return ranges


def _write_sheet(page: Worksheet, head: Format, needed: Format, example: Format, ranges: dict[str, str]) -> None:
    for index, (field, column) in enumerate(COLUMNS.items()):
        page.set_column(index, index, _WIDTHS.get(field, 16))
        page.write_string(
            0, index, column.names[0] + ("*" if column.is_needed else ""), needed if column.is_needed else head
        )
        words = EXAMPLE_MARK + column.example if field == "platform" else column.example
        if words:
            page.write_string(1, index, words, example)
        if field in ranges:
            # Offered, not enforced: a cell may hold several words, and words of one's own.
            page.data_validation(
                1, index, MAX_ROWS, index, {"validate": "list", "source": ranges[field], "show_error": False}
            )
    page.freeze_panes(1, 0)


def _write_about(page: Worksheet, head: Format, wrap: Format) -> None:
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 12)
    page.set_column(2, 3, 44)
    for row, line in enumerate(_limits()):
        page.merge_range(row, 0, row, 3, line, wrap)
    first = len(_limits()) + 1
    for index, heading in enumerate((_("Column"), _("Needed"), _("How to fill it in"), _("Example"))):
        page.write_string(first, index, heading, head)
    for row, column in enumerate(COLUMNS.values(), start=first + 1):
        cells = (
            column.names[0],
            _("yes") if column.is_needed else "",
            how_to(column.kind, str(column.help)),
            column.example,
        )
        for index, cell in enumerate(cells):
            page.write_string(row, index, cell, wrap)


def _limits() -> list[str]:
    return [
        _("One row is one capability; rows with the same platform name belong to one platform."),
        _("At most %(rows)s rows and 10 MB. Rows that begin with 示例： are left out.") % {"rows": MAX_ROWS},
        _("Existing capabilities are found by id, or by platform name and capability name, and are updated."),
        _("An empty cell leaves what is there; columns of your own are kept with the listing."),
    ]


def how_to(kind: Kind, further: str = "") -> str:
    """What a column of this kind takes."""
    words = {
        Kind.WORDS: _("One word or several, separated by 、 or ;"),
        Kind.NUMBER: _("A number in plain digits, the unit in its own column"),
        Kind.DATE: _("A date such as 2027-03-31"),
        Kind.YES: _("是 or 否"),
        Kind.UNIT: _("A unit that fits the parameter: L, m3, kg, t/a, MPa, 升, 吨 …"),
        Kind.QUANTITY: _("A word from the list"),
    }
    return " ".join(part for part in (words.get(kind, ""), further) if part)
