"""The bell in a real browser: a panel on wide screens, a link on phones and without scripts; the list by htmx."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from .conftest import SignIn
from .service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]
_UNREAD = """
UPDATE core_notification SET read_at = NULL
WHERE recipient_id = (SELECT id FROM accounts_user WHERE username = %s)
"""


def test_the_bell_opens_a_panel_by_keyboard_and_escape_closes_it(sign_in: SignIn) -> None:
    page = sign_in("enterprise", javascript=True)
    page.goto("/services/")
    bell, panel = page.locator("[data-bell] > a"), page.locator("#bell-panel")
    expect(bell).to_have_attribute("aria-expanded", "false")

    bell.focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".bell-foot")).to_be_visible()
    expect(bell).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('bell-panel').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    page.locator("main h2:visible").first.click()
    expect(panel).to_be_hidden()
    assert page.url.endswith("/services/")


@pytest.mark.parametrize(("javascript", "width"), [(True, 390), (False, 1440)])
def test_elsewhere_the_bell_is_a_link(sign_in: SignIn, javascript: bool, width: int) -> None:
    page = sign_in("enterprise", javascript=javascript, width=width)
    page.goto("/services/")

    page.locator("[data-bell] > a").click()

    expect(page.locator("#notices")).to_be_visible()
    assert page.url.endswith("/notifications/")


def test_marking_keeps_the_page_and_moves_the_count(sign_in: SignIn, service: Service) -> None:
    with psycopg.connect(service.database_url) as connection:
        assert connection.execute(_UNREAD, ["operator3"]).rowcount > 0
    page = sign_in("operator3", javascript=True)
    page.goto("/notifications/")
    expect(page.locator("#bell-count")).to_have_text(re.compile(r"\d"))
    page.evaluate("window.same = true")

    page.locator("form[action='/notifications/read/'] button").click()

    expect(page.locator("#bell-count")).to_be_empty()
    expect(page.locator("#notices .notice-unread")).to_have_count(0)
    assert page.evaluate("window.same")
