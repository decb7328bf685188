"""Comparing: the tray in a cookie, the page with all side by side, what is refused."""

import json
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from platforms.comparison import compare
from platforms.enums import ListingStatus
from platforms.models import Capability
from platforms.views.comparing import ids_in, published_in_order
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def lines(db: None) -> list[Capability]:
    """Five published lines; the first two say 发酵 both, and 500 L and 100 L."""
    rows = [CapabilityFactory.create(name=f"线{number}") for number in range(5)]
    for row, litres in zip(rows, (500, 100), strict=False):
        FactFactory.create(capability=row)
        FactFactory.create(capability=row, volume=True, low=litres, high=litres)
    return rows


def _put(client: Client, *rows: Capability) -> None:
    for row in rows:
        client.post("/compare/toggle/", {"service": str(row.uuid)})


def _kept(client: Client) -> list[str]:
    value = client.cookies["compare"].value
    return value.split(",") if value else []


def test_a_click_puts_in_and_another_takes_out(client: Client, lines: list[Capability]) -> None:
    answer = client.post("/compare/toggle/", {"service": str(lines[0].uuid), "next": "/services/?process=GMP"})
    assert (answer.status_code, answer["Location"]) == (302, "/services/?process=GMP")
    _put(client, lines[1])
    assert _kept(client) == [str(lines[0].uuid), str(lines[1].uuid)]
    text = client.get("/services/").content.decode()
    assert text.count('aria-pressed="true"') == 3  # two services and the size of the text
    assert "对比 2/4" in text

    _put(client, lines[0])
    assert _kept(client) == [str(lines[1].uuid)]


def test_a_fifth_is_refused_and_nothing_changes(client: Client, lines: list[Capability]) -> None:
    _put(client, *lines)

    assert _kept(client) == [str(row.uuid) for row in lines[:4]]
    assert "最多对比四项，请先移出一项。" in client.get("/services/").content.decode()


def test_htmx_gets_the_tray_and_the_words(client: Client, lines: list[Capability]) -> None:
    answer = client.post("/compare/toggle/", {"service": str(lines[0].uuid)}, headers=PART)

    assert answer.status_code == 200
    assert answer.content.decode().startswith(f'<div id="tray" data-ids="{lines[0].uuid} ">')
    assert json.loads(answer["HX-Trigger"]) == {"toast": "已将“线0”加入对比。"}


def test_all_can_be_taken_out_at_once(client: Client, lines: list[Capability]) -> None:
    _put(client, *lines[:3])
    client.post("/compare/toggle/", {"clear": "1"})

    assert _kept(client) == []
    assert 'class="tray' not in client.get("/services/").content.decode()


@pytest.mark.parametrize("service", ["", "x", str(UUID(int=1))])
def test_what_is_not_published_cannot_be_put_in(client: Client, lines: list[Capability], service: str) -> None:
    assert client.post("/compare/toggle/", {"service": service}).status_code == 404
    assert "compare" not in client.cookies


def test_a_draft_is_not_there(client: Client, db: None) -> None:
    draft = CapabilityFactory.create(status=ListingStatus.DRAFT)

    assert client.post("/compare/toggle/", {"service": str(draft.uuid)}).status_code == 404
    assert client.get(f"/compare/?ids={draft.uuid}").context["rows"] == []
    assert client.get("/compare/toggle/").status_code == 405
    assert client.post("/compare/").status_code == 405


@pytest.mark.django_db
def test_the_way_back_leads_to_no_other_host(client: Client, lines: list[Capability]) -> None:
    answer = client.post("/compare/toggle/", {"service": str(lines[0].uuid), "next": "https://evil.example/"})

    assert answer["Location"] == "/services/"


def test_rows_that_differ_are_marked_with_a_word(client: Client, lines: list[Capability]) -> None:
    page = client.get(f"/compare/?ids={lines[0].uuid},{lines[1].uuid}&lang=en")

    rows = {row.name: (row.cells, row.differs) for part in page.context["sections"] for row in part.rows}
    assert rows["volume"] == ((("500 L",), ("100 L",)), True)
    assert rows["process"] == ((("发酵",), ("发酵",)), False)
    assert (page.context["differing"], page.context["total"]) == (1, 6)
    assert page.content.decode().count('<span class="compare-mark">differs</span>') == 1


def test_only_what_differs_can_be_shown(client: Client, lines: list[Capability]) -> None:
    page = client.get(f"/compare/?ids={lines[0].uuid},{lines[1].uuid}&only=different")

    assert [row.name for part in page.context["sections"] for row in part.rows] == ["volume"]


def test_a_blank_differs_and_is_no_value(lines: list[Capability]) -> None:
    sections = compare(published_in_order([lines[0].uuid, lines[2].uuid]))

    volume = sections[0].rows[0]
    assert (volume.cells, volume.differs) == ((("500 L",), ()), True)


def test_what_is_denied_or_out_of_date_is_not_compared(db: None) -> None:
    row = CapabilityFactory.create()
    FactFactory.create(capability=row, is_negated=True)
    FactFactory.create(capability=row, kind="qualification", value="GMP", is_lapsed=True)

    names = [line.name for part in compare(published_in_order([row.uuid])) for line in part.rows]
    assert "发酵" not in str(compare(published_in_order([row.uuid])))
    assert names == ["地区", "机构类型", "机构已确认", "来源日期"]


def test_two_can_be_asked_to_the_front(client: Client, lines: list[Capability]) -> None:
    ids = ",".join(str(row.uuid) for row in lines[:4])
    page = client.get(f"/compare/?ids={ids}&first={lines[3].uuid}&second={lines[1].uuid}")

    assert [row.name for row in page.context["rows"]] == ["线3", "线1", "线0", "线2"]
    assert [row.name for row in page.context["choices"]] == ["线0", "线1", "线2", "线3"]


def test_the_cookie_is_what_is_compared_without_an_address(client: Client, lines: list[Capability]) -> None:
    _put(client, lines[4], lines[0])

    assert [row.name for row in client.get("/compare/").context["rows"]] == ["线4", "线0"]


@pytest.mark.django_db
def test_nothing_to_compare_says_where_to_begin(client: Client) -> None:
    text = client.get("/compare/?lang=en").content.decode()

    assert "Nothing to compare yet" in text
    assert 'href="/services/"' in text


def test_ids_are_read_forgivingly() -> None:
    one, two = uuid4(), uuid4()

    assert ids_in(f" {one},x,{one},{two},") == [one, two]
    assert len(ids_in(",".join(str(uuid4()) for _ in range(9)))) == 4


@pytest.mark.django_db
def test_comparing_asks_the_same_for_one_and_four(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [FactFactory.create(capability__platform=PlatformFactory.create()).capability for _ in range(4)]
    client.get(f"/compare/?ids={rows[0].uuid}")
    with django_assert_num_queries(4):
        client.get(f"/compare/?ids={rows[0].uuid}")
    with django_assert_num_queries(4):
        client.get("/compare/?ids=" + ",".join(str(row.uuid) for row in rows))
