"""The search page: filters in the address, live counts, a way out of an empty answer."""

import pytest
from django.http import QueryDict
from django.test import Client

from platforms.models import Capability
from platforms.search import Search
from platforms.sizes import Size
from platforms.views.searches import address_of, search_from, without_value
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory


@pytest.fixture
def lines(db: None) -> list[Capability]:
    """发酵 in Chengdu, 发酵 with GMP in Wuhan, 精馏 in Chengdu."""
    chengdu, wuhan = PlatformFactory.create(), PlatformFactory.create(region="420100", city="武汉", chains=["创新药"])
    rows = [CapabilityFactory.create(platform=platform) for platform in (chengdu, wuhan, chengdu)]
    for row, value in zip(rows, ("发酵", "发酵", "精馏"), strict=True):
        FactFactory.create(capability=row, value=value, text=value)
    FactFactory.create(capability=rows[1], kind="qualification", value="GMP", text="GMP车间")
    return rows


def test_an_address_becomes_a_search_and_back() -> None:
    query = QueryDict(
        "q=%20500L%20%20发酵&process=发酵&process=精馏&process=发酵&region=510100&sort=name&page=3&lang=en"
    )

    search = search_from(query)

    assert search == Search(words="500L 发酵", process=("发酵", "精馏"), region=("510100",), sort="name")
    assert search_from(QueryDict(address_of(search)[1:])) == search


def test_nonsense_in_the_address_is_cut_not_refused() -> None:
    search = search_from(QueryDict(f"q={'长' * 500}&sort=drop table&chain=&stage=%00&stage={'x' * 500}"))

    assert search == Search(words="长" * 100, stage=("x" * 100,))


def test_one_value_of_a_filter_can_be_lifted() -> None:
    search = Search(words="罐", process=("发酵", "精馏"))

    assert without_value(search, "process", "发酵") == Search(words="罐", process=("精馏",))


def test_filters_narrow_and_their_counts_ignore_themselves(client: Client, lines: list[Capability]) -> None:
    page = client.get("/services/", {"process": "发酵"})

    assert page.context["count"] == 2
    assert {row.capability.pk for row in page.context["rows"]} == {lines[0].pk, lines[1].pk}
    process = next(group for group in page.context["groups"] if group.name == "process")
    assert [(one.value, one.count, one.is_chosen) for one in process.shown] == [("发酵", 2, True), ("精馏", 1, False)]
    region = next(group for group in page.context["groups"] if group.name == "region")
    assert {one.value: one.count for one in region.shown} == {"510100": 1, "420100": 1}
    assert "2 项服务符合条件" in page.content.decode()


def test_a_chosen_value_that_finds_nothing_stays_in_sight(client: Client, lines: list[Capability]) -> None:
    page = client.get("/services/", {"process": "层析"})

    process = next(group for group in page.context["groups"] if group.name == "process")
    assert next((one.value, one.count, one.is_chosen) for one in process.shown) == ("层析", 0, True)


def test_each_chip_lifts_its_own_filter(client: Client, lines: list[Capability]) -> None:
    page = client.get("/services/", {"q": "罐", "process": ["发酵", "精馏"]})

    assert [(chip.label, search_from(QueryDict(chip.address[1:]))) for chip in page.context["chips"]] == [
        ("“罐”", Search(process=("发酵", "精馏"))),
        ("发酵", Search(words="罐", process=("精馏",))),
        ("精馏", Search(words="罐", process=("发酵",))),
    ]


def test_an_empty_answer_names_the_filter_to_drop_with_its_gain(client: Client, lines: list[Capability]) -> None:
    page = client.get("/services/?lang=en", {"process": "发酵", "qualification": "GMP", "region": "510100"})

    assert page.context["count"] == 0
    ways = [(way.count, search_from(QueryDict(way.address[1:]))) for way in page.context["dropping"]]
    assert ways == [
        (1, Search(process=("发酵",), region=("510100",))),
        (1, Search(process=("发酵",), qualification=("GMP",))),
    ]


def test_where_no_single_drop_helps_it_says_what_to_keep(client: Client, lines: list[Capability]) -> None:
    page = client.get("/services/", {"q": "不存在的词", "process": "发酵", "stage": "DEMO"})

    assert page.context["dropping"] == []
    assert [(way.count, search_from(QueryDict(way.address[1:]))) for way in page.context["keeping"]] == [
        (2, Search(process=("发酵",)))
    ]


