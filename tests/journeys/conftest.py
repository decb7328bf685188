"""One running service for all journeys, and a real Chromium to use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tools.browser import find_chromium

from .service import FLAGS, PASSWORD, Service, running_service

# How long a page may take is measured in benchmarks/; a busy machine fails nothing here.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Web, worker and beat with the demo's data, on a fresh database beside the suite's."""
    with running_service(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The system's Chromium; a machine without one skips, and `make test` says so on its first line.

    Not kept for the session: Playwright's event loop lives in this thread, and Django refuses queries beside one.
    """
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def slow_down(page: Page) -> None:
    """A slow computer on a slow line, if `JOURNEYS_SLOW` is set: what a test forgot to wait for shows."""
    if not os.environ.get("JOURNEYS_SLOW"):
        return
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 250, "downloadThroughput": -1, "uploadThroughput": -1},
    )


SignIn = Callable[..., Page]


def enter(page: Page, username: str) -> None:
    """Sign in on this page as a demo account."""
    page.goto("/accounts/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    load_by(page, page.locator("form:has([name=password]) button"))


def load_by(page: Page, control: Locator) -> None:
    """Click what leads to another page, and wait until all of that page is there: reading it earlier finds a part.

    Playwright's own `expect_navigation` takes a change of the address by a script for the other page.
    """
    page.evaluate("document.documentElement.dataset.left = ''")
    control.click()
    _arrive(page)


def go_back(page: Page) -> None:
    """Press the browser's "back" where htmx answers by loading the page anew, and wait until it has.

    Playwright's own `go_back` waits for the first of the two steps only; the second cuts off what a test does next.
    """
    page.evaluate("document.documentElement.dataset.left = ''; history.back()")
    _arrive(page)


def _arrive(page: Page) -> None:
    expect(page.locator("html:not([data-left])")).to_be_attached()
    page.wait_for_load_state()


def _is_fault(message: ConsoleMessage) -> bool:
    """A script or the policy complains; a refused form (400, 409, 422) is no fault."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def sign_in(chromium: Browser, service: Service) -> Iterator[SignIn]:
    """Give a page signed in as a demo account, each in a browser profile of its own.

    Without JavaScript unless `javascript=True`; `width` in pixels. The failures a visitor would not see fail the test
    here: an answer of 500, a file that is not there, a script or style the policy refused.
    """
    contexts = []
    broken: list[str] = []

    def page_of(username: str = "", *, javascript: bool = False, width: int = 1440) -> Page:
        context = chromium.new_context(
            base_url=service.url, java_script_enabled=javascript, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        slow_down(page)
        page.on("response", lambda answer: broken.append(answer.url) if answer.status in {404, 500} else None)
        page.on("console", lambda message: broken.append(message.text) if _is_fault(message) else None)
        if username:
            enter(page, username)
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert broken == []
