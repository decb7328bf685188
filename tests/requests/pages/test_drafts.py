"""Drafts: kept while they are written, continued where they were left, deleted on request."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from requests.models import Need, NeedDraft, NeedRevision
from tests.factories import NeedFactory
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import TEXT, controls_of, row_of
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent

NEW = "/needs/new/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def keep(browser: Client, sheet: dict[str, str], path: str = NEW, **typed: str) -> Any:
    """What the page sends by itself."""
    return browser.post(path, {**sheet, **typed, "action": "autosave"}, headers=HTMX)


def blank(browser: Client) -> dict[str, str]:
    return controls_of(browser.get(NEW).content)


def following(sheet: dict[str, str], answer: HttpResponse) -> dict[str, str]:
    """The sheet after the answer has put its hidden fields in place."""
    hidden = controls_of(b'<form id="sheet">' + answer.content + b"</form>")
    return {**sheet, **hidden}


def read(browser: Client, sheet: dict[str, str], path: str = NEW, text: str = TEXT) -> dict[str, str]:
    return controls_of(browser.post(path, {**sheet, "title": "乳球蛋白", "text": text, "action": "read"}).content)


def test_what_is_typed_is_kept_and_nobody_is_told(browser: Client, enterprise: Actor) -> None:
    answer = keep(browser, blank(browser), text="需要500L")

    need = Need.objects.get()
    assert answer.status_code == 200
    assert "Draft kept" in answer.content.decode()
    assert answer["HX-Replace-Url"] == f"/needs/{need.number}/edit/"
    assert (need.status, need.title, need.text, need.created_by) == ("draft", "", "需要500L", enterprise.user)
    # The words are not taken apart unasked.
    assert need.conditions.count() == 0
    assert (OutboxEvent.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_one_page_makes_one_draft_however_often_it_is_kept(browser: Client) -> None:
    sheet = blank(browser)

    first = keep(browser, sheet, text="一")
    second = keep(browser, following(sheet, first), text="一二")
    # An answer that got lost: the page still sends what it knew before.
    third = keep(browser, sheet, text="一二三")

    need = Need.objects.get()
    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 200]
    assert (need.text, need.revision, need.sheet.saves) == ("一二三", 1, 3)
    assert [row.text for row in NeedRevision.objects.all()] == ["一二三"]


def test_a_bare_sheet_makes_no_draft(browser: Client) -> None:
    assert keep(browser, blank(browser), text="  ").status_code == 204
    assert Need.objects.count() == 0


def test_leaving_and_coming_back_goes_on_with_everything_that_was_typed(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    volume, permit = row_of(sheet, "parameter"), row_of(sheet, "qualification")
    typed = {f"{volume}-min": "viel", f"{permit}-remove": "on", "region": "510100", "visibility": "nda"}

    keep(browser, sheet, **typed)

    need = Need.objects.get()
    again = controls_of(browser.get(f"/needs/{need.number}/edit/").content)
    kept = {name for name in sheet if name not in {"csrfmiddlewaretoken", "key", "revision", "saves", "action"}}
    assert {name: again.get(name) for name in kept} == {name: (sheet | typed)[name] for name in kept}
    assert again[f"{permit}-remove"] == "on"
    # Of it, a condition is what can be one.
    assert "qualification" not in need.conditions.values_list("kind", flat=True)
    assert not need.conditions.filter(quantity="volume").exists()
    assert need.visibility == "nda"


def test_a_draft_whose_words_were_never_read_comes_back_unread(browser: Client) -> None:
    keep(browser, blank(browser), title="题", text=TEXT)

    page = browser.get(f"/needs/{Need.objects.get().number}/edit/").content

    assert "conditions-TOTAL_FORMS" not in controls_of(page)
    assert "Nothing has been read yet." in page.decode()


def test_submitting_a_kept_sheet_submits_that_draft(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    keep(browser, sheet)

    answer = browser.post(NEW, {**sheet, "title": "改过的标题", "action": "submit"})

    need = Need.objects.get()
    assert (answer.status_code, need.status, need.title, need.revision) == (302, "open", "改过的标题", 1)
    assert need.conditions.get(kind="qualification").is_hard is True
    assert NeedDraft.objects.count() == 0
    assert OutboxEvent.objects.filter(topic="need.opened")[0].payload == {"need_id": need.pk, "revision": 1}
    again = browser.post(NEW, {**sheet, "title": "改过的标题", "action": "submit"})
    assert (again["Location"], Need.objects.count()) == (answer["Location"], 1)


def test_a_kept_sheet_that_cannot_be_submitted_stays_a_draft_and_says_why(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    keep(browser, sheet)

    refused = browser.post(NEW, {**sheet, "title": "", "action": "submit"})

    assert refused.status_code == 400
    assert '<a href="#id_title">Please give the need a title.</a>' in refused.content.decode()
    assert Need.objects.get().status == "draft"
    again = controls_of(refused.content)
    assert browser.post(NEW, {**again, "title": "题", "action": "submit"}).status_code == 302
    assert Need.objects.get().status == "open"


def test_a_draft_submitted_from_its_page_without_having_been_read_is_read_then(browser: Client) -> None:
    keep(browser, blank(browser), title="题", text=TEXT, budget="50")
    need = Need.objects.get()

    browser.post(f"/needs/{need.number}/submit/")

    need.refresh_from_db()
    assert (need.status, need.conditions.get(kind="qualification").value) == ("open", "GMP")
    assert [row.high for row in need.conditions.filter(kind="budget")] == [800_000.0]
    assert len(need.revisions.get().conditions) == need.conditions.count()


def test_what_was_under_way_when_the_button_was_pressed_comes_too_late(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    first = keep(browser, sheet, text="自动")
    browser.post(NEW, {**following(sheet, first), "text": "按下", "action": "save"})

    late = keep(browser, following(sheet, first), text="迟到")

    assert Need.objects.get().text == "按下"
    assert "changed on another page" in late.content.decode()


def test_back_after_the_button_and_on_writes_the_same_draft(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    browser.post(NEW, {**sheet, "action": "save"})

    browser.post(NEW, {**sheet, "title": "又改", "action": "save"})

    assert [(need.title, need.revision) for need in Need.objects.all()] == [("又改", 1)]


def test_the_second_of_two_pages_is_told_and_keeps_what_it_typed(browser: Client) -> None:
    keep(browser, blank(browser), title="题", text="原文")
    path = f"/needs/{Need.objects.get().number}/edit/"
    one, two = (controls_of(browser.get(path).content) for _ in range(2))
    keep(browser, one, path, text="第一页")

    told = keep(browser, two, path, text="第二页")
    refused = browser.post(path, {**two, "text": "第二页", "action": "save"})

    need = Need.objects.get()
    assert "changed on another page" in told.content.decode()
    assert (refused.status_code, need.text) == (409, "第一页")
    shown = refused.content.decode()
    assert '<del><span class="visually-hidden">before: </span>第一页</del>' in shown
    assert '<ins><span class="visually-hidden">now: </span>第二页</ins>' in shown
    # Only the button writes over the other version: this page keeps nothing by itself any more.
    assert '"autosave"' not in shown
    again = controls_of(refused.content)
    assert again["text"] == "第二页"
    assert browser.post(path, {**again, "action": "save"}).status_code == 302
    need.refresh_from_db()
    assert (need.text, Need.objects.count()) == ("第二页", 1)


def test_a_need_that_is_no_draft_is_never_kept_by_itself(browser: Client, need: Need) -> None:
    path = f"/needs/{need.number}/edit/"
    page = browser.get(path).content

    answer = keep(browser, controls_of(page), path, text="别的")

    need.refresh_from_db()
    assert (answer.status_code, need.text, need.revision) == (204, "需要500L发酵罐做中试，必须有GMP。", 1)
    assert '"autosave"' not in page.decode()


def test_after_submission_the_page_left_open_keeps_nothing(browser: Client) -> None:
    sheet = read(browser, blank(browser))
    browser.post(NEW, {**sheet, "action": "submit"})

    answer = keep(browser, sheet, text="迟到")

    assert (answer.status_code, Need.objects.get().text) == (204, TEXT)


def test_too_long_a_text_is_not_kept_and_said_so(browser: Client) -> None:
    answer = keep(browser, blank(browser), text="字" * 20_001)

    assert "Not kept:" in answer.content.decode()
    assert Need.objects.count() == 0


def test_signs_the_database_cannot_hold_are_dropped(browser: Client) -> None:
    keep(browser, blank(browser), title="题\0", text="文\0字")

    need = Need.objects.get()
    assert (need.title, need.text, need.sheet.typed["head"]["text"]) == ("题", "文字", "文字")


def test_strangers_do_not_reach_a_draft(
    browser: Client, enterprise2: Actor, zone_admin: Actor, operator: Actor, browser_of: BrowserOf
) -> None:
    sheet = blank(browser)
    keep(browser, sheet, text="我的")
    path = f"/needs/{Need.objects.get().number}/edit/"

    for person, status in ((enterprise2, 404), (zone_admin, 404), (operator, 403)):
        assert keep(browser_of(person), sheet, path, text="别人的").status_code == status
    # The same key from another enterprise is another draft.
    keep(browser_of(enterprise2), sheet, text="别人的")

    assert sorted(Need.objects.values_list("text", flat=True)) == ["别人的", "我的"]


def test_a_new_sheet_offers_the_drafts_that_wait(browser: Client) -> None:
    keep(browser, blank(browser), title="写了一半", text="文")

    page = browser.get(NEW).content.decode()

    assert f'<a href="/needs/{Need.objects.get().number}/edit/">写了一半</a>' in page
    assert controls_of(page.encode())["text"] == ""


def test_deleting_a_draft_asks_first(browser: Client, enterprise: Actor) -> None:
    keep(browser, blank(browser), title="题", text="文")
    need = Need.objects.get()

    asked = browser.get(f"/needs/{need.number}/delete/")
    assert (asked.status_code, Need.objects.count()) == (200, 1)
    answer = browser.post(f"/needs/{need.number}/delete/")

    assert (answer["Location"], Need.objects.count(), NeedRevision.objects.count()) == ("/needs/", 0, 0)
    entry = AuditEntry.objects.get(object_id=need.uuid)
    assert (entry.action, entry.actor, entry.from_status) == ("deleted", enterprise.user, "draft")


@pytest.mark.parametrize("status", ["submitted", "returned", "open", "withdrawn", "completed"])
def test_what_was_ever_submitted_is_not_deleted(browser: Client, enterprise: Actor, status: str) -> None:
    need = NeedFactory.create(organization=enterprise.organization, status=status)

    assert browser.get(f"/needs/{need.number}/delete/")["Location"] == f"/needs/{need.number}/"
    assert browser.post(f"/needs/{need.number}/delete/").status_code == 422
    assert Need.objects.filter(pk=need.pk).exists()


def test_strangers_delete_nothing(need: Need, enterprise2: Actor, zone_admin: Actor, browser_of: BrowserOf) -> None:
    Need.objects.filter(pk=need.pk).update(status="draft")

    assert browser_of(enterprise2).post(f"/needs/{need.number}/delete/").status_code == 404
    assert browser_of(zone_admin).post(f"/needs/{need.number}/delete/").status_code == 403
    assert Need.objects.filter(pk=need.pk).exists()
