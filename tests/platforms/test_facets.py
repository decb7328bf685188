"""Counts of filters against counting by hand, under every combination; and they follow what services change."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from platforms import facets
from platforms.facets import ALL_OF, FACETS, FacetTable
from platforms.models import Capability, Fact, Platform
from platforms.search import Search, count_facets, find_capabilities, found_by_text, listed
from platforms.services import capability_advance, platform_advance, platform_load
from platforms.sizes import Size
from tests.factories import CapabilityFactory, ZoneFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone

pytestmark = pytest.mark.django_db(transaction=True)

# Place, chains, and of each capability: stages, processes, qualifications, litres, words.
_WORLD: list[tuple[str, str, list[str], list[tuple[str, str, str, int, str]]]] = [
    ("CN", "510100", ["生物制造"], [("PILOT", "发酵 精馏", "GMP", 500, "甲"), ("", "发酵", "", 100, "乙")]),
    ("CN", "510700", ["生物制造", "创新药"], [("PILOT LAB", "精馏", "GMP CNAS", 1000, "甲 罐")]),
    ("CN", "420100", ["创新药"], [("LAB", "发酵", "CNAS", 0, "罐"), ("PILOT", "", "", 500, "")]),
    ("DE", "", ["新材料"], [("DEMO", "精馏", "CNAS", 2000, "罐")]),
    ("CN", "", [], [("", "", "", 0, "丁")]),
]
_CHOICES: dict[str, list[tuple[str, ...]]] = {
    "chain": [(), ("生物制造",), ("创新药", "新材料")],
    "stage": [(), ("PILOT",), ("LAB", "DEMO")],
    "process": [(), ("发酵",), ("精馏", "没有的")],
    "qualification": [(), ("GMP",), ("GMP", "CNAS")],
    "region": [(), ("510000",), ("DE", "420100"), ("CN",)],
}


@pytest.fixture
def world(db: None) -> list[dict[str, Any]]:
    """The rows of the world, and beside them as plain values what each has."""
    zone, known = ZoneFactory.create(), []
    for number, (country, region, chains, lines) in enumerate(_WORLD):
        platform = Platform.objects.create(
            zone=zone, name=f"平台{number}", country=country, region=region, chains=chains, status="published"
        )
        for stages, processes, qualifications, litres, words in lines:
            row = Capability.objects.create(platform=platform, name=f"线{number}", summary=words, status="published")
            has: dict[str, list[str]] = {
                "service": [],
                "stage": stages.split(),
                "process": processes.split(),
                "qualification": qualifications.split(),
            }
            facts = [Fact(capability=row, kind=kind, value=one) for kind, values in has.items() for one in values]
            # Stated and read: one value, twice; and what is denied or out of date does not count.
            facts += [Fact(capability=row, kind="process", value=one, source="read") for one in has["process"]]
            facts += [Fact(capability=row, kind="qualification", value="ATEX", is_lapsed=True)]
            facts += [Fact(capability=row, kind="stage", value="SMALL", is_negated=True)]
            if litres:
                facts.append(Fact(capability=row, kind="parameter", quantity="volume", high=litres / 1000, unit="m3"))
            Fact.objects.bulk_create(facts)
            place = [region or country] if region or country else []
            within = {region, region[:2] + "0000" if region else "", country} - {""}
            known.append({"pk": row.pk, "chain": chains, **has, "region": place, "within": within,
                          "litres": litres, "words": words})  # fmt: skip
        Capability.objects.create(platform=platform, name="草稿", status="draft")
    return known


def _fits(row: dict[str, Any], search: Search, besides: str = "") -> bool:
    for name in FACETS:
        chosen, has = set(getattr(search, name)), row["within" if name == "region" else name]
        fits = chosen <= set(has) if name in ALL_OF else bool(chosen & set(has))
        # Papers narrow their own counts: each further one must be there as well.
        if chosen and not fits and (name != besides or name in ALL_OF):
            return False
    return set(search.words.split()) <= set(row["words"].split()) and (not search.size or row["litres"] >= 500)


def _by_hand(world: list[dict[str, Any]], search: Search) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in FACETS:
        left = [value for row in world if _fits(row, search, besides=name) for value in row[name]]
        counts[name] = {value: left.count(value) for value in left}
    return counts


@pytest.mark.parametrize("size", [None, Size("volume", 500, "L")])
@pytest.mark.parametrize("words", ["", "罐"])
def test_counts_are_what_counting_by_hand_gives(world: list[dict[str, Any]], words: str, size: Size | None) -> None:
    for combination in product(*_CHOICES.values()):
        chosen: dict[str, Any] = dict(zip(_CHOICES, combination, strict=True))
        search = Search(words=words, size=size, **chosen)

        assert count_facets(search) == _by_hand(world, search), search


@pytest.mark.parametrize("words", ["", "甲 罐"])
def test_what_is_found_is_what_fits_by_hand(world: list[dict[str, Any]], words: str) -> None:
    for combination in product(*_CHOICES.values()):
        chosen: dict[str, Any] = dict(zip(_CHOICES, combination, strict=True))
        search = Search(words=words, **chosen)

        fitting = [row["pk"] for row in world if _fits(row, search)]
        for among in (None, found_by_text(search)):
            found = find_capabilities(search, among).values_list("pk", flat=True)
            assert sorted(found) == fitting, search


def test_most_comes_first_and_equals_by_name(world: list[dict[str, Any]]) -> None:
    counts = count_facets(Search())

    assert list(counts["chain"].items()) == [("创新药", 3), ("生物制造", 3), ("新材料", 1)]
    assert list(counts["region"].items()) == [("420100", 2), ("510100", 2), ("510700", 1), ("CN", 1), ("DE", 1)]


def _record(process: str, chain: str = "生物制造") -> dict[str, Any]:
    part = {"id": "x-1-1", "name": "线", "summary": "", "processes": [process]}
    return {"id": "x-1", "name": "平台", "chains": [chain], "capabilities": [part]}


def test_counts_follow_every_change_of_a_listing(zone: Zone, zone_admin: Actor) -> None:
    def counts() -> tuple[dict[str, int], dict[str, int]]:
        found = count_facets(Search())
        return found["process"], found["chain"]

    assert counts() == ({}, {})
    platform_load(record=_record("发酵"), zone=zone)
    assert counts() == ({}, {})

    platform_load(record=_record("发酵"), zone=zone, publish=True)
    assert counts() == ({"发酵": 1}, {"生物制造": 1})

    platform_load(record=_record("精馏", "创新药"), zone=zone)
    assert counts() == ({"精馏": 1}, {"创新药": 1})

    row = Capability.objects.select_related("platform__zone").get()
    capability_advance(actor=zone_admin, capability=row, target="suspended")
    assert counts() == ({}, {})

    capability_advance(actor=zone_admin, capability=row, target="published")
    platform_advance(actor=zone_admin, platform=row.platform, target="suspended")
    assert counts() == ({}, {})


def test_an_unchanged_catalogue_costs_one_query(zone: Zone, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    platform_load(record=_record("发酵"), zone=zone, publish=True)
    count_facets(Search())

    with django_assert_num_queries(1):
        count_facets(Search(process=("发酵",), chain=("生物制造",), region=("510000",)))
    with django_assert_num_queries(2):
        count_facets(Search(size=Size("volume", 1, "L"), chain=("生物制造",)))


def test_a_change_is_taken_up_alone(zone: Zone) -> None:
    platform_load(record=_record("发酵"), zone=zone, publish=True)
    count_facets(Search())
    other = {**_record("精馏"), "id": "x-2"}
    other["capabilities"][0]["id"] = "x-2-1"
    platform_load(record=other, zone=zone, publish=True)

    with CaptureQueriesContext(connection) as queries:
        assert count_facets(Search())["process"] == {"发酵": 1, "精馏": 1}

    # The clock, what changed, what is gone, its places, its facts, its free days.
    assert len(queries) == 6


@pytest.mark.parametrize("sort", ["relevance", "name", "newest", "soonest"])
def test_a_page_of_what_is_found_is_the_database_s(world: list[dict[str, Any]], sort: str) -> None:
    for words, chain in (("", ()), ("罐", ()), ("", ("创新药",))):
        search = Search(words=words, chain=chain, sort=sort)
        expected = list(find_capabilities(search))
        found = listed(search, found_by_text(search), Capability.objects.published())

        assert len(found) == len(expected)
        assert found[1:3] == expected[1:3]
        assert found[0] == expected[0]


def test_what_was_withdrawn_since_is_not_fetched(world: list[dict[str, Any]]) -> None:
    found = listed(Search(), None, Capability.objects.published())
    first = found[0]
    Capability.objects.filter(pk=first.pk).update(status="suspended")

    assert first not in found[:10]


@pytest.mark.django_db
def test_units_of_prices_are_those_anybody_states() -> None:
    for price in ({"amount": 3, "unit": "万元/批"}, {"amount": 5, "unit": "万元/批"}, {"unit": "元/天"}, None):
        CapabilityFactory.create(price=price)

    assert FacetTable().current().price_units == ("万元/批",)


def test_words_are_kept_and_forgotten(world: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MASKS_KEPT", 2)
    columns = FacetTable().current()
    first = columns.holding("罐", [])

    assert columns.holding("罐", []) is first
    assert columns.holding("罐", [("process", "发酵")]) is not first
    columns.holding("甲", [])
    again = columns.holding("罐", [])
    assert again is not first
    assert again.tolist() == first.tolist()


def test_a_word_and_a_filter_leave_what_is_kept_alone(world: list[dict[str, Any]]) -> None:
    before = found_by_text(Search(words="罐"))
    found_by_text(Search(words="罐 甲"))
    found_by_text(Search(words="罐", size=Size("volume", 500, "L")))

    assert found_by_text(Search(words="罐")) == before
