"""An enterprise's whole day in a real browser: find, compare, post from a file, read the matches, relax, export."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from .conftest import SignIn, go_back, load_by

pytestmark = [pytest.mark.browser, pytest.mark.processes]

BRIEF = (
    "项目：柔性可穿戴设备小批量试产",
    "样机已完成，必须在成都找智能硬件中试平台做产品定型和小批量试产，首批800台。",
    "必须能做可靠性测试，预算60万元以内，2027年9月前启动。",
)


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    """A task brief as Word writes it."""
    document = docx.Document()
    for line in BRIEF:
        document.add_paragraph(line)
    path = tmp_path / "任务书.docx"
    document.save(str(path))
    return path


def _find_and_compare(page: Page) -> None:
    page.goto("/")
    page.fill("input[name=q]", "智能硬件")
    page.press("input[name=q]", "Enter")
    expect(page).to_have_url(re.compile(r"/services/\?.*q="))
    page.wait_for_load_state()
    assert page.locator("li.service").count() >= 2

    # A filter acts at once: the list and the address change, the box that was ticked keeps the focus.
    box = page.locator("#facet-region input[type=checkbox], #facet-chain input[type=checkbox]").first
    box.check()
    expect(page).to_have_url(re.compile(r"(region|chain)="))
    assert page.evaluate("document.activeElement.type") == "checkbox"

    go_back(page)
    page.locator("[data-compare]").nth(0).click()
    expect(page.locator("[data-compare][aria-pressed=true]")).to_have_count(1)
    page.locator("[data-compare]").nth(1).click()
    expect(page.locator("[data-compare][aria-pressed=true]")).to_have_count(2)
    page.locator("#tray a[href*='/compare/'], #tray button").last.click()
    page.goto("/compare/")
    assert page.locator("main table thead th, main table tr:first-child th").count() >= 2


def _post_from(page: Page, brief: Path) -> str:
    page.goto("/needs/new/")
    page.locator("details.brief summary").click()
    page.set_input_files("input[type=file]", str(brief))
    load_by(page, page.locator("button[value=upload]"))
    assert "首批800台" in page.input_value("[name$=text]")
    expect(page.locator(".cond").first).to_be_visible()
    page.fill("[name$=title]", "柔性可穿戴设备小批量试产")

    # The number below follows what is ticked, without a button.
    count = page.locator("#live-count")
    first = page.locator(".cond input[type=checkbox]").first
    with page.expect_response(lambda answer: "action=count" in (answer.request.post_data or "")):
        first.set_checked(not first.is_checked())
    expect(count).to_contain_text(re.compile(r"\d"))
    first.set_checked(not first.is_checked())
    load_by(page, page.locator("button[value=submit]"))
    found = re.search(r"N-\d{4}-\d{4,}", page.url)
    assert found, page.url
    return found.group()


def _read_and_relax(page: Page, number: str) -> None:
    page.goto(f"/needs/{number}/matches/")
    # While it is scored the page looks again by itself.
    expect(page.locator("article").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("智能硬件").first).to_be_visible()
    before = page.locator("article").count()
    page.locator("ul.relax button").first.click()
    expect(page.locator("#result form.changed")).to_contain_text("撤销", timeout=30_000)
    expect(page.locator("#result article").nth(before)).to_be_visible(timeout=30_000)


def _take_home(page: Page, number: str) -> None:
    answers = {}
    for kind in ("xlsx", "pdf"):
        answer = page.request.get(f"/needs/{number}/report.{kind}")
        assert answer.status == 200
        answers[kind] = answer.body()
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(answers["xlsx"])).namelist()
    text = pypdfium2.PdfDocument(answers["pdf"])[0].get_textpage().get_text_range()
    assert number in text


def test_an_enterprise_finds_posts_relaxes_and_takes_it_home(sign_in: SignIn, brief: Path) -> None:
    page = sign_in("enterprise", javascript=True)
    _find_and_compare(page)
    number = _post_from(page, brief)
    _read_and_relax(page, number)
    _take_home(page, number)

    # "Post it again" begins a new draft from this one.
    page.goto(f"/needs/{number}/")
    page.locator("form[action$='/again/'] button").click()
    expect(page.locator("[name$=title]")).to_have_value("柔性可穿戴设备小批量试产")


def test_a_need_is_posted_with_the_keyboard_alone(sign_in: SignIn) -> None:
    """Tab, space, letters and Enter are all it takes; the focus is always to be seen."""
    page = sign_in("enterprise2", javascript=True)
    page.goto("/needs/new/")
    _tab_to(page, "[name$=text]")
    page.keyboard.insert_text("智能手环样机做可靠性测试，最好在成都，预算20万元以内。")
    _tab_to(page, "button[value=read]")
    page.keyboard.press("Enter")
    expect(page.locator(".cond").first).to_be_visible()
    _tab_to(page, "[name$=title]")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("手环可靠性测试")
    _tab_to(page, "button[value=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/needs/N-\d{4}-\d+"))
    expect(page.get_by_text("手环可靠性测试").first).to_be_visible()


def _tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the element has the focus, and see that it shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", selector
            return
    pytest.fail(f"{selector} is not reached by Tab")
