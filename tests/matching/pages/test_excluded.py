"""Why others are not here: every reason counted, and who it keeps away, page by page."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests.models import Need
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def small(number: int) -> None:
    """Lines that ferment in 100 L only."""
    platform = PlatformFactory.create()
    for place in range(number):
        row = CapabilityFactory.create(platform=platform, name=f"小线{place:02d}")
        FactFactory.create(capability=row)
        FactFactory.create(capability=row, volume=True, low=100, high=100, text="100L发酵罐")


@pytest.fixture
def scored(need: Need) -> Need:
    ScoringRunFactory.create(
        need=need,
        funnel=[{"step": "listed", "condition": None, "count": 25}],
        excluded=[{"reason": "500L", "kind": "parameter", "condition": 1, "count": 23}],
    )
    return need


def test_reasons_and_whom_they_keep_away(browser: Client, scored: Need) -> None:
    small(2)
    address = f"/needs/{scored.number}/excluded/"

    page = browser.get(address).content.decode()
    by_volume = browser.get(f"{address}?reason=1").content.decode()
    by_process = browser.get(f"{address}?reason=0").content.decode()

    assert "2 capabilities fail a “must”" in page
    assert '<a href="?reason=1"' in page
    assert "<dd>23</dd>" in page
    assert "Of 25 published capabilities" in page
    assert "2 capabilities fail this “must”" in by_volume
    assert "小线00" in by_volume
    assert "100L发酵罐" in by_volume
    assert "None at present" in by_process


def test_a_long_list_comes_in_pages(browser: Client, scored: Need) -> None:
    small(21)

    first = browser.get(f"/needs/{scored.number}/excluded/?reason=1").content.decode()
    second = browser.get(f"/needs/{scored.number}/excluded/?reason=1&page=2").content.decode()

    assert first.count("小线") == 20
    assert "reason=1&amp;page=2" in first
    assert second.count("小线") == 1


@pytest.mark.parametrize("rows", [1, 15])
def test_it_costs_the_same_for_one_and_fifteen(
    rows: int, browser: Client, scored: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small(rows)
    browser.get(f"/needs/{scored.number}/excluded/")

    with django_assert_num_queries(12):
        page = browser.get(f"/needs/{scored.number}/excluded/").content.decode()

    assert page.count("小线") == rows


@pytest.mark.parametrize("query", ["reason=99", "reason=-1", "reason=x", "reason=" + "9" * 40, "page=x"])
def test_an_unknown_reason_is_any(browser: Client, scored: Need, query: str) -> None:
    assert "fail a “must”" in browser.get(f"/needs/{scored.number}/excluded/?{query}").content.decode()


def test_before_the_scoring_there_is_nothing(browser: Client, need: Need) -> None:
    assert "Not matched yet" in browser.get(f"/needs/{need.number}/excluded/").content.decode()


@pytest.mark.parametrize("page", ["excluded", "routes", "compare", "quotes", "report.pdf", "report.xlsx", "matches"])
def test_strangers_find_nothing(
    page: str,
    scored: Need,
    enterprise2: Actor,
    other_zone_admin: Actor,
    operator: Actor,
    zone_admin: Actor,
    browser_of: BrowserOf,
) -> None:
    address = f"/needs/{scored.number}/{page}{'' if '.' in page else '/'}"
    assert browser_of(enterprise2).get(address).status_code == 404
    assert browser_of(other_zone_admin).get(address).status_code == 404
    assert browser_of(operator).get(address).status_code == 403
    assert browser_of(zone_admin).get(address).status_code == 200
    assert Client().get(address).status_code == 302
