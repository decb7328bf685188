from typing import Any

from zhongshi.vocabulary.reading import Fact, Lexicon, canonical_region, read_capability

PLATFORM = {"id": "p", "country": "CN", "region": "四川/成都", "chains": ["锂电"]}


def facts(capability: dict[str, Any], lexicon: Lexicon, platform: dict[str, Any] | None = None) -> tuple[Fact, ...]:
    return read_capability(platform or {}, {"id": "c", "name": "", **capability}, lexicon)


def values(found: tuple[Fact, ...], kind: str, source: str = "read") -> list[tuple[str | None, bool]]:
    return [(fact.value, fact.negated) for fact in found if (fact.kind, fact.source) == (kind, source)]


def test_declared_values_take_the_lexicons_form(lexicon: Lexicon) -> None:
    found = facts({"processes": ["喷干", "某新工序"], "qualifications": ["BSL-2"]}, lexicon, PLATFORM)
    assert [(fact.kind, fact.value, fact.source) for fact in found] == [
        ("chain", "新能源与储能", "declared"),
        ("process", "喷雾干燥", "declared"),
        ("process", "某新工序", "declared"),
        ("qualification", "BSL2", "declared"),
        ("region", "510100", "declared"),
        ("region", "CN", "declared"),
    ]


def test_words_of_the_summary_become_facts_with_field_and_span(lexicon: Lexicon) -> None:
    summary = "拥有超滤、冻干等单元操作能力。"
    found = facts({"summary": summary}, lexicon)
    assert values(found, "process") == [("膜分离", False), ("冷冻干燥", False)]
    assert [(fact.field, summary[slice(*fact.span)] if fact.span else "") for fact in found] == [
        ("summary", "超滤"),
        ("summary", "冻干"),
    ]


def test_what_is_lacking_is_negated_and_what_is_past_is_nothing(lexicon: Lexicon) -> None:
    text = "不具备溅射条件。暂不承接刻蚀类项目。目前没有层析能力。曾为气凝胶企业提供咨询。可开展离心。"
    found = facts({"summary": text}, lexicon)
    assert values(found, "process") == [("薄膜沉积", True), ("刻蚀", True), ("层析", True), ("离心", False)]
    assert values(found, "material") == []


def test_amounts_of_the_text_fill_only_undeclared_quantities(lexicon: Lexicon) -> None:
    declared = [{"quantity": "temperature", "min": 0, "max": 100, "unit": "degC", "text": "0到100℃，压力1MPa"}]
    found = facts({"summary": "发酵罐规模三百升~两万升，温度-20~300℃", "parameters": declared}, lexicon)
    numbers = [(f.quantity, f.min, f.max, f.unit, f.source) for f in found if f.quantity]
    assert numbers == [
        ("temperature", 0.0, 100.0, "degC", "declared"),
        ("volume", 300.0, 20000.0, "L", "read"),
    ]


def test_a_reactors_tons_are_a_volume_even_when_declared(lexicon: Lexicon) -> None:
    (fact,) = facts({"parameters": [{"quantity": "volume", "min": 0.03, "max": 1, "unit": "吨"}]}, lexicon)
    assert (fact.min, fact.max, fact.unit) == (0.03, 1.0, "m3")


def test_price_and_free_weeks_are_facts(lexicon: Lexicon) -> None:
    found = facts(
        {"price": {"amount": 7.2, "unit": "万元/周"}, "availability": [{"from": "2026-01-19", "to": "2026-07-26"}]},
        lexicon,
    )
    assert [(f.kind, f.quantity, f.max, f.value) for f in found] == [
        ("budget", "price_per_week", 7.2, None),
        ("window", None, None, "2026-01-19/2026-07-26"),
    ]


def test_declared_facts_are_not_repeated(lexicon: Lexicon) -> None:
    found = facts({"summary": "可做喷雾干燥和喷干", "processes": ["喷雾干燥"]}, lexicon)
    assert [(fact.value, fact.source) for fact in found] == [("喷雾干燥", "declared")]


def test_regions_are_brought_to_codes(lexicon: Lexicon) -> None:
    assert canonical_region("广东/广州", lexicon) == "440100"
    assert canonical_region("510000", lexicon) == "510000"
    assert canonical_region("上海/未知镇", lexicon) == "310000"
    assert canonical_region("Atlantis", lexicon) == "Atlantis"
