"""Chains against stages: true counts, gaps named, blanks counted apart."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

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

    assert [(row.chain, code, cells) for row, code, cells in page.context["rows"]] == [
        ("量子科技", "QUANTUM", [("LAB", 0, 0), ("PILOT", 0, 0)]),
        ("生物制造", "生物制造", [("LAB", 0, 0), ("PILOT", 1, 1)]),
    ]
    assert page.context["gap_count"] == 1
    text = page.content.decode()
    assert text.count(">gap</a></td>") == 3
    assert 'href="/chains/QUANTUM/#LAB">gap<' in text
    assert [words for _, words in page.context["levels"]] == ["1–2", "3–6", "7–11", "12–16", "≥ 17"]
    assert "Quantum technology" in text
    assert '/services/?chain=%E7%94%9F%E7%89%A9%E5%88%B6%E9%80%A0&amp;stage=PILOT">1</a>' in text


@pytest.mark.usefixtures("stages")
def test_a_chain_shows_who_stands_at_each_stage(client: Client) -> None:
    rows = [FactFactory.create(kind="stage", value="PILOT", text="中试").capability for _ in range(7)]
    CapabilityFactory.create(name="未说明环节")

    page = client.get("/chains/生物制造/?lang=en")

    lab, pilot = page.context["stages"]
    assert (lab.code, lab.count, lab.level, lab.rows) == ("LAB", 0, 0, [])
    assert (pilot.code, pilot.count, pilot.level) == ("PILOT", 7, 3)
    assert pilot.rows == rows[:6]
    assert (page.context["total"], page.context["not_stated"]) == (8, 1)
    text = page.content.decode()
    assert "No listing of this chain names this stage." in text
    assert "All 7 at this stage" in text


@pytest.mark.usefixtures("stages")
@pytest.mark.parametrize(("path", "status"), [("QUANTUM", 200), ("量子科技", 200), ("没有", 404), ("LAB", 404)])
def test_a_chain_is_known_by_code_or_name(client: Client, path: str, status: int) -> None:
    assert client.get(f"/chains/{path}/").status_code == status


@pytest.mark.usefixtures("stages")
def test_a_chain_asks_the_same_however_many_stand_in_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    FactFactory.create(kind="stage", value="PILOT")
    client.get("/chains/生物制造/")
    with django_assert_num_queries(6):
        client.get("/chains/生物制造/")
    for _ in range(30):
        FactFactory.create(kind="stage", value="PILOT")
    with django_assert_num_queries(6):
        client.get("/chains/生物制造/")
