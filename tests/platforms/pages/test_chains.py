"""Chains against stages: true counts, gaps named, blanks counted apart."""

import pytest
from django.test import Client

from platforms.coverage import ChainCoverage, count_coverage
from platforms.enums import ListingStatus
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.vocabulary.models import Term


@pytest.fixture
def stages(db: None) -> None:
    Term.objects.create(kind="stage", code="LAB", name_zh="小试", name_en="Laboratory scale")
    Term.objects.create(kind="stage", code="PILOT", name_zh="中试", name_en="Pilot test")
    Term.objects.create(kind="chain", code="QUANTUM", name_zh="量子科技", name_en="Quantum technology")


@pytest.mark.usefixtures("stages")
def test_capabilities_count_once_in_each_stage_they_name() -> None:
    both = CapabilityFactory.create(platform=PlatformFactory.create(chains=["生物制造", "创新药"]))
    FactFactory.create(capability=both, kind="stage", value="LAB")
    FactFactory.create(capability=both, kind="stage", value="PILOT")
    FactFactory.create(capability=both, kind="stage", value="PILOT", source="read")
    CapabilityFactory.create(platform=both.platform)
    denied = CapabilityFactory.create(platform=both.platform)
    FactFactory.create(capability=denied, kind="stage", value="LAB", is_negated=True)
    hidden = CapabilityFactory.create(platform=both.platform, status=ListingStatus.DRAFT)
    FactFactory.create(capability=hidden, kind="stage", value="LAB")

    assert count_coverage() == [
        ChainCoverage("量子科技", 0, {}, 0),
        ChainCoverage("创新药", 3, {"LAB": 1, "PILOT": 1}, 2),
        ChainCoverage("生物制造", 3, {"LAB": 1, "PILOT": 1}, 2),
    ]


@pytest.mark.usefixtures("stages")
def test_the_page_names_the_gap_and_links_the_numbers(client: Client) -> None:
    FactFactory.create(kind="stage", value="PILOT", text="中试")

    page = client.get("/chains/?lang=en")

    assert [(row.chain, cells) for row, cells in page.context["rows"]] == [
        ("量子科技", [("LAB", 0, 0), ("PILOT", 0, 0)]),
        ("生物制造", [("LAB", 0, 0), ("PILOT", 1, 1)]),
    ]
    text = page.content.decode()
    assert text.count(">gap<") == 3
    assert "Quantum technology" in text
    assert '/services/?chain=%E7%94%9F%E7%89%A9%E5%88%B6%E9%80%A0&amp;stage=PILOT">1</a>' in text
