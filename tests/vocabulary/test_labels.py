"""Codes, ranges and conditions in words, in both languages."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from zhongshi.core.tasks import run_outbox
from zhongshi.vocabulary import labels
from zhongshi.vocabulary.models import Term


@pytest.fixture(autouse=True)
def _words(db: None) -> Iterator[None]:
    for kind, code, chinese, english in (
        ("quantity", "volume", "容积", "Volume"),
        ("process", "BIO-FERMENTATION", "发酵", "fermentation"),
        ("qualification", "GMP", "药品生产质量管理规范", "Good manufacturing practice"),
        ("region", "510100", "成都市", "Chengdu"),
        ("region", "510000", "四川省", "Sichuan"),
        ("region", "FR", "法国", ""),
    ):
        Term.objects.create(kind=kind, code=code, name_zh=chinese, name_en=english)
    labels.forget()
    with translation.override("zh-hans"):
        yield
    labels.forget()


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (500, 1000, "L", "500–1,000 L"),
        (None, 1000, "L", "≤ 1,000 L"),
        (500.0, None, "L", "≥ 500 L"),
        (500, 500, "L", "500 L"),
        (-20, 180, "degC", "−20–180 ℃"),
        (0.000125, None, "MPa", "≥ 0.000125 MPa"),
        (99.9, None, "%", "≥ 99.9%"),
        (10000, None, "m2", "≥ 10,000 m²"),
        (None, None, "L", ""),
    ],
)
def test_ranges(low: float | None, high: float | None, unit: str, text: str) -> None:
    assert labels.range_label(low, high, unit) == text


def test_a_sum_of_vessels_is_not_one_vessel() -> None:
    with translation.override("en"):
        assert labels.range_label(None, 4500, "m3(total)") == "≤ 4,500 m³ in total"


def test_vessels_are_counted_but_counts_are_not_multiplied() -> None:
    assert labels.parameter_label(30, 1200, "L", 6) == "30–1,200 L × 6"
    assert labels.parameter_label(130, None, "台", 130) == "≥ 130 台"
    assert labels.parameter_label(500, 500, "L", 1) == "500 L"


def test_units_follow_the_language() -> None:
    assert labels.range_label(3, 3, "month") == "3 个月"
    with translation.override("en"):
        assert labels.range_label(3, 3, "month") == "3 month"
        assert labels.range_label(12, None, "台") == "≥ 12 units"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(None, 800_000, "≤ 80 万元"), (500_000, 800_000, "50–80 万元"), (2_600, 2_600, "2,600 元")],
)
def test_money_is_counted_in_ten_thousands(low: float | None, high: float | None, text: str) -> None:
    assert labels.money_label(low, high, "CNY") == text


def test_money_in_english() -> None:
    with translation.override("en"):
        assert labels.money_label(None, 800_000, "CNY") == "≤ 800,000 CNY"


def test_terms_are_found_by_code_and_by_chinese_name() -> None:
    assert labels.term_label("process", "BIO-FERMENTATION") == "发酵"
    with translation.override("en"):
        assert labels.term_label("process", "发酵") == "Fermentation"
        assert labels.term_label("process", "nobody knows") == "nobody knows"


def test_papers_known_by_their_letters_stay_short_in_chinese() -> None:
    assert labels.term_label("qualification", "GMP") == "GMP"
    with translation.override("en"):
        assert labels.term_label("qualification", "GMP") == "Good manufacturing practice"


def test_regions() -> None:
    assert labels.region_label("510100") == "成都市"
    assert labels.region_label("519900") == "四川省 519900"
    assert labels.region_label("999900") == "999900"
    with translation.override("en"):
        assert labels.region_label("FR") == "法国"
        assert labels.region_label("510100") == "Chengdu"


def test_of_alternatives_any_one_suffices() -> None:
    assert labels.value_label("qualification", ["GMP", "GLP"]) == "GMP或GLP"
    with translation.override("en"):
        assert labels.value_label("qualification", ("GLP", "CNAS")) == "GLP or CNAS"


def test_names_are_read_once_and_only_looked_after(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    labels.forget()
    labels.quantity_label("volume")
    labels.forget()

    with django_assert_num_queries(1) as looked:
        labels.quantity_label("volume")
        labels.quantity_label("pressure")

    assert "count(*)" in looked.captured_queries[0]["sql"]


def _a_request() -> None:
    Client().get("/healthz")


def _a_task() -> None:
    run_outbox.apply(kwargs={"event_id": 0})


@pytest.mark.parametrize("next_one", [_a_request, _a_task])
def test_an_edited_name_shows_with_the_next_request_and_task(next_one: Callable[[], None]) -> None:
    assert labels.quantity_label("volume") == "容积"
    term = Term.objects.get(code="volume")
    term.name_zh = "容量"
    term.save()
    assert labels.quantity_label("volume") == "容积"

    next_one()

    assert labels.quantity_label("volume") == "容量"


@pytest.mark.parametrize(
    ("record", "name", "value"),
    [
        ({"kind": "parameter", "quantity": "volume", "min": 300, "max": 500, "unit": "L"}, "Volume", "300–500 L"),
        ({"kind": "process", "value": "发酵"}, "process", "Fermentation"),
        ({"kind": "region", "value": ["510100", "FR"]}, "region", "Chengdu, 法国"),
        ({"kind": "budget", "quantity": "budget", "max": 800000, "unit": "CNY"}, "budget", "≤ 800,000 CNY"),
        ({"kind": "duration", "quantity": "duration", "max": 60, "unit": "day"}, "duration", "≤ 60 day"),
        ({"kind": "start_by", "value": "P2M"}, "start by", "within 2 months"),
        ({"kind": "start_by", "value": "P1W"}, "start by", "within 1 week"),
        ({"kind": "start_by", "value": "--03-31"}, "start by", "03-31"),
        ({"kind": "start_by", "value": "2027-01-31"}, "start by", "2027-01-31"),
        ({"kind": "process", "value": "发酵", "op": "exclude"}, "process", "not: Fermentation"),
        ({"kind": "qualification", "value": "GLP", "op": "not_required"}, "qualification", "GLP does not matter"),
        (
            {"kind": "window", "earliest_start": "2027-01-01", "latest_start": "2027-02-01", "weeks": 3},
            "time window",
            "2027-01-01–2027-02-01, 3 week",
        ),
    ],
)
def test_conditions(record: dict[str, object], name: str, value: str) -> None:
    with translation.override("en"):
        label = labels.condition_label(record | {"hard": True, "text": "原文"})

    assert (label.name, label.value, label.text, label.is_hard) == (name, value, "原文", True)
