"""Terms of which any one will do are one condition; steps and musts side by side stay apart."""

import pytest

from .conftest import Read
from .notation import exact_line


def conditions(text: str, read: Read, kind: str) -> list[str]:
    return [exact_line(condition).removeprefix("!") for condition in read(text) if condition.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("须有CMA或CNAS资质", ["qualification CMA,CNAS"]),
        ("须有CMA或者具备CNAS", ["qualification CMA,CNAS"]),
        ("GMP、GLP、CNAS均可", ["qualification GMP,GLP,CNAS"]),
        ("GMP、GLP或CNAS", ["qualification GMP,GLP,CNAS"]),
        ("HACCP or FSSC 22000", ["qualification HACCP,FSSC22000"]),
        ("甲类车间、乙类车间任一", ["qualification HAZ-A,HAZ-B"]),
        ("须有CMA和CNAS", ["qualification CMA", "qualification CNAS"]),
        ("CMA、CNAS", ["qualification CMA", "qualification CNAS"]),
        ("不需要GMP或GLP", ["?qualification GMP", "?qualification GLP"]),
        ("CMA。或许还要CNAS", ["qualification CMA", "qualification CNAS"]),
    ],
)
def test_qualifications(text: str, expected: list[str], read: Read) -> None:
    assert conditions(text, read, "qualification") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("离心或过滤", ["process 离心,过滤"]),
        ("发酵、离心、喷雾干燥或冷冻干燥", ["process 发酵", "process 离心", "process 喷雾干燥,冷冻干燥"]),
        ("离心、过滤均可", ["process 离心,过滤"]),
        ("超滤或纳滤", ["process 膜分离"]),
        ("离心、过滤", ["process 离心", "process 过滤"]),
        ("不做硝化，做酯化", ["process 化学合成"]),
        ("不做发酵", ["-process 发酵"]),
    ],
)
def test_processes(text: str, expected: list[str], read: Read) -> None:
    assert conditions(text, read, "process") == expected


def test_alternatives_quote_all_their_words(read: Read) -> None:
    (condition,) = (item for item in read("平台须有CMA或CNAS资质") if item.kind == "qualification")
    assert (condition.value, condition.text, condition.hard) == (("CMA", "CNAS"), "CMA或CNAS资质", True)
    assert condition.to_exchange()["value"] == ["CMA", "CNAS"]


def test_sizes_side_by_side_are_a_choice(read: Read) -> None:
    assert [exact_line(c) for c in read("6英寸或8英寸流片") if c.quantity] == ["!wafer_size 6~8 inch"]
    assert [exact_line(c) for c in read("需要50L、500L发酵罐") if c.quantity] == [
        "!volume 50..50 L",
        "!volume 500..500 L",
    ]
