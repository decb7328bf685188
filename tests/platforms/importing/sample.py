"""A workbook of thousands of listings, some of them bad in known ways."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

HEADINGS = [
    "平台名称",
    "运营单位",
    "地区",
    "产业链",
    "能力名称",
    "能力说明",
    "工艺",
    "参数名称",
    "下限",
    "上限",
    "单位",
    "空闲起",
    "空闲止",
]
PLATFORM, CAPABILITY, PROCESSES, LOW, HIGH, UNIT, FREE_FROM = 0, 4, 6, 8, 9, 10, 11
# Every way to be bad: the column, what stands in it, and what the report says of it.
BAD: list[tuple[int, object, str, str]] = [
    (PLATFORM, "", "平台名称", "missing"),
    (CAPABILITY, "", "能力名称", "missing"),
    (LOW, "３００,０", "下限", "number"),
    (LOW, "三百", "下限", "number"),
    (PROCESSES, "-", "工艺", "blank"),
    (UNIT, "公桶", "单位", "unit"),
    (HIGH, 1, "上限", "bounds"),
    (FREE_FROM, "2027年3月1日", "空闲起", "date"),
    (CAPABILITY, "长" * 301, "能力名称", "long"),
    (FREE_FROM, "明年", "空闲起", "date"),
]


def row(number: int, *, per_platform: int = 2) -> list[object]:
    """The good row of that number; two rows make a platform."""
    return [
        f"批量中试平台{number // per_platform}",
        f"运营机构{number // 20}",
        "510100",
        "生物制造",
        f"发酵中试线{number}",
        f"{300 + number % 700}L发酵罐两台，承接工艺放大与小批量试产，工作温度20–60℃，通过GMP认证。",
        "发酵；离心；喷雾干燥",
        "容积",
        300,
        500 + number % 500,
        "升",
        "2027-03-01",
        "2027-06-30",
    ]


def rows(good: int, bad: int) -> tuple[list[list[object]], dict[int, tuple[str, str]]]:
    """Rows below the headings, and what is wrong with which row of the sheet: {row: (heading, cause)}."""
    total = good + bad
    every = total // bad if bad else total + 1
    made, wrong = [], {}
    for number in range(total):
        cells = row(number)
        if bad and number % every == 0 and number // every < bad:
            column, value, heading, cause = BAD[number // every % len(BAD)]
            cells[column] = value
            wrong[number + 2] = (heading, cause)
        made.append(cells)
    return made, wrong


def book(rows: list[list[object]], headings: list[str] = HEADINGS) -> bytes:
    """The workbook of these rows."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as written:
        sheet = written.add_worksheet("服务能力")
        for index, cells in enumerate([headings, *rows]):
            sheet.write_row(index, 0, cells)
    return file.getvalue()
