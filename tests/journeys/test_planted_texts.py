"""A browser opens every page while each text in the database tries to run a script."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from psycopg import sql

from tests.security.planting import PLANTED, written_columns

from .conftest import enter
from .inventory import PAGES, found_ids
from .service import Service, running_service

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
ACCOUNTS = sorted({page.account for page in PAGES})
# Elements that are there only if a text was taken for markup, and links that would run one.
GROWN = "img[src='x'], [onerror], a[href^='javascript:' i]"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, dict[str, str]]]:
    """A service of its own: the other journeys look for texts by their words."""
    with running_service(tmp_path_factory.mktemp("planted")) as service:
        ids = found_ids(service)
        with psycopg.connect(service.database_url, autocommit=True) as connection:
            _plant(connection)
        yield service, ids


def _plant(connection: psycopg.Connection) -> None:
    filled = 0
    for model, field in written_columns():
        table, column = sql.Identifier(model._meta.db_table), sql.Identifier(str(field.column))
        # An address would be followed, not shown.
        text = "javascript:alert(1)" if "url" in field.name else PLANTED
        try:
            filled += connection.execute(sql.SQL("UPDATE {} SET {} = %s").format(table, column), [text]).rowcount > 0
        except psycopg.errors.IntegrityError:
            # A constraint allows only certain words there.
            continue
    in_notices = "UPDATE core_notification SET params = params || jsonb_build_object('title', %s::text)"
    assert connection.execute(in_notices, [PLANTED]).rowcount > 0
    assert filled >= 20


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account or "visitor")
def test_no_text_becomes_a_script(account: str, chromium: Browser, planted: tuple[Service, dict[str, str]]) -> None:
    service, ids = planted
    page = chromium.new_context(base_url=service.url).new_page()
    wrong = _heard(page)
    if account:
        enter(page, account)
    shown = 0
    for state in (state for state in PAGES if state.account == account):
        answer = page.goto(state.path.format(**ids))
        assert answer is not None
        if answer.status != state.status:
            wrong.append(f"{state.name}: {answer.status}")
        grown = page.locator(GROWN).count()
        if grown:
            wrong.append(f"{state.name}: {grown} elements grew from a text")
        shown += page.locator("body").inner_text().count(PLANTED) > 0

    assert wrong == []
    assert shown >= 1


def _heard(page: Page) -> list[str]:
    """What a script that ran, or one the policy stopped, would leave; filled while pages are opened."""
    heard: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            heard.append(f"{page.url}: {message.text}")

    page.on("dialog", lambda dialog: (heard.append(f"{page.url}: dialog"), dialog.dismiss()))
    page.on("console", noted)
    return heard
