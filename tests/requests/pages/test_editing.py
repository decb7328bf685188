"""Editing a need on the same sheet; who was slower sees both versions."""

from __future__ import annotations

import pytest
from django.test import Client

from requests.models import Need
from requests.services import NeedInput, need_edit
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import controls_of
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def test_an_edit_writes_the_next_revision_and_keeps_untouched_conditions(browser: Client, need: Need) -> None:
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)

    answer = browser.post(f"/needs/{need.number}/edit/", {**sheet, "title": "新标题", "action": "save"})

    need.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, f"/needs/{need.number}/matches/")
    assert (need.title, need.revision) == ("新标题", 2)
    assert [(row.kind, row.value, row.low, row.is_hard, row.origin) for row in need.conditions.all()] == [
        ("process", "发酵", None, True, "given"),
        ("parameter", None, 500.0, True, "given"),
    ]


def test_the_slower_of_two_keeps_everything_typed_and_may_write_over_it(
    browser: Client, enterprise: Actor, need: Need
) -> None:
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)
    need_edit(actor=enterprise, need=need, revision=1, entered=NeedInput(title="同事的标题", text="同事的话"))

    refused = browser.post(f"/needs/{need.number}/edit/", {**sheet, "title": "我的标题", "action": "save"})

    again = controls_of(refused.content)
    need.refresh_from_db()
    assert (refused.status_code, need.title, need.revision) == (409, "同事的标题", 2)
    assert (again["title"], again["text"], again["revision"]) == ("我的标题", sheet["text"], "2")
    assert "同事的话" in refused.content.decode()
    browser.post(f"/needs/{need.number}/edit/", {**again, "action": "save"})
    need.refresh_from_db()
    assert (need.title, need.revision) == ("我的标题", 3)


def test_a_returned_need_is_edited_and_submitted_again(browser: Client, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(status="returned")
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)

    browser.post(f"/needs/{need.number}/edit/", {**sheet, "text": "补充：500L发酵罐", "action": "submit"})

    need.refresh_from_db()
    assert (need.status, need.revision, need.text) == ("open", 2, "补充：500L发酵罐")


def test_an_ended_need_cannot_be_edited(browser: Client, need: Need) -> None:
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)
    Need.objects.filter(pk=need.pk).update(status="withdrawn")

    assert browser.get(f"/needs/{need.number}/edit/")["Location"] == f"/needs/{need.number}/"
    refused = browser.post(f"/needs/{need.number}/edit/", {**sheet, "title": "新标题", "action": "save"})

    need.refresh_from_db()
    assert (refused.status_code, need.revision) == (422, 1)
    assert controls_of(refused.content)["title"] == "新标题"


def test_strangers_find_nothing(
    enterprise2: Actor, other_zone_admin: Actor, operator: Actor, need: Need, browser_of: BrowserOf
) -> None:
    assert browser_of(enterprise2).get(f"/needs/{need.number}/edit/").status_code == 404
    assert browser_of(other_zone_admin).get(f"/needs/{need.number}/edit/").status_code == 404
    assert browser_of(operator).get(f"/needs/{need.number}/edit/").status_code == 403


def test_the_zones_office_edits_under_its_own_name(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    browser = browser_of(zone_admin)
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)

    browser.post(f"/needs/{need.number}/edit/", {**sheet, "title": "园区改的", "action": "save"})

    need.refresh_from_db()
    assert (need.title, need.revision) == ("园区改的", 2)
    assert need.revisions.get(number=2).created_by == zone_admin.user
    assert "edited by the zone office" in browser.get(f"/needs/{need.number}/").content.decode()


def test_an_edit_leaves_what_the_sheet_does_not_show(browser: Client, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(country="SG")
    need.conditions.filter(position=0).update(extra={"note": "kept"})
    sheet = controls_of(browser.get(f"/needs/{need.number}/edit/").content)

    browser.post(f"/needs/{need.number}/edit/", {**sheet, "action": "save"})

    need.refresh_from_db()
    assert (need.country, need.conditions.first().extra) == ("SG", {"note": "kept"})
