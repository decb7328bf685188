"""A part that is refused or fails takes nothing away from the page: what was typed stays, and a line says so."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import SignIn, enter, load_by
from .service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]
TYPED = "需要500L发酵罐，预算80万元"
# What one person may send to pages, spent for the next hour; and given back.
_SPEND = """
INSERT INTO accounts_ratebudget (key, spent_until)
SELECT encode(sha256(convert_to('throttle:page:' || id, 'UTF8')), 'hex'), now() + interval '1 hour'
FROM accounts_user WHERE username = %s
ON CONFLICT (key) DO UPDATE SET spent_until = excluded.spent_until RETURNING key
"""
_GIVE_BACK = "DELETE FROM accounts_ratebudget WHERE key = %s"


def _typed(sign_in: SignIn, account: str) -> Page:
    page = sign_in(account, javascript=True)
    page.goto("/needs/new/")
    page.fill("textarea[name=text]", TYPED)
    return page


def _nothing_lost(page: Page) -> None:
    expect(page.locator("#toasts")).to_contain_text("您填写的内容还在")
    expect(page.locator("textarea[name=text]")).to_have_value(TYPED)


def test_too_many_requests_leave_the_sheet_as_it_is(sign_in: SignIn, service: Service) -> None:
    page = _typed(sign_in, "enterprise2")
    with psycopg.connect(service.database_url, autocommit=True) as connection:
        [key] = connection.execute(_SPEND, ["enterprise2"])
        try:
            with page.expect_response(lambda answer: answer.status == 429):
                page.click("button[hx-vals*='read']")
            _nothing_lost(page)
        finally:
            connection.execute(_GIVE_BACK, key)


def test_an_expired_form_leaves_the_sheet_as_it_is(sign_in: SignIn) -> None:
    page = _typed(sign_in, "enterprise")
    page.context.clear_cookies(name="csrftoken")

    with page.expect_response(lambda answer: answer.status == 403):
        page.click("button[hx-vals*='read']")

    _nothing_lost(page)


def test_a_service_that_is_away_leaves_the_sheet_as_it_is(chromium: Browser, service: Service) -> None:
    # A context of its own: htmx names the failure in the console, which `sign_in` takes for a fault of the page.
    context = chromium.new_context(base_url=service.url)
    page = context.new_page()
    enter(page, "enterprise")
    page.goto("/needs/new/")
    page.fill("textarea[name=text]", TYPED)
    context.set_offline(True)

    page.click("button[hx-vals*='read']")

    _nothing_lost(page)
    context.close()


def test_a_service_that_never_answers_leaves_the_sheet_as_it_is(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(base_url=service.url)
    page = context.new_page()
    enter(page, "enterprise")
    page.clock.install()
    page.goto("/needs/new/")
    page.fill("textarea[name=text]", TYPED)
    page.route("**/needs/new/", lambda _: None)

    with page.expect_request("**/needs/new/"):
        page.click("button[hx-vals*='read']")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    page.clock.fast_forward("01:05")

    _nothing_lost(page)
    context.close()


def test_a_page_that_looks_again_outlasts_a_service_that_is_away(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(base_url=service.url)
    page = context.new_page()
    enter(page, "enterprise3")
    with service.worker_paused():
        page.goto(f"/needs/{_post(page)}/matches/")
        expect(page.locator("#result .scoring")).to_be_visible()
        context.set_offline(True)
        # The second look comes after whatever the first one's failure showed.
        for _ in range(2):
            with page.expect_event("requestfailed"):
                pass
        expect(page.locator("#toasts .toast")).to_have_count(0)
        context.set_offline(False)

    expect(page.locator("#result article").first).to_be_visible(timeout=60_000)
    context.close()


def _post(page: Page) -> str:
    page.goto("/needs/new/")
    page.fill("[name$=title]", "手环小批量试产")
    page.fill("textarea[name=text]", "智能手环整机,想在成都找智能硬件中试平台做小批量试产,最好能做光学测试。")
    page.click("button[value=read]")
    expect(page.locator(".cond").first).to_be_visible()
    load_by(page, page.locator("button[value=submit]"))
    found = re.search(r"N-\d{4}-\d{4,}", page.url)
    assert found, page.url
    return found.group()
