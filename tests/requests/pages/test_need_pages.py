"""The page of one need, its withdrawal, and the zone office's list and decisions."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests.models import Need
from tests.factories import NeedFactory, OrganizationFactory
from tests.requests.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.models import Notification


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def test_the_page_marks_the_words_of_the_conditions(browser: Client, need: Need) -> None:
    page = browser.get(f"/needs/{need.number}/").content.decode()

    assert f"<title>{need.number} · " in page
    assert "<mark>500L</mark>" in page
    assert "2 conditions" in page
    assert f'href="/needs/{need.number}/matches/"' in page
    assert f'href="/needs/{need.number}/edit/"' in page


@pytest.mark.parametrize(("person", "status"), [("enterprise2", 404), ("other_zone_admin", 404), ("operator", 403)])
def test_others_do_not_see_it(
    person: str, status: int, need: Need, browser_of: BrowserOf, request: pytest.FixtureRequest
) -> None:
    assert browser_of(request.getfixturevalue(person)).get(f"/needs/{need.number}/").status_code == status


def test_the_office_sees_it_without_handing_it_in(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    Need.objects.filter(pk=need.pk).update(status="returned")

    page = browser_of(zone_admin).get(f"/needs/{need.number}/").content.decode()

    assert need.organization.name in page
    assert f'href="/needs/{need.number}/edit/"' in page
    assert f'action="/needs/{need.number}/submit/"' not in page


def test_the_office_may_return_an_open_need(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    page = browser_of(zone_admin).get(f"/needs/{need.number}/").content.decode()

    assert f'action="/park/needs/{need.number}/return/"' in page


def test_a_draft_is_submitted_from_its_page(browser: Client, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(status="draft")

    answer = browser.post(f"/needs/{need.number}/submit/")

    need.refresh_from_db()
    assert (answer["Location"], need.status) == (f"/needs/{need.number}/matches/", "open")


def test_an_open_need_cannot_be_submitted_again(browser: Client, need: Need) -> None:
    refused = browser.post(f"/needs/{need.number}/submit/")

    assert refused.status_code == 422
    assert "This step is not possible in the present state." in refused.content.decode()


def test_withdrawing_asks_once_more(browser: Client, need: Need) -> None:
    asked = browser.get(f"/needs/{need.number}/withdraw/")
    need.refresh_from_db()
    assert (asked.status_code, need.status) == (200, "open")

    answer = browser.post(f"/needs/{need.number}/withdraw/", {"note": "项目取消"})

    need.refresh_from_db()
    assert (answer["Location"], need.status) == (f"/needs/{need.number}/", "withdrawn")
    assert "项目取消" in browser.get(f"/needs/{need.number}/").content.decode()


def test_a_withdrawn_need_cannot_be_withdrawn_again_and_the_reason_stays(browser: Client, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(status="withdrawn")

    refused = browser.post(f"/needs/{need.number}/withdraw/", {"note": "项目取消"})

    assert refused.status_code == 422
    assert "项目取消</textarea>" in refused.content.decode()


def test_the_office_returns_a_need_with_a_note(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    answer = browser_of(zone_admin).post(f"/park/needs/{need.number}/return/", {"note": "请补充规模"})

    need.refresh_from_db()
    assert (answer["Location"], need.status) == (f"/needs/{need.number}/", "returned")
    assert Notification.objects.get(event="need.returned").params["note"] == "请补充规模"


def test_returning_without_a_note_is_refused(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    refused = browser_of(zone_admin).post(f"/park/needs/{need.number}/return/", {"note": " "})

    need.refresh_from_db()
    assert (refused.status_code, need.status) == (400, "open")
    assert "Please say what has to be clarified." in refused.content.decode()


def test_the_office_opens_a_submitted_need(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    Need.objects.filter(pk=need.pk).update(status="submitted")

    browser_of(zone_admin).post(f"/park/needs/{need.number}/open/")

    need.refresh_from_db()
    assert need.status == "open"


def test_the_owner_neither_opens_nor_returns(browser: Client, need: Need) -> None:
    assert browser.post(f"/park/needs/{need.number}/open/").status_code == 403
    assert browser.post(f"/park/needs/{need.number}/return/", {"note": "x"}).status_code == 403
    assert browser.get("/park/needs/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_zones_list_costs_the_same_for_one_and_three(
    rows: int,
    zone: Zone,
    other_zone: Zone,
    zone_admin: Actor,
    browser_of: BrowserOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    NeedFactory.create(organization=OrganizationFactory.create(zone=zone), status="draft", title="还没提交")
    NeedFactory.create(organization=OrganizationFactory.create(zone=other_zone), title="别的园区")
    browser = browser_of(zone_admin)

    with django_assert_num_queries(9):
        page = browser.get("/park/needs/").content.decode()

    assert page.count("乳球蛋白发酵中试</a>") == rows
    assert "还没提交" not in page
    assert "别的园区" not in page


def test_the_zones_list_narrows_by_status(zone: Zone, zone_admin: Actor, browser_of: BrowserOf) -> None:
    NeedFactory.create(organization=OrganizationFactory.create(zone=zone), title="开放的")
    NeedFactory.create(organization=OrganizationFactory.create(zone=zone), title="退回的", status="returned")

    page = browser_of(zone_admin).get("/park/needs/?status=returned").content.decode()

    assert "退回的</a>" in page
    assert "开放的</a>" not in page
