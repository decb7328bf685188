"""Sorting and choosing matches by the address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from matching.models import Dismissal, Match
from matching.views.arranging import Choice
from platforms.models import FreePeriod
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, PlatformFactory, QuestionFactory, QuoteFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def order(browser: Client, need: Need, query: str) -> list[int]:
    """Ranks in the order the page shows them."""
    page = browser.get(f"/needs/{need.number}/matches/?{query}").content.decode()
    found = [(page.find(f'id="m-{match.uuid}"'), match.rank) for match in Match.objects.filter(need=need)]
    return [rank for at, rank in sorted(found) if at >= 0]


def offered(need: Need, rank: int, amount: str, currency: str = "CNY", days: int = 30) -> Match:
    match = MatchFactory.create(need=need, rank=rank, quoted=True)
    ends = timezone.localdate() + timedelta(days=days)
    QuoteFactory.create(match=match, amount=amount, currency=currency, valid_until=ends)
    return match


def listed(need: Need, rank: int, *, price: object = None, region: str = "510100", free: int | None = None) -> Match:
    row = CapabilityFactory.create(
        price=price, platform=PlatformFactory.create(region=region), is_availability_known=free is not None
    )
    if free is not None:
        first = timezone.localdate() + timedelta(days=free)
        FreePeriod.objects.create(capability=row, starts_on=first, ends_on=first + timedelta(days=60))
    return MatchFactory.create(need=need, rank=rank, capability=row)


def test_the_best_first_unless_asked_otherwise(browser: Client, need: Need) -> None:
    for rank in (2, 3, 1):
        listed(need, rank)

    assert order(browser, need, "") == [1, 2, 3]
    assert order(browser, need, "sort=bogus&show=bogus") == [1, 2, 3]


def test_by_price_offers_come_first_then_listed_prices_then_the_silent(browser: Client, need: Need) -> None:
    listed(need, 1)
    listed(need, 2, price={"amount": 9, "unit": "万元/周"})
    listed(need, 3, price={"amount": 5, "unit": "万元/周"})
    offered(need, 4, "900000.00")
    offered(need, 5, "620000.00")
    offered(need, 6, "1.00", currency="EUR")

    assert order(browser, need, "sort=price") == [5, 4, 3, 2, 1, 6]


def test_by_start_the_earliest_free_day_decides(browser: Client, need: Need) -> None:
    listed(need, 1)
    listed(need, 2, free=30)
    listed(need, 3, free=3)

    assert order(browser, need, "sort=start") == [3, 2, 1]


def test_by_distance_the_nearest_city(browser: Client, need: Need) -> None:
    listed(need, 1, region="440000")
    listed(need, 2, region="310000")
    listed(need, 3, region="510100")
    listed(need, 4, region="500000")

    assert order(browser, need, "sort=distance") == [3, 4, 2, 1]
    page = browser.get(f"/needs/{need.number}/matches/?sort=distance").content.decode()
    assert "<dt>Distance</dt><dd>0 km</dd>" in page


def test_what_waits_for_whom(browser: Client, need: Need, enterprise: Actor) -> None:
    waiting = MatchFactory.create(need=need, rank=1, approved=True)
    QuestionFactory.create(match=waiting)
    MatchFactory.create(need=need, rank=2)
    offered(need, 3, "1000.00")
    MatchFactory.create(need=need, rank=4, declined=True)
    gone = MatchFactory.create(need=need, rank=5, approved=True)
    Match.objects.filter(pk=gone.pk).update(status="not_chosen")
    Dismissal.objects.create(match=gone, code="price", said_by=enterprise.user)

    assert order(browser, need, "show=all") == [1, 2, 3, 4]
    assert order(browser, need, "show=mine") == [1, 3]
    assert order(browser, need, "show=unanswered") == [1, 2]
    assert order(browser, need, "show=quoted") == [3]
    assert order(browser, need, "show=over") == [4, 5]
    page = browser.get(f"/needs/{need.number}/matches/").content.decode()
    assert '<option value="unanswered">not answered yet (2)</option>' in page
    assert "1 match you turned down" in page


def test_nothing_in_a_choice_says_that_others_are_there(browser: Client, need: Need) -> None:
    MatchFactory.create(need=need)

    page = browser.get(f"/needs/{need.number}/matches/?show=quoted").content.decode()

    assert "No match like that" in page
    assert "No capability meets" not in page


def test_the_choice_in_words() -> None:
    assert Choice.of({}).is_usual
    assert not Choice.of({"sort": "price"}).is_usual
    assert Choice.of({"sort": "price", "show": "over"}) == Choice("price", "over")
