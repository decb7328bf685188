"""Finding in a real browser: a tick acts at once and the place is kept; the sheet on phones; comparing; no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import SignIn, go_back, load_by

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def _chosen(page: Page) -> list[str]:
    ticked: list[str] = page.evaluate("[...document.querySelectorAll('#browse input:checked')].map(one => one.value)")
    return [value for value in ticked if value]


def test_a_tick_acts_at_once_and_keeps_the_place(sign_in: SignIn) -> None:
    page = sign_in(javascript=True)
    page.goto("/services/")
    everything = page.inner_text("#results")
    page.evaluate("window.same = true")
    page.click("#facet-stage > summary")
    box = page.locator("#f-process-0")
    box.focus()
    page.keyboard.press("Space")

    expect(page.locator(".chip-filter")).to_have_count(1)
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert page.inner_text("#results") != everything
    assert re.fullmatch(r".*/services/\?process=[^&]+", page.url)
    # What was unfolded stays so, and the page is the same one.
    assert page.evaluate("document.getElementById('facet-stage').open && window.same")

    page.locator(".chip-filter").click()
    expect(page.locator(".chip-filter")).to_have_count(0)
    expect(page.locator("#results")).to_have_text(everything)
    assert _chosen(page) == []


def test_words_and_order_go_into_the_address_and_back_undoes_them(sign_in: SignIn) -> None:
    page = sign_in(javascript=True)
    page.goto("/services/?process=发酵")
    found = page.inner_text("#results")
    page.fill("#q", "中试")
    page.keyboard.press("Enter")
    expect(page.locator(".chip-filter")).to_have_count(2)
    page.select_option("#sort", "name")
    page.wait_for_url(re.compile(r"sort=name"))
    assert "q=%E4%B8%AD%E8%AF%95" in page.url
    assert page.locator("[data-language]").count() == 1

    go_back(page)
    expect(page.locator("#sort")).not_to_have_value("name")
    expect(page.locator(".chip-filter")).to_have_count(2)
    assert "sort=" not in page.evaluate("location.search")
    go_back(page)
    expect(page.locator(".chip-filter")).to_have_count(1)
    assert "q=" not in page.evaluate("location.search")
    expect(page.locator("#results")).to_have_text(found)


def test_the_other_language_keeps_what_htmx_chose(sign_in: SignIn) -> None:
    page = sign_in(javascript=True)
    page.goto("/services/")
    page.locator("#f-process-0").check()
    expect(page.locator(".chip-filter")).to_have_count(1)

    page.locator("a[data-language=en]").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".chip-filter")).to_have_count(1)


def test_on_phones_the_filters_are_a_sheet(sign_in: SignIn) -> None:
    page = sign_in(javascript=True, width=390)
    page.goto("/services/")
    sheet = page.locator("#filters")
    expect(sheet).not_to_have_attribute("open", "")
    page.click("#filters-summary")
    page.locator("#f-chain-0").check()
    expect(page.locator(".facets-foot .button-primary")).to_be_visible()
    expect(page.locator("#filters .tab-count").first).to_have_text("1")
    assert sheet.evaluate("sheet => sheet.open")

    page.click(".facets-foot .button-primary")
    assert not sheet.evaluate("sheet => sheet.open")
    expect(page.locator("#results")).to_be_in_viewport()

    page.click("#filters-summary")
    page.keyboard.press("Escape")
    assert not sheet.evaluate("sheet => sheet.open")
    expect(page.locator("#filters-summary")).to_be_focused()


def test_two_services_are_put_side_by_side(sign_in: SignIn) -> None:
    page = sign_in(javascript=True)
    page.goto("/services/?process=发酵")
    buttons = page.locator("#browse [data-compare]")
    buttons.nth(0).click()
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#toasts .toast")).to_have_count(1)
    buttons.nth(1).click()
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    names = [page.locator(".service-title").nth(number).inner_text() for number in (0, 1)]

    load_by(page, page.locator("#tray a.button-primary"))

    expect(page.locator(".compare thead th a")).to_have_text(names)
    lines = page.locator(".compare tbody th[scope=row]").count()
    load_by(page, page.locator("a[href$='only=different']"))
    assert 0 < page.locator(".compare-mark").count() == page.locator(".compare tbody th[scope=row]").count() < lines


def test_without_scripts_the_buttons_do_the_same(sign_in: SignIn) -> None:
    page = sign_in()
    page.goto("/services/")
    page.locator("#f-process-0").check()
    load_by(page, page.locator(".facets-body button.only-plain").first)
    expect(page.locator(".chip-filter")).to_have_count(1)
    assert "process=" in page.url

    load_by(page, page.locator("#browse [data-compare]").first)
    expect(page.locator("#browse [data-compare]").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#tray .tray-item")).to_have_count(1)
    assert "process=" in page.url


def test_a_form_that_asks_is_sent_only_after_yes(sign_in: SignIn) -> None:
    page = sign_in(javascript=True)
    page.goto("/services/")
    page.evaluate(
        """() => {
            const form = document.createElement("form");
            form.action = "/rules/"; form.id = "asking"; form.dataset.confirm = "Really?";
            form.append(document.createElement("button"));
            form.firstChild.textContent = "Go";
            document.querySelector("main").append(form);
        }"""
    )
    page.click("#asking button")
    expect(page.locator("dialog")).to_contain_text("Really?")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert "/services/" in page.url

    page.click("#asking button")
    page.locator("dialog .button-primary").click()
    page.wait_for_url("**/rules/?")
