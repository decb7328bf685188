"""The search page as htmx asks for it: filters and results alone, the address said, the order of values kept."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from platforms.models import Capability, FreePeriod
from platforms.prices import Price
from platforms.search import Search, find_capabilities
from platforms.services.listings import tick
from platforms.views.searches import search_from
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def papers(db: None) -> list[Capability]:
    """One line with GMP and CNAS, one with GMP, one with CNAS."""
    rows = [CapabilityFactory.create() for _ in range(3)]
    for row, values in zip(rows, (("GMP", "CNAS"), ("GMP",), ("CNAS",)), strict=True):
        for value in values:
            FactFactory.create(capability=row, kind="qualification", value=value, text=value)
    return rows


def test_htmx_gets_filters_and_results_alone(client: Client, papers: list[Capability]) -> None:
    answer = client.get("/services/?q=&process=&qualification=GMP&value=&sort=relevance", headers=PART)

    text = answer.content.decode()
    assert text.startswith('<div class="with-facets browse" id="browse">')
    assert "<html" not in text
    assert answer["HX-Push-Url"] == "/services/?qualification=GMP"
    assert {"HX-Request", "HX-Request-Type"} <= set(answer["Vary"].split(", "))


def test_the_whole_page_holds_the_same_part(client: Client, papers: list[Capability]) -> None:
    address = "/services/?qualification=GMP"

    assert client.get(address, headers=PART).content.decode().strip() in client.get(address).content.decode()


def test_all_papers_ticked_must_be_there(client: Client, papers: list[Capability]) -> None:
    page = client.get("/services/?qualification=GMP&qualification=CNAS")

    assert [row.capability for row in page.context["rows"]] == [papers[0]]
    group = next(group for group in page.context["groups"] if group.name == "qualification")
    assert group.all_of
    assert {choice.value: choice.count for choice in group.shown} == {"CNAS": 1, "GMP": 1}


def test_an_empty_answer_offers_to_drop_one_paper(client: Client, papers: list[Capability]) -> None:
    page = client.get("/services/?qualification=GMP&qualification=GLP")

    assert [(way.label, way.count, way.address) for way in page.context["dropping"]] == [
        ("GLP", 2, "?qualification=GMP")
    ]


def test_values_stay_in_their_places_and_zeros_in_sight(client: Client, papers: list[Capability]) -> None:
    FactFactory.create(capability=papers[0], value="发酵")
    FactFactory.create(capability=papers[2], value="精馏")
    FactFactory.create(capability=papers[1], value="精馏")

    def process(address: str) -> list[tuple[str, int, int]]:
        group = next(g for g in client.get(address).context["groups"] if g.name == "process")
        return [(choice.value, choice.number, choice.count) for choice in group.shown]

    assert process("/services/") == [("精馏", 0, 2), ("发酵", 1, 1)]
    assert process("/services/?q=没有这样的词") == [("精馏", 0, 0), ("发酵", 1, 0)]


def test_what_is_chosen_behind_more_unfolds_it(client: Client, db: None) -> None:
    row = CapabilityFactory.create()
    for number in range(9):
        FactFactory.create(capability=row, value=f"工艺{number}")

    group = next(g for g in client.get("/services/?process=工艺8").context["groups"] if g.name == "process")
    assert (len(group.shown), len(group.rest), group.is_rest_open) == (7, 2, True)
    group = next(g for g in client.get("/services/?process=工艺0").context["groups"] if g.name == "process")
    assert group.is_rest_open is False


@pytest.fixture
def calendar(db: None) -> list[Capability]:
    """Free in two weeks, free in ten, free until yesterday, and one that does not say."""
    today = timezone.localdate()
    rows = [CapabilityFactory.create(name=f"线{number}") for number in range(4)]
    for row, start, end in zip(rows, (14, 70, -9), (20, 80, -1), strict=False):
        FreePeriod.objects.create(
            capability=row, starts_on=today + timedelta(days=start), ends_on=today + timedelta(days=end)
        )
    return rows


def test_time_is_a_filter_where_somebody_states_it(client: Client, calendar: list[Capability]) -> None:
    page = client.get("/services/?free=12")

    assert [row.capability for row in page.context["rows"]] == calendar[:2]
    assert [(one.value, one.count, one.is_chosen) for one in page.context["free_choices"]] == [
        ("4", 1, False),
        ("12", 2, True),
        ("26", 2, False),
    ]
    assert [chip.address for chip in page.context["chips"]] == ["?"]
    assert client.get("/services/?free=5").context["count"] == 4


@pytest.mark.django_db
def test_time_is_no_filter_where_nobody_does(client: Client) -> None:
    assert client.get("/services/").context["free_choices"] == []


def test_the_earliest_slot_can_come_first(calendar: list[Capability]) -> None:
    calendar[0].platform.save()
    FreePeriod.objects.filter(capability=calendar[1]).update(starts_on=timezone.localdate() - timedelta(days=3))

    found = list(find_capabilities(Search(sort="soonest")))
    assert found == [calendar[1], calendar[0], calendar[2], calendar[3]]


@pytest.mark.django_db
def test_the_search_asks_the_same_for_one_row_and_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    FactFactory.create(capability__platform=PlatformFactory.create())
    client.get("/services/")
    with django_assert_num_queries(3):
        client.get("/services/")
    for _ in range(29):
        FactFactory.create(capability__platform=PlatformFactory.create())
    Capability.objects.update(version=tick())
    assert len(client.get("/services/").context["rows"]) == 20
    with django_assert_num_queries(3):
        client.get("/services/")
    with django_assert_num_queries(5):  # facts and free periods of ten lines not shown before
        client.get("/services/?page=2")


@pytest.fixture
def priced(db: None) -> list[Capability]:
    """2.4 万元/批, 3 万元/批, 500 元/天, and one that does not say."""
    stated = ((2.4, "万元/批"), (3, "万元/批"), (500, "元/天"))
    rows = [CapabilityFactory.create(price={"amount": amount, "unit": unit}) for amount, unit in stated]
    return [*rows, CapabilityFactory.create()]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("price_max=3&price_unit=万元/批", [0, 1]),
        ("price_max=2.5&price_unit=万元/批", [0]),
        ("price_max=600&price_unit=元/天", [2]),
        ("price_max=&price_unit=元/天", [0, 1, 2, 3]),
        ("price_max=2&price_unit=两银子", []),
    ],
)
def test_a_price_narrows_in_its_own_unit(
    client: Client, priced: list[Capability], typed: str, found: list[int]
) -> None:
    page = client.get(f"/services/?{typed}")

    assert sorted(row.capability.pk for row in page.context["rows"]) == [priced[number].pk for number in found]


def test_a_price_has_its_chip_and_a_way_out(client: Client, priced: list[Capability]) -> None:
    page = client.get("/services/?price_max=1&price_unit=万元/批&lang=en")

    assert [(chip.label, chip.address) for chip in page.context["chips"]] == [("Price ≤ 1 万元/批", "?")]
    assert [(way.label, way.count) for way in page.context["dropping"]] == [("Price ≤ 1 万元/批", 4)]
    assert search_from(QueryDict("price_max=1&price_unit=万元/批")) == Search(price=Price(1.0, "万元/批"))


def test_a_price_that_is_no_number_is_said_and_kept(client: Client, priced: list[Capability]) -> None:
    page = client.get("/services/?price_max=便宜&price_unit=万元/批")

    assert page.context["count"] == 4
    text = page.content.decode()
    assert 'name="price_max" value="便宜"' in text
    assert "请填写数字，例如 500。" in text


@pytest.mark.django_db
def test_price_is_no_filter_where_nobody_states_one(client: Client) -> None:
    CapabilityFactory.create()

    assert 'name="price_max"' not in client.get("/services/?price_max=3").content.decode()
