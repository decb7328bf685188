"""A sheet in values: rows come and go, numbers are read or named."""

from __future__ import annotations

import pytest
from django.utils.datastructures import MultiValueDict

from platforms.desk.sheets import MOST_ROWS, Numbers, Sheet, empty_sheet, entry_of, typed_sheet


def typed(**fields: list[str]) -> Sheet:
    return typed_sheet(MultiValueDict(fields))


@pytest.mark.parametrize(
    ("text", "value", "is_wrong"),
    [
        ("", None, False),
        (" 1,000.5 ", 1000.5, False),
        ("−20", -20.0, False),
        ("viel", None, True),
        ("nan", None, True),
        ("1e400", None, True),
    ],
)
def test_numbers(text: str, value: float | None, is_wrong: bool) -> None:
    numbers = Numbers()

    assert numbers.read("price", text) == value
    assert ("price" in numbers.problems) == is_wrong


@pytest.mark.parametrize(("text", "value", "is_wrong"), [("7", 7, False), ("7.5", None, True), ("-1", None, True)])
def test_whole_numbers(text: str, value: int | None, is_wrong: bool) -> None:
    numbers = Numbers()

    assert numbers.whole("trl_from", text) == value
    assert bool(numbers.problems) == is_wrong


def test_rows_are_added_up_to_the_limit_and_removed_by_number() -> None:
    sheet = typed(processes=["发酵", "离心"])

    assert sheet.changed("add:processes").lists["processes"] == ["发酵", "离心", ""]
    assert sheet.changed("remove:processes:0").lists["processes"] == ["离心"]
    assert sheet.changed("remove:processes:9").lists["processes"] == ["发酵", "离心"]
    full = typed(processes=["x"] * MOST_ROWS)
    assert len(full.changed("add:processes").lists["processes"]) == MOST_ROWS


@pytest.mark.parametrize("do", ["add:secrets", "remove:processes:x", "nonsense", "", "add:stages"])
def test_what_nobody_knows_changes_nothing(do: str) -> None:
    sheet = typed(processes=["发酵"], stages=["PILOT"])
    assert sheet.changed(do) == sheet


def test_empty_rows_are_left_out_and_words_stand_once() -> None:
    sheet = typed(
        name=["线"],
        processes=["发酵", " 发酵 ", ""],
        size_quantity=["", "volume"],
        size_low=["", "100"],
        size_high=["", ""],
        size_unit=["", "L"],
        size_count=["", ""],
        size_text=["", ""],
    ).compact()

    entry, problems = entry_of(sheet)

    assert problems == {}
    assert entry.part["processes"] == ["发酵"]
    assert entry.part["parameters"] == [
        {"quantity": "volume", "min": 100, "max": None, "unit": "L", "count": None, "text": ""}
    ]
    assert (entry.part["trl"], entry.part["price"], entry.part["small_batch"]) == (None, None, None)


def test_half_a_row_of_cells_is_no_row() -> None:
    assert typed(size_quantity=["volume"], size_low=[]).parameters == []


def test_an_empty_sheet_lacks_its_name_only() -> None:
    entry, problems = entry_of(empty_sheet())
    assert (entry.part["name"], problems) == ("", {})
