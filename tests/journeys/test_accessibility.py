"""axe on every page and state, wide and narrow, in both languages; no page scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import enter
from .inventory import PAGES, PageState, found_ids
from .service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.looks, pytest.mark.timeout(1200)]

ACCOUNTS = sorted({page.account for page in PAGES})


class Looker:
    """A browser page of one account that can be narrow or wide."""

    def __init__(self, page: Page, ids: dict[str, str]) -> None:
        self.page, self.ids, self.axe = page, ids, Axe()

    def open(self, state: PageState, language: str) -> None:
        address = state.path.format(**self.ids)
        answer = self.page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert answer is not None
        assert answer.status == state.status, f"{address}: {answer.status}"

    def violations(self, width: int) -> list[str]:
        """What axe finds at this width, one line for each rule and the elements it names."""
        self.page.set_viewport_size({"width": width, "height": 900})
        found = self.axe.run(self.page).response["violations"]
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in found]

    def overflow(self, width: int, *, text_percent: int = 100) -> int:
        """By how many pixels the page is wider than a window of `width`."""
        self.page.set_viewport_size({"width": width, "height": 700})
        self.page.evaluate("percent => { document.documentElement.style.fontSize = percent + '%'; }", text_percent)
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        return max(0, wider)


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account or "visitor")
def looker(request: pytest.FixtureRequest, chromium: Browser, service: Service) -> Iterator[tuple[str, Looker]]:
    context = chromium.new_context(base_url=service.url)
    page = context.new_page()
    if request.param:
        enter(page, request.param)
    yield request.param, Looker(page, found_ids(service))
    context.close()


def test_every_page_passes_axe_and_never_scrolls_sideways(looker: tuple[str, Looker]) -> None:
    account, look = looker
    wrong: dict[str, list[str]] = {}
    for state in (page for page in PAGES if page.account == account):
        for language in ("zh-hans", "en"):
            look.open(state, language)
            found = [line for width in (1440, 390) for line in look.violations(width)]
            found += [f"{wide} px wider than 320" for wide in [look.overflow(320)] if wide]
            found += [
                f"{wide} px wider than 390 at 200 % text" for wide in [look.overflow(390, text_percent=200)] if wide
            ]
            if found:
                wrong[f"{state.name} ({language})"] = found
    assert wrong == {}
