import json
from pathlib import Path

import pytest

from zhongshi.vocabulary.reading import Form, Lexicon, Term
from zhongshi.vocabulary.reading.normalise import normalise


def found(text: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    return [(term.kind, term.value) for item in lexicon.find(normalise(text)) for term in item.terms]


SMALL = Lexicon(
    [
        Term("process", "DRY", "干燥", "drying"),
        Term("process", "SPRAY", "喷雾干燥", "spray drying", parent="DRY"),
        Term("chain", "IC", "集成电路"),
        Term("qualification", "ISO9001", "质量管理体系"),
    ],
    [Form("chain", "IC", "IC"), Form("qualification", "ISO9001", "ISO9001"), Form("process", "GONE", "无主")],
    ["干燥剂"],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("喷雾干燥", [("process", "喷雾干燥")]),
        ("Spray-Drying", [("process", "喷雾干燥")]),
        ("ＩＣ产业", [("chain", "集成电路")]),
        ("ICP和IC50", []),
        ("ISO 9001", [("qualification", "ISO9001")]),
        ("iso-9001", [("qualification", "ISO9001")]),
        ("干燥剂", []),
        ("干燥，干燥剂", [("process", "干燥")]),
    ],
)
def test_forms_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, SMALL) == expected


def test_relations(lexicon: Lexicon) -> None:
    assert SMALL.broader("process", "喷雾干燥") == ("干燥",)
    assert SMALL.narrower("process", "干燥") == ("喷雾干燥",)
    assert lexicon.broader("region", "CD-GX") == ("510100", "510000", "CN")
    assert set(lexicon.implied("FSSC22000")) == {"FOOD", "HACCP"}
    assert set(lexicon.implied("BSL3")) == {"BSL2", "BSL1"}
    assert "新材料" in lexicon.neighbours("石化化工")
    assert SMALL.broader("process", "没有") == ()


@pytest.mark.parametrize(
    ("kind", "form", "value"),
    [
        ("process", "上罐", "发酵"), ("process", "UF", "膜分离"), ("process", "冻干", "冷冻干燥"),
        ("process", "MPW", "晶圆流片"),
        ("chain", "IC", "集成电路与光子"), ("chain", "合成生物", "生物制造"), ("qualification", "P2实验室", "BSL2"),
        ("region", "成都高新区", "CD-GX"), ("region", "成都", "510100"), ("stage", "scale-up", "SCALE"),
        ("service", "租线", "仪器设备共享"),
        ("hazard", "甲苯", "易燃易爆"), ("material", "玻尿酸", "透明质酸"), ("process", "狗", None),
    ],
)  # fmt: skip
def test_canonical_forms(kind: str, form: str, value: str | None, lexicon: Lexicon) -> None:
    assert lexicon.canonical(kind, form) == value


def test_public_folder_replaces_what_it_holds_and_keeps_the_rest(tmp_path: Path, lexicon: Lexicon) -> None:
    (tmp_path / "processes.json").write_text(json.dumps([{"name": "超滤", "forms": ["超滤", "TFF"]}]), encoding="utf-8")
    (tmp_path / "chains.json").write_text(
        json.dumps([{"name": "食品", "forms": ["食品"], "neighbour": "合成生物"}, {"name": "合成生物", "forms": []}]),
        encoding="utf-8",
    )
    (tmp_path / "regions.json").write_text(
        json.dumps({"provinces": {"上海": ["浦东"]}, "clusters": [["上海"]]}), encoding="utf-8"
    )
    public = Lexicon.from_public_folder(tmp_path, base=lexicon)
    assert public.canonical("process", "TFF") == "超滤"
    assert public.canonical("process", "发酵") is None
    assert public.neighbours("食品") == ("合成生物",)
    assert public.broader("region", "上海/浦东") == ("上海", "CN")
    assert public.canonical("stage", "中试") == "PILOT"
    assert public.canonical("qualification", "GMP") == "GMP"


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon([]).find(normalise("发酵")) == []


def test_blind_forms_hold_for_every_lexicon_that_names_none_of_its_own() -> None:
    place = Term("region", "120000", "天津")
    assert found("天津，天津大学", Lexicon([place])) == [("region", "120000")]
    assert found("天津，天津大学", Lexicon([place], (), ())) == [("region", "120000")] * 2
