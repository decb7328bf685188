"""Exchange records become what the engine asks for: units, days, regions, canonical words, relations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matching.engine import Condition, Fact, Window, Wish
from matching.translation import (
    capability_from_exchange,
    condition_from_exchange,
    knowledge_from_lexicon,
    place_of,
    wish_of,
)
from zhongshi.vocabulary.reading import Fact as ReadFact
from zhongshi.vocabulary.reading import load_default_lexicon
from zhongshi.vocabulary.reading.unread import Phrase

LEXICON = load_default_lexicon()
TODAY = date(2026, 11, 21)


def translated(**record: Any) -> Condition:
    return condition_from_exchange(record, LEXICON, today=TODAY)


@pytest.mark.parametrize(
    ("record", "dimension", "low", "high"),
    [
        ({"quantity": "volume", "min": 1, "max": 3, "unit": "m3"}, "V", 1000.0, 3000.0),
        ({"quantity": "volume", "min": 3, "max": 3, "unit": "吨"}, "V", 3000.0, 3000.0),
        ({"quantity": "volume", "min": None, "max": 500, "unit": "L"}, "V", None, 500.0),
        ({"quantity": "volume", "min": 600, "max": None, "unit": "m3(total)"}, "V(total)", 600000.0, None),
        ({"quantity": "other", "min": 90, "max": 90, "unit": "dog"}, "dog", 90.0, 90.0),
        ({"quantity": "other", "min": 1, "max": 2, "unit": None}, "other", 1.0, 2.0),
    ],
)
def test_parameter_in_base_units(record: dict[str, Any], dimension: str, low: float | None, high: float | None) -> None:
    found = translated(kind="parameter", op="covers", hard=True, **record)
    assert (found.dimension, found.low, found.high) == (dimension, low, high)
    assert (found.op, found.hard, found.quantity) == ("covers", True, record["quantity"])


def test_budget_a_week_meets_a_price_a_week() -> None:
    budget = translated(kind="budget", quantity="price_per_week", min=None, max=23.0, unit="万元/周", op="overlaps")
    line = capability_from_exchange(
        {"id": "p"}, {"id": "c", "price": {"amount": 7.2, "unit": "万元/周"}}, lexicon=LEXICON
    )
    assert (budget.quantity, budget.high) == ("price_per_week", 230000.0)
    assert line.facts == (
        Fact(
            kind="budget",
            quantity="price_per_week",
            dimension=budget.dimension,
            low=72000.0,
            high=72000.0,
            text="7.2 万元/周",
        ),
    )


@pytest.mark.parametrize(
    ("value", "latest"),
    [
        ("2027-03-31", date(2027, 3, 31)),
        ("--12-31", date(2026, 12, 31)),
        ("--08-31", date(2027, 8, 31)),
        ("P2M", date(2027, 1, 20)),
        ("P14D", date(2026, 12, 5)),
        ("P0D", date(2026, 11, 21)),
    ],
)
def test_start_by_is_a_window_from_today(value: str, latest: date) -> None:
    found = translated(kind="start_by", value=value)
    assert found.window == Window(TODAY.toordinal(), latest.toordinal(), 1)


def test_window_in_days() -> None:
    found = translated(kind="window", earliest_start="2026-06-01", latest_start="2026-06-29", weeks=5, hard=True)
    assert found.window == Window(date(2026, 6, 1).toordinal(), date(2026, 6, 29).toordinal(), 35)


def test_values_are_canonical_and_lists_stay_alternatives() -> None:
    assert translated(kind="process", value="fermentation").values == ("发酵",)
    assert translated(kind="region", value=["510000", "500000"]).values == ("510000", "500000")
    assert translated(kind="material", value="没人知道的东西").values == ("没人知道的东西",)
    assert translated(kind="qualification", value=None).values == ()


@pytest.mark.parametrize(
    "record",
    [
        {"value": "x"},
        {"kind": "start_by", "value": "soon"},
        {"kind": "parameter", "quantity": "volume", "min": "many", "unit": "L"},
    ],
)
def test_record_that_means_nothing_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        condition_from_exchange(record, LEXICON, today=TODAY)


PLATFORM = {
    "id": "p1",
    "name": "发酵平台",
    "country": "CN",
    "region": "510100",
    "city": "成都",
    "chains": ["生物制造"],
    "status": "在建",
    "source": {"date": "2025-06-01"},
    "capabilities": [
        {
            "id": "c1",
            "name": "发酵放大",
            "processes": ["发酵"],
            "services": ["工艺放大熟化"],
            "parameters": [{"quantity": "volume", "min": None, "max": 5, "unit": "m3", "text": "5立方罐"}],
            "availability": [
                {"from": "2026-02-01", "to": "2026-02-28"},
                {"from": "2026-01-05", "to": "2026-01-31"},
            ],
            "unknown key": 1,
        },
        {"id": "c2", "name": "下游", "processes": ["离心", "发酵"], "qualifications": ["GMP"]},
    ],
}


def test_capability_with_its_platform() -> None:
    line = capability_from_exchange(PLATFORM, PLATFORM["capabilities"][0], lexicon=LEXICON, exposure=3)  # type: ignore[index,arg-type]
    assert line.facts == (
        Fact(kind="chain", value="生物制造", text="生物制造"),
        Fact(kind="service", value="工艺放大熟化", text="工艺放大熟化"),
        Fact(kind="process", value="发酵", text="发酵"),
        Fact(kind="parameter", quantity="volume", dimension="V", high=5000.0, text="5立方罐"),
        Fact(kind="process", value="离心", text="下游", source="platform"),
    )
    assert (line.id, line.platform_id, line.region, line.region_text) == (
        "c1",
        "p1",
        ("CN", "510000", "510100"),
        "成都",
    )
    assert line.availability == ((date(2026, 1, 5).toordinal(), date(2026, 2, 28).toordinal()),)
    assert (line.is_operating, line.status_text, line.date, line.exposure) == (False, "在建", "2025-06-01", 3)


@pytest.mark.parametrize(("quantity", "unit", "low"), [("pressure", "MPa", None), ("volume", "m3", 2000.0)])
def test_one_number_is_a_rating_only_where_less_is_possible_too(quantity: str, unit: str, low: float | None) -> None:
    parameter = {"quantity": quantity, "min": 2, "max": 2, "unit": unit}
    read = [ReadFact(kind="parameter", quantity=quantity, min=2, max=2, unit=unit, source="read")]
    line = capability_from_exchange({"id": "p"}, {"id": "c", "parameters": [parameter]}, read, lexicon=LEXICON)
    assert [fact.low for fact in line.facts] == [low, low]


def test_read_facts_are_added_and_declared_ones_among_them_are_not_repeated() -> None:
    read = [
        ReadFact(kind="process", value="喷雾干燥", text="不具备喷雾干燥", negated=True, source="read"),
        ReadFact(kind="parameter", quantity="volume", min=1, max=2, unit="m3", text="1-2立方", source="read"),
        ReadFact(kind="process", value="发酵", source="declared"),
    ]
    line = capability_from_exchange({"id": "p"}, {"id": "c"}, read, lexicon=LEXICON)
    assert line.facts == (
        Fact(kind="process", value="喷雾干燥", text="不具备喷雾干燥", negated=True, source="read"),
        Fact(
            kind="parameter", quantity="volume", dimension="V", low=1000.0, high=2000.0, text="1-2立方", source="read"
        ),
    )


@pytest.mark.parametrize(
    ("status", "operating"),
    [
        ("运营", True),
        ("2023-02建设,拟4月投产", True),
        ("under construction (2025-11)", False),
        ("建设", False),
        ("unknown", None),
        ("2022-01开工", None),
        (None, None),
    ],
)
def test_status(status: str | None, operating: bool | None) -> None:
    line = capability_from_exchange({"id": "p", "status": status}, {"id": "c"}, lexicon=LEXICON)
    assert line.is_operating is operating


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ({"country": "CN", "region": "510107"}, ("CN", "510000", "510100", "510107")),
        ({"country": "CN", "region": "310000"}, ("CN", "310000")),
        ({"country": "DE", "region": None}, ("DE",)),
        ({"region": "广东/广州"}, ("CN", "440000", "440100")),
        ({}, ()),
    ],
)
def test_place_of(record: dict[str, Any], path: tuple[str, ...]) -> None:
    assert place_of(record, LEXICON) == path


def test_unknown_availability_is_not_fully_booked() -> None:
    unknown = capability_from_exchange({"id": "p"}, {"id": "c", "availability": None}, lexicon=LEXICON)
    booked = capability_from_exchange({"id": "p"}, {"id": "c", "availability": []}, lexicon=LEXICON)
    assert (unknown.availability, booked.availability) == (None, ())


def test_knowledge_of_the_built_in_vocabulary() -> None:
    knowledge = knowledge_from_lexicon(LEXICON)
    assert "喷雾干燥" in knowledge.narrower["干燥"]
    assert knowledge.families["发酵"] == "BIO"
    assert "IC" not in knowledge.family_kin["BIO"]
    assert "FSSC22000" in knowledge.proofs["FOOD"]
    assert ("qualification", "ATEX") in knowledge.hazard_proofs["易燃易爆"]
    assert ("process", "电解制氢") in knowledge.hazard_proofs["氢气"]
    assert "生物制造" in knowledge.chain_near["食品与农产品加工"]
    assert any({"510000", "500000"} <= cluster for cluster in knowledge.clusters)
    assert {"DE", "GB"} <= knowledge.region_groups["EU"]


def test_words_are_latin_words_and_pairs_of_signs() -> None:
    wish = wish_of({"title": "DNA合成", "text": "用 ＭＶＲ 蒸发"}, [Phrase("process", "mvr")], LEXICON)
    assert wish == Wish(("dna", "合成", "用", "mvr", "蒸发"), (("process", "mvr"),), ())


WINDOW = {"kind": "window", "earliest_start": "2026-11-01", "latest_start": "2026-12-31", "weeks": 2}


@pytest.mark.parametrize(
    ("dates", "earliest"),
    [
        ({}, date(2026, 11, 21)),
        ({"earliest_start": "2026-11-21"}, date(2026, 11, 21)),
        ({"earliest_start": "2026-11-22"}, date(2026, 11, 22)),
        ({"latest_start": "2026-11-21"}, date(2026, 11, 21)),
        # over: judged as it was asked
        ({"latest_start": "2026-11-20"}, date(2026, 11, 1)),
    ],
)
def test_a_window_that_has_begun_starts_today_when_it_is_matched_now(dates: dict[str, str], earliest: date) -> None:
    record = WINDOW | dates

    now = condition_from_exchange(record, LEXICON, today=TODAY, is_now=True)

    latest = date.fromisoformat(str(record["latest_start"]))
    assert now.window == Window(earliest.toordinal(), latest.toordinal(), 14)


def test_a_window_of_old_data_keeps_its_days() -> None:
    asked = Window(date(2026, 11, 1).toordinal(), date(2026, 12, 31).toordinal(), 14)
    assert translated(**WINDOW).window == asked
