"""The operator's list of services, the sheet of one, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from platforms.models import Capability, Fact, Platform
from platforms.services.editing import capability_seen, platform_seen
from tests.factories import CapabilityFactory, FactFactory
from zhongshi.accounts.actors import Actor

LIST = "/desk/services/"
pytestmark = pytest.mark.django_db(transaction=True)


def fresh(capability: Capability) -> Capability:
    return Capability.objects.select_related("platform").get(pk=capability.pk)


def sheet(capability: Capability | None = None, **fields: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "name": "发酵线",
        "summary": "500升发酵罐两台",
        "stages": ["PILOT"],
        "processes": ["发酵", "离心", ""],
        "materials": ["酶制剂"],
        "qualifications": ["GMP"],
        "size_quantity": ["volume", ""],
        "size_low": ["100", ""],
        "size_high": ["500", ""],
        "size_unit": ["L", ""],
        "size_count": ["2", ""],
        "size_text": ["", ""],
        "device_key": [""],
        "device_name": ["R-501"],
        "device_model": [""],
        "device_count": ["2"],
        "device_bookable": ["yes"],
        "trl_from": "4",
        "trl_to": "7",
        "price_amount": "8",
        "price_unit": "万元/周",
        "small_batch": "yes",
        "seen": capability_seen(fresh(capability)) if capability else "",
        "do": "save",
    }
    return whole | fields


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(
    rows: int, browser: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows - 1):
        FactFactory.create(capability=CapabilityFactory.create(platform=capability.platform))

    with django_assert_num_queries(12):
        page = browser.get(LIST).content.decode()

    assert page.count('class="item service-line"') == min(rows, 20)
    assert f'My services <span class="muted">{rows}</span>' in page


def test_the_meter_counts_what_is_said(browser: Client, capability: Capability) -> None:
    page = browser.get(LIST).content.decode()

    assert "3 of 11 filled" in page
    assert "Missing: Stages served, Services, Materials and products …" in page


def test_the_list_is_narrowed_by_status(browser: Client, capability: Capability) -> None:
    CapabilityFactory.create(platform=capability.platform, status="draft", name="草稿线")

    page = browser.get(f"{LIST}?status=draft").content.decode()

    assert "草稿线" in page
    assert f">{capability.name}</a>" not in page


@pytest.mark.parametrize(
    ("status", "move", "becomes"),
    [("draft", "submit", "submitted"), ("published", "suspend", "suspended"), ("returned", "submit", "submitted")],
)
def test_moves(browser: Client, capability: Capability, status: str, move: str, becomes: str) -> None:
    Capability.objects.update(status=status)

    browser.post(f"{LIST}{capability.uuid}/{move}/")

    assert fresh(capability).status == becomes


def test_moves_that_are_not_possible_say_so(browser: Client, stranger: Client, capability: Capability) -> None:
    said = browser.post(f"{LIST}{capability.uuid}/submit/", follow=True).content.decode()
    assert "This step is not possible in the present state." in said
    assert browser.post(f"{LIST}{capability.uuid}/delete/").status_code == 404
    assert browser.get(f"{LIST}{capability.uuid}/submit/").status_code == 405
    assert stranger.post(f"{LIST}{capability.uuid}/suspend/").status_code == 404
    assert fresh(capability).status == "published"


def test_a_platform_is_suspended_and_resumed(browser: Client, stranger: Client, capability: Capability) -> None:
    address = f"/desk/platforms/{capability.platform.uuid}/"
    assert stranger.post(f"{address}suspend/").status_code == 404
    browser.post(f"{address}suspend/")
    assert fresh(capability).platform.status == "suspended"
    browser.post(f"{address}resume/")
    assert fresh(capability).platform.status == "published"


def test_the_sheet_shows_what_is_stored(browser: Client, capability: Capability) -> None:
    page = browser.get(f"{LIST}{capability.uuid}/").content.decode()

    assert f'name="name" maxlength="300" value="{capability.name}"' in page
    assert 'name="processes" value="发酵"' in page
    assert '<option value="volume" selected>' in page
    assert 'name="size_low" inputmode="decimal" value="500"' in page


def test_a_sheet_is_saved(browser: Client, capability: Capability) -> None:
    answer = browser.post(f"{LIST}{capability.uuid}/", sheet(capability))

    row = fresh(capability)
    assert answer["Location"] == f"{LIST}{capability.uuid}/"
    assert (row.name, row.trl_from, row.trl_to, row.small_batch) == ("发酵线", 4, 7, True)
    assert row.price == {"amount": 8, "unit": "万元/周"}
    declared = Fact.objects.filter(capability=row, source="declared").order_by("position")
    assert [(fact.kind, fact.value, fact.low, fact.high, fact.unit, fact.count) for fact in declared] == [
        ("stage", "PILOT", None, None, "", None),
        ("process", "发酵", None, None, "", None),
        ("process", "离心", None, None, "", None),
        ("material", "酶制剂", None, None, "", None),
        ("qualification", "GMP", None, None, "", None),
        ("parameter", "", 100, 500, "L", 2),
    ]
    assert [(device.name, device.count) for device in row.equipment.all()] == [("R-501", 2)]


def test_a_new_service_is_written_and_submitted(browser: Client, capability: Capability) -> None:
    browser.post(f"/desk/platforms/{capability.platform.uuid}/services/new/", sheet(do="submit"))

    row = Capability.objects.exclude(pk=capability.pk).get()
    assert (row.name, row.status, row.platform) == ("发酵线", "submitted", capability.platform)


def test_rows_come_and_go_without_saving(browser: Client, capability: Capability) -> None:
    address, before = f"{LIST}{capability.uuid}/", capability_seen(fresh(capability))

    more = browser.post(address, sheet(capability, do="add:parameters")).content.decode()
    less = browser.post(address, sheet(capability, do="remove:processes:0")).content.decode()

    assert more.count('name="size_quantity"') == 3
    assert 'name="processes" value="发酵"' not in less
    assert 'name="processes" value="离心"' in less
    assert 'value="R-501"' in less
    assert capability_seen(fresh(capability)) == before


def test_a_preview_says_what_is_read_and_saves_nothing(browser: Client, capability: Capability) -> None:
    before = capability_seen(fresh(capability))

    page = browser.post(f"{LIST}{capability.uuid}/", sheet(capability, do="preview")).content.decode()

    assert "Preview" in page
    assert "GMP" in page
    assert capability_seen(fresh(capability)) == before


@pytest.mark.parametrize(
    ("fields", "anchor", "said"),
    [
        ({"name": ""}, "#f-name", "Is missing."),
        ({"size_low": ["viel", ""]}, "#f-parameters-0-low", "Must be a number."),
        ({"size_low": ["900", ""]}, "#f-parameters-0-high", "The upper bound lies below the lower one."),
        ({"size_unit": ["kg", ""]}, "#f-parameters-0-unit", "is not a unit of"),
        ({"trl_from": "vier"}, "#f-trl_from", "Must be a number."),
        ({"trl_from": "9"}, "#f-trl_from", "Must be two levels, the lower one first."),
        ({"price_amount": "acht"}, "#f-price_amount", "Must be a number."),
        ({"device_count": ["1.5"]}, "#f-devices-0-count", "Must be a whole number."),
    ],
)
def test_a_refused_sheet_stays_typed(
    browser: Client, capability: Capability, fields: dict[str, Any], anchor: str, said: str
) -> None:
    before = capability_seen(fresh(capability))

    refused = browser.post(f"{LIST}{capability.uuid}/", sheet(capability, **fields))

    page = refused.content.decode()
    assert refused.status_code == 400
    assert f'href="{anchor}"' in page
    assert said in page
    assert 'value="离心"' in page
    assert capability_seen(fresh(capability)) == before


def test_a_change_by_somebody_else_is_not_overwritten_unseen(browser: Client, capability: Capability) -> None:
    mine = sheet(capability)
    Capability.objects.update(name="同事改的名字")

    refused = browser.post(f"{LIST}{capability.uuid}/", mine)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else has changed this listing." in page
    assert 'value="发酵线"' in page
    assert fresh(capability).name == "同事改的名字"
    browser.post(f"{LIST}{capability.uuid}/", {**mine, "seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert fresh(capability).name == "发酵线"


def test_strangers_find_no_sheet(stranger: Client, capability: Capability, enterprise: Actor) -> None:
    addresses = [
        f"{LIST}{capability.uuid}/",
        f"/desk/platforms/{capability.platform.uuid}/",
        f"/desk/platforms/{capability.platform.uuid}/services/new/",
        f"/desk/platforms/{capability.platform.uuid}/certs/new/",
    ]
    for address in addresses:
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, sheet()).status_code == 404
    assert Capability.objects.count() == 1


PLATFORM = {
    "name": "某平台",
    "operator_name": "某公司",
    "operator_kind": "enterprise",
    "region": "510100",
    "city": "成都",
    "operating_status": "运营",
    "chains": ["新材料"],
    "source_url": "https://example.com/a",
    "is_confirmed": "on",
}


def test_a_platform_is_written(browser: Client, operator: Actor) -> None:
    browser.post("/desk/platforms/new/", PLATFORM)

    row = Platform.objects.get()
    assert (row.name, row.status, row.organization, row.chains) == (
        "某平台",
        "draft",
        operator.organization,
        ["新材料"],
    )
    assert (row.is_confirmed, row.country, row.region) == (True, "CN", "510100")


def test_a_bad_platform_stays_typed(browser: Client, capability: Capability) -> None:
    address = f"/desk/platforms/{capability.platform.uuid}/"
    refused = browser.post(address, {**PLATFORM, "name": "", "seen": platform_seen(capability.platform)})
    stale = browser.post(address, {**PLATFORM, "seen": "old"})

    assert refused.status_code == 400
    assert "This field is required." in refused.content.decode()
    assert 'value="某公司"' in refused.content.decode()
    assert stale.status_code == 409
    assert "Somebody else has changed this listing." in stale.content.decode()
    assert Platform.objects.get().name != "某平台"
