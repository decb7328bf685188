"""Words, filters and counts over the catalogue."""

import pytest

from platforms.enums import FactKind
from platforms.models import Capability
from platforms.search import Search, count_facets, find_capabilities
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.accounts.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(zone: Zone) -> dict[str, Capability]:
    chengdu = PlatformFactory.create(zone=zone, region="510100", city="成都", chains=["生物制造"])
    leuna = PlatformFactory.create(zone=zone, country="DE", region="", city="Leuna", chains=["石化化工"])
    dryer = CapabilityFactory.create(platform=chengdu, name="干燥线", summary="")
    FactFactory.create(capability=dryer, value="喷雾干燥", text="喷雾干燥")
    FactFactory.create(capability=dryer, kind=FactKind.QUALIFICATION, value="GMP", text="GMP")
    tank = CapabilityFactory.create(platform=leuna, name="发酵线", summary="不做喷雾干燥")
    FactFactory.create(capability=tank)
    FactFactory.create(capability=tank, value="喷雾干燥", text="不做喷雾干燥", is_negated=True)
    hidden = CapabilityFactory.create(platform=chengdu, name="发酵草稿", status="draft")
    FactFactory.create(capability=hidden)
    return {"dryer": dryer, "tank": tank}


def _names(**search: object) -> list[str]:
    return [row.name for row in find_capabilities(Search(**search))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["干燥线", "发酵线"]),
        ("发酵", ["发酵线"]),
        ("fermentation", ["发酵线"]),
        ("drying", ["干燥线"]),
        ("喷干 四川", ["干燥线"]),
        ("发酵 成都", []),
        ("德国", ["发酵线"]),
        ("没有这个词", []),
        ("%", []),
    ],
)
def test_words_mean_what_the_vocabulary_says(market: dict[str, Capability], words: str, expected: list[str]) -> None:
    assert _names(words=words) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({"process": ("喷雾干燥",)}, ["干燥线"]),
        ({"process": ("喷雾干燥", "发酵")}, ["干燥线", "发酵线"]),
        ({"process": ("发酵",), "qualification": ("GMP",)}, []),
        ({"region": ("510000",)}, ["干燥线"]),
        ({"region": ("DE",)}, ["发酵线"]),
        ({"chain": ("石化化工",)}, ["发酵线"]),
        ({"stage": ("PILOT",)}, []),
        ({"sort": "name"}, ["发酵线", "干燥线"]),
        ({"sort": "no such order"}, ["干燥线", "发酵线"]),
    ],
)
def test_filters_are_conditions(market: dict[str, Capability], search: dict[str, object], expected: list[str]) -> None:
    assert _names(**search) == expected


def test_counts_tell_what_each_further_choice_would_leave(market: dict[str, Capability]) -> None:
    counts = count_facets(Search(process=("发酵",)))

    assert counts["process"] == {"发酵": 1, "喷雾干燥": 1}
    assert counts["region"] == {"DE": 1}
    assert counts["chain"] == {"石化化工": 1}
    assert counts["qualification"] == {}
