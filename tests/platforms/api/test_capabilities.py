"""GET /api/v1/capabilities/ and /api/v1/capabilities/{id}/"""

from __future__ import annotations

from typing import Any

import pytest

from platforms.models import Capability, Platform
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.accounts.actors import Actor

URL = "/api/v1/capabilities/"


def _names(answer: Any) -> set[str]:
    return {row["name"] for row in answer.json()["results"]}


def test_answers_the_card_of_a_published_capability(api: ApiOf, capability: Capability) -> None:
    platform = capability.platform
    FactFactory.create(capability=capability, kind="stage", value="PILOT")
    FactFactory.create(capability=capability, kind="qualification", value="GMP", is_negated=True)
    FactFactory.create(capability=capability, kind="qualification", value="CNAS", source="read")
    FactFactory.create(capability=capability, volume=True, source="read", low=499)

    assert api(None).get(URL).json() == {
        "count": 1,
        "facets": {
            "chain": {"生物制造": 1},
            "service": {},
            "stage": {"PILOT": 1},
            "process": {"发酵": 1},
            "qualification": {"CNAS": 1},
            "region": {"510100": 1},
        },
        "results": [
            {
                "id": str(capability.uuid),
                "external_id": capability.external_id,
                "name": capability.name,
                "summary": "500L发酵罐三台",
                "platform": {
                    "id": str(platform.uuid),
                    "external_id": platform.external_id,
                    "name": platform.name,
                    "operator": "某研究院",
                    "operator_kind": "unknown",
                    "country": "CN",
                    "region": "510100",
                    "city": "成都",
                    "chains": ["生物制造"],
                    "level": "",
                },
                "stages": ["PILOT"],
                "services": [],
                "processes": ["发酵"],
                "materials": [],
                "qualifications": ["CNAS"],
                "parameters": [
                    {
                        "quantity": "volume",
                        "min": 500.0,
                        "max": 500.0,
                        "unit": "L",
                        "count": None,
                        "text": "500L发酵罐",
                    }
                ],
                "trl": [None, None],
                "price": None,
                "small_batch": None,
                "verified": False,
            }
        ],
    }


@pytest.fixture
def market(db: None) -> None:
    """甲: fermentation, GMP, Chengdu. 乙: fermentation, Wuhan. 丙: drying, Germany, confirmed, newest."""
    rows = [
        ("甲", {"region": "510100", "chains": ["生物制造"]}, "发酵", "GMP"),
        ("乙", {"region": "420100", "chains": ["创新药", "生物制造"]}, "发酵", "CNAS"),
        ("丙", {"region": "", "country": "DE", "chains": ["新材料"], "source_date": "2026-05-01"}, "干燥", ""),
    ]
    for name, platform, process, qualification in rows:
        row = CapabilityFactory.create(name=name, summary=f"{name}线", platform=PlatformFactory.create(**platform))
        FactFactory.create(capability=row, value=process, text=process)
        if qualification:
            FactFactory.create(capability=row, kind="qualification", value=qualification, text=qualification)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"甲", "乙", "丙"}),
        ("q=发酵", {"甲", "乙"}),
        ("q=发酵 甲线", {"甲"}),
        ("q=不存在", set()),
        ("process=发酵", {"甲", "乙"}),
        ("process=发酵&process=干燥", {"甲", "乙", "丙"}),
        ("process=发酵&qualification=GMP", {"甲"}),
        ("chain=生物制造", {"甲", "乙"}),
        ("chain=新材料&process=发酵", set()),
        ("region=510000", {"甲"}),
        ("region=DE", {"丙"}),
        ("qualification=", {"甲", "乙", "丙"}),
    ],
)
def test_filters(api: ApiOf, market: None, query: str, names: set[str]) -> None:
    answer = api(None).get(f"{URL}?{query}")

    assert (_names(answer), answer.json()["count"]) == (names, len(names))


def test_a_facet_counts_what_its_own_filter_would_leave(api: ApiOf, market: None) -> None:
    facets = api(None).get(f"{URL}?process=干燥").json()["facets"]

    assert facets["process"] == {"发酵": 2, "干燥": 1}
    assert facets["chain"] == {"新材料": 1}


def test_sorts(api: ApiOf, market: None) -> None:
    newest, by_name = (api(None).get(f"{URL}?sort={sort}").json()["results"] for sort in ("newest", "name"))

    assert newest[0]["name"] == "丙"
    assert {row["name"] for row in by_name} == {"甲", "乙", "丙"}


