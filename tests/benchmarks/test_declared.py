"""Declared fields of the exchange format, brought to what a search engine would store."""

from __future__ import annotations

import pytest

from benchmarks.declared import Geography, Offer, Wish, offer_of, wish_of

GEOGRAPHY = Geography({"上海": "上海", "浦东": "上海", "江苏": "江苏", "苏州": "江苏"}, (frozenset({"上海", "江苏"}),))


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("江苏/苏州", ("江苏", "苏州")),
        ("苏州", ("江苏", "苏州")),
        ("江苏", ("江苏", "")),
        (None, ("", "")),
        ("火星", ("火星", "")),
    ],
)
def test_a_place_is_province_and_city(written: str | None, place: tuple[str, str]) -> None:
    assert GEOGRAPHY.place(written) == place


def test_provinces_of_a_cluster_are_near() -> None:
    assert GEOGRAPHY.are_near("上海", "江苏")
    assert not GEOGRAPHY.are_near("上海", "广东")


def test_reads_a_listing() -> None:
    platform = {"region": "浦东", "chains": ["食品"]}
    capability = {
        "processes": ["发酵", "发酵", "干燥"],
        "qualifications": ["GMP"],
        "parameters": [
            {"quantity": "volume", "min": 1, "max": 3, "unit": "吨"},
            {"quantity": "mass_per_batch", "min": 2, "max": None, "unit": "吨"},
            {"quantity": "speed", "min": 1, "max": 2, "unit": "m/s"},
        ],
        "price": {"amount": 7.5, "unit": "万元/周"},
        "availability": [{"from": "2026-01-05", "to": "2026-01-18"}, {"from": "2026-12-28", "to": "2027-02-07"}],
    }
    assert offer_of(platform, capability, GEOGRAPHY) == Offer(
        processes=("发酵", "干燥"),
        qualifications=("GMP",),
        chain="食品",
        place=("上海", "浦东"),
        ranges={"volume": (1000.0, 3000.0), "mass_per_batch": (2000.0, None)},
        price=7.5,
        free=0b11 | 1 << 51,
    )


def test_an_empty_listing_declares_nothing() -> None:
    assert offer_of({}, {"price": None, "availability": []}, GEOGRAPHY) == Offer()


def test_reads_the_form_of_a_need() -> None:
    conditions = [
        {"kind": "process", "value": "发酵"},
        {"kind": "qualification", "value": "GMP", "hard": True},
        {"kind": "chain", "value": "食品"},
        {"kind": "region", "value": "江苏/苏州", "hard": True},
        {"kind": "parameter", "quantity": "pressure", "min": None, "max": 0.6, "unit": "MPa"},
        {"kind": "budget", "max": 20.0, "hard": False},
        {"kind": "window", "earliest_start": "2026-01-12", "latest_start": "2026-02-02", "weeks": 3},
    ]
    assert wish_of({"conditions": conditions}, GEOGRAPHY) == Wish(
        processes=("发酵",),
        qualifications=("GMP",),
        chain="食品",
        place=("江苏", "苏州"),
        place_hard=True,
        ranges={"pressure": (None, 0.6)},
        budget=20.0,
        budget_hard=False,
        window=(1, 4, 3),
    )
