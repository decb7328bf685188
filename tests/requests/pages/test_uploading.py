"""Uploading a task brief on the sheet: its words are taken and read; a file that is refused changes nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from requests.models import Need
from tests.requests.briefs.files import word
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import TEXT, controls_of, row_of
from zhongshi.accounts.actors import Actor

NEW = "/needs/new/"


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def upload(data: bytes, name: str = "任务书.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def blank(browser: Client) -> dict[str, str]:
    return controls_of(browser.get(NEW).content)


def test_the_words_of_the_file_fill_the_sheet_and_are_read(browser: Client) -> None:
    brief = upload(word("乳球蛋白中试任务书", TEXT))

    page = browser.post(NEW, {**blank(browser), "brief": brief, "action": "upload"})

    sheet = controls_of(page.content)
    assert page.status_code == 200
    assert (sheet["title"], sheet["text"]) == ("乳球蛋白中试任务书", f"乳球蛋白中试任务书\n{TEXT}")
    assert sheet[f"{row_of(sheet, 'qualification')}-value"] == "GMP"
    assert f"Taken from the file: {len(sheet['text'])} characters." in page.content.decode()
    assert Need.objects.count() == 0


def test_words_typed_before_stay_before_those_of_the_file(browser: Client) -> None:
    typed = {"title": "我的标题", "text": "先写的话"}

    page = browser.post(NEW, {**blank(browser), **typed, "brief": upload(word(TEXT)), "action": "upload"})

    sheet = controls_of(page.content)
    assert (sheet["title"], sheet["text"]) == ("我的标题", f"先写的话\n\n{TEXT}")


@pytest.mark.parametrize("action", ["read", "save", "submit"])
def test_a_file_that_was_chosen_is_meant_whichever_button_was_pressed(browser: Client, action: str) -> None:
    page = browser.post(NEW, {**blank(browser), "title": "题", "brief": upload(word(TEXT)), "action": action})

    assert (page.status_code, controls_of(page.content)["text"]) == (200, TEXT)
    assert Need.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 400, "“brief.pdf” is empty."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, 400, "“brief.pdf” is no Word file (.docx), PDF or plain text"),
        (b"x" * 10_000_001, 413, "“brief.pdf” is larger than 10 MB."),
    ],
    ids=["empty", "picture", "large"],
)
def test_a_refused_file_is_named_and_everything_typed_stays(
    browser: Client, data: bytes, status: int, said: str
) -> None:
    before = {**blank(browser), "title": "我的标题", "text": TEXT, "budget": "50"}

    page = browser.post(NEW, {**before, "brief": upload(data, "brief.pdf"), "action": "upload"})

    shown = page.content.decode()
    assert page.status_code == status
    assert f'<a href="#id_brief">{said}' in shown
    after = controls_of(page.content)
    assert {name: after[name] for name in ("title", "text", "budget", "key")} == {
        name: before[name] for name in ("title", "text", "budget", "key")
    }
    assert Need.objects.count() == 0


def test_no_file_is_said_so(browser: Client) -> None:
    page = browser.post(NEW, {**blank(browser), "text": TEXT, "action": "upload"})

    assert page.status_code == 400
    assert '<a href="#id_brief">Choose a file first.</a>' in page.content.decode()


def test_a_long_brief_is_cut_and_said_so(browser: Client) -> None:
    long = upload(("需要500L发酵罐。" * 3000).encode(), "long.txt")

    page = browser.post(NEW, {**blank(browser), "brief": long, "action": "upload"})

    assert len(controls_of(page.content)["text"]) == 19_998
    assert "its end was left out" in page.content.decode()


def test_a_full_description_takes_no_more(browser: Client) -> None:
    full = "字" * 20_000

    page = browser.post(NEW, {**blank(browser), "text": full, "brief": upload(word(TEXT)), "action": "upload"})

    assert page.status_code == 413
    assert controls_of(page.content)["text"] == full


def test_a_stored_need_takes_a_brief_too_and_is_not_changed_by_it(browser: Client, need: Need) -> None:
    path = f"/needs/{need.number}/edit/"
    sheet = controls_of(browser.get(path).content)

    page = browser.post(path, {**sheet, "brief": upload(word("还需要冻干。")), "action": "upload"})

    again = controls_of(page.content)
    need.refresh_from_db()
    assert again["text"] == f"{need.text}\n\n还需要冻干。"
    assert "冷冻干燥" in [value for name, value in again.items() if name.endswith("-value")]
    assert (need.revision, need.text) == (1, "需要500L发酵罐做中试，必须有GMP。")


def test_the_page_says_that_the_file_is_not_stored(browser: Client) -> None:
    assert "the file itself is not stored" in browser.get(NEW).content.decode()