@pytest.mark.django_db
def test_pages_keep_the_filters(client: Client) -> None:
    platform = PlatformFactory.create()
    for _ in range(21):
        FactFactory.create(capability=CapabilityFactory.create(platform=platform))

    page = client.get("/services/", {"process": "发酵", "lang": "en"})

    assert len(page.context["rows"]) == 20
    assert [(link.label, link.is_current) for link in page.context["links"]] == [
        ("1", True),
        ("2", False),
        ("Next", False),
    ]
    assert QueryDict(page.context["links"][1].url.split("?")[1]).dict() == {"process": "发酵", "page": "2"}
    assert len(client.get(page.context["links"][1].url).context["rows"]) == 1


@pytest.mark.django_db
def test_a_page_beyond_the_last_shows_the_last(client: Client, lines: list[Capability]) -> None:
    assert len(client.get("/services/", {"page": "99"}).context["rows"]) == 3
    assert len(client.get("/services/", {"page": "x"}).context["rows"]) == 3


def test_markup_in_the_words_is_not_markup_on_the_page(client: Client, lines: list[Capability]) -> None:
    text = client.get("/services/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_row_prefers_what_is_declared_to_what_was_read(client: Client, capability: Capability) -> None:
    for quantity, low, source in (("volume", 300, "read"), ("count", 3, "read"), ("pressure", 2, "read")):
        FactFactory.create(
            capability=capability, volume=True, quantity=quantity, low=low, high=low, unit="", source=source, text=""
        )

    rows = client.get("/services/?lang=en").context["rows"]

    assert rows[0].parameters == [("volume", "500 L"), ("pressure", "2")]


@pytest.fixture
def vessels(lines: list[Capability]) -> list[Capability]:
    """500 L, 2 m³, and a line that does not say."""
    for row, (high, unit) in zip(lines, ((500, "L"), (2, "m3")), strict=False):
        FactFactory.create(capability=row, kind="parameter", value="", quantity="volume", high=high, unit=unit)
    return lines


def _size(**typed: str) -> dict[str, str]:
    return {"quantity": "volume", "bound": "min", "value": "", "unit": "", **typed}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, [0, 1, 2]),
        ({"value": "500", "unit": "L"}, [0, 1]),
        ({"value": "600L"}, [1]),
        ({"value": "2", "unit": "立方米"}, [1]),
        ({"value": "2.1", "unit": "m³"}, []),
    ],
)
def test_a_size_narrows_in_any_unit(
    client: Client, vessels: list[Capability], typed: dict[str, str], found: list[int]
) -> None:
    page = client.get("/services/", _size(**typed))

    assert sorted(row.capability.pk for row in page.context["rows"]) == [vessels[number].pk for number in found]


def test_a_size_has_its_chip_and_counts_with_the_other_filters(client: Client, vessels: list[Capability]) -> None:
    page = client.get("/services/", _size(value="1000", unit="L", process="发酵"))

    assert [chip.label for chip in page.context["chips"]] == ["volume ≥ 1,000 L", "发酵"]
    lifted = search_from(QueryDict(page.context["chips"][0].address[1:]))
    assert lifted == Search(process=("发酵",))
    qualification = next(group for group in page.context["groups"] if group.name == "qualification")
    assert [(one.value, one.count) for one in qualification.shown] == [("GMP", 1)]


def test_a_size_that_finds_nothing_says_so(client: Client, vessels: list[Capability]) -> None:
    page = client.get("/services/", _size(value="9", unit="m3", process="发酵"))

    assert [(way.label, way.count) for way in page.context["dropping"]] == [("volume ≥ 9 m³", 2)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"value": "五百", "unit": "L"}, "请填写数字，例如 500。"),
        ({"value": "500", "unit": "kg"}, "“kg”不是"),
        ({"value": "500", "quantity": "budget"}, "请选择要比较的参数。"),
    ],
)
def test_a_size_nobody_understands_is_said_and_kept(
    client: Client, vessels: list[Capability], typed: dict[str, str], message: str
) -> None:
    page = client.get("/services/", _size(**typed))

    text = page.content.decode()
    assert (page.status_code, page.context["count"], page.context["chips"]) == (200, 3, [])
    assert message in text
    assert "该规模条件未生效" in text
    assert f'name="value" value="{typed["value"]}"' in text


def test_an_address_with_a_size_comes_back_the_same() -> None:
    search = Search(size=Size("temperature", -20.5, "degC", "max"), process=("发酵",))

    assert address_of(search) == "?process=%E5%8F%91%E9%85%B5&quantity=temperature&value=-20.5&unit=degC&bound=max"
    assert search_from(QueryDict(address_of(search)[1:])) == search