@pytest.mark.parametrize(("query", "field"), [("sort=best", "sort"), ("q=%00", "q"), ("chain=%00", "chain.0")])
def test_bad_input_names_the_field(api: ApiOf, db: None, query: str, field: str) -> None:
    answer = api(None).get(f"{URL}?{query}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("number", [1, 3])
def test_takes_as_many_queries_for_three_as_for_one(
    api: ApiOf, db: None, django_assert_num_queries: Any, number: int
) -> None:
    for row in CapabilityFactory.create_batch(number):
        FactFactory.create_batch(2, capability=row)

    api(None).get(URL)  # fills what the process keeps

    # The catalogue's clock, count, rows with their platforms, facts.
    with django_assert_num_queries(3):
        assert len(api(None).get(URL).json()["results"]) == number


@pytest.mark.parametrize(("own", "platform"), [("draft", "published"), ("published", "suspended")])
def test_what_is_not_published_is_for_its_own_people(
    api: ApiOf,
    operator: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    capability: Capability,
    own: str,
    platform: str,
) -> None:
    Capability.objects.filter(pk=capability.pk).update(status=own)
    Platform.objects.filter(pk=capability.platform_id).update(status=platform)
    url = f"{URL}{capability.uuid}/"

    assert api(None).get(URL).json()["count"] == 0
    actors = (None, operator2, other_zone_admin, operator, zone_admin)
    assert [api(actor).get(url).status_code for actor in actors] == [404, 404, 404, 200, 200]


def test_reads_one_with_facts_source_and_date(api: ApiOf, capability: Capability) -> None:
    Platform.objects.update(is_confirmed=True)
    body = api(None).get(f"{URL}{capability.uuid}/").json()

    assert (body["id"], body["verified"], body["platform"]["name"]) == (
        str(capability.uuid),
        True,
        capability.platform.name,
    )
    assert body["source"] == {"url": "https://example.com/list", "date": "2025-12-25", "grade": "A"}
    assert body["facts"] == [
        {
            "kind": "process",
            "value": "发酵",
            "quantity": "",
            "min": None,
            "max": None,
            "unit": "",
            "count": None,
            "text": "发酵",
            "source": "declared",
            "date": "2025-12-25",
            "confirmed_at": None,
            "negated": False,
            "lapsed": False,
            "confidence": 1.0,
        },
        {
            "kind": "parameter",
            "value": "",
            "quantity": "volume",
            "min": 500.0,
            "max": 500.0,
            "unit": "L",
            "count": None,
            "text": "500L发酵罐",
            "source": "declared",
            "date": "2025-12-25",
            "confirmed_at": None,
            "negated": False,
            "lapsed": False,
            "confidence": 1.0,
        },
    ]
    assert (body["availability"], body["availability_known"]) == ([], False)


def test_never_shows_a_contact(api: ApiOf, capability: Capability) -> None:
    organization = capability.platform.organization
    for url in (URL, f"{URL}{capability.uuid}/", f"/api/v1/platforms/{capability.platform.uuid}/"):
        text = api(None).get(url).content.decode()
        assert organization.contact_phone not in text
        assert organization.contact_email not in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("quantity=volume&value=500&unit=L", 1),
        ("quantity=volume&value=0.5&unit=m3", 1),
        ("quantity=volume&value=501", 0),
        ("quantity=volume&value=500&unit=L&bound=max", 1),
        ("quantity=volume&value=499&unit=L&bound=max", 0),
        ("quantity=volume&value=&unit=", 1),
    ],
)
def test_finds_by_size(api: ApiOf, capability: Capability, query: str, count: int) -> None:
    answer = api(None).get(f"{URL}?{query}").json()

    assert (answer["count"], answer["facets"]["process"]) == (count, {"发酵": 1} if count else {})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("quantity=volume&value=many&unit=L", "value"),
        ("quantity=volume&value=500&unit=kg", "unit"),
        ("value=500&unit=L", "quantity"),
        ("quantity=volume&value=500&bound=about", "bound"),
    ],
)
def test_refuses_a_size_it_cannot_read(api: ApiOf, capability: Capability, query: str, field: str) -> None:
    answer = api(None).get(f"{URL}?{query}")

    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "invalid", [field])


def test_a_phrase_nobody_could_read_is_no_fact(api: ApiOf, capability: Capability) -> None:
    FactFactory.create(capability=capability, kind="phrase", value="process:挂釉", text="挂釉", source="read")

    body = api(None).get(f"{URL}{capability.uuid}/").json()
    platform = api(None).get(f"/api/v1/platforms/{capability.platform.uuid}/").json()
    found = api(None).get(URL, {"q": "process"}).json()

    assert "phrase" not in {fact["kind"] for fact in body["facts"]}
    assert "phrase" not in {fact["kind"] for part in platform["capabilities"] for fact in part["facts"]}
    assert (found["count"], "phrase" in str(found["facets"])) == (0, False)
