"""Matches side by side with what the need asks; and quotes, with the clock they stand by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from platforms.models import Capability
from requests.models import Need
from tests.factories import MatchFactory, QuoteFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def verdict(condition: int, word: str, *, hard: bool = True, text: str = "") -> dict[str, Any]:
    evidence = {"text": text, "source": "declared" if text else "", "date": "2025-12-25" if text else ""}
    return {"condition": condition, "kind": "process", "hard": hard, "verdict": word, "evidence": evidence}


def compared(browser: Client, need: Need, *matches: Match, more: str = "") -> str:
    query = "&".join(f"m={match.uuid}" for match in matches)
    return browser.get(f"/needs/{need.number}/compare/?{query}{more}").content.decode()


def test_conditions_stand_first_and_differing_rows_are_marked(browser: Client, need: Need) -> None:
    one = MatchFactory.create(need=need, verdicts=[verdict(0, "pass", text="发酵"), verdict(1, "unknown")])
    two = MatchFactory.create(need=need, verdicts=[verdict(0, "pass"), verdict(1, "fail", text="最大200L")])

    page = compared(browser, need, one, two)

    assert '<th scope="col">Your condition</th>' in page
    assert page.index(one.capability.name) < page.index(two.capability.name)
    assert page.count('class="row-differs"') == 1
    assert "最大200L" in page
    assert "must not met" in page
    assert page.index("process 发酵") < page.index("volume 500 L")


def test_only_rows_that_differ(browser: Client, need: Need) -> None:
    one = MatchFactory.create(need=need, verdicts=[verdict(0, "pass"), verdict(1, "unknown")])
    two = MatchFactory.create(need=need, verdicts=[verdict(0, "pass"), verdict(1, "pass")])

    table = compared(browser, need, one, two, more="&only=differing").split("<tbody>")[1]

    assert "volume 500 L" in table
    assert "process 发酵" not in table
    assert "Earliest start" not in table


def test_at_most_four_and_the_page_says_so(browser: Client, need: Need) -> None:
    matches = [MatchFactory.create(need=need, rank=rank) for rank in range(1, 6)]

    page = compared(browser, need, *matches)

    assert "At most 4 side by side" in page
    assert page.count('<th scope="col"><a href=') == 4
    assert matches[4].capability.name not in page


@pytest.mark.parametrize("query", ["", "m=x", "m=00000000-0000-0000-0000-000000000000"])
def test_fewer_than_two_is_nothing_to_compare(browser: Client, need: Need, query: str) -> None:
    page = browser.get(f"/needs/{need.number}/compare/?{query}").content.decode()

    assert "Nothing to compare yet" in page


def test_a_match_of_another_need_is_left_out(browser: Client, need: Need) -> None:
    foreign, own = MatchFactory.create(), MatchFactory.create(need=need)

    assert foreign.capability.name not in compared(browser, need, foreign, own)


@pytest.mark.parametrize("columns", [2, 4])
def test_comparing_costs_the_same_for_two_and_four(
    columns: int, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    matches = [MatchFactory.create(need=need, rank=rank) for rank in range(1, columns + 1)]

    with django_assert_num_queries(12):
        compared(browser, need, *matches)


def offered(need: Need, amount: str, *, days: int = 30, **columns: Any) -> Match:
    match = MatchFactory.create(need=need, quoted=True)
    QuoteFactory.create(match=match, amount=amount, valid_until=timezone.localdate() + timedelta(days=days), **columns)
    return match


def test_quotes_stand_side_by_side_cheapest_first_and_split(browser: Client, need: Need) -> None:
    offered(need, "900000.00", lines=[{"name": "试验费", "amount": "700000"}, {"name": "三废", "amount": "200000"}])
    offered(need, "620000.00", lines=[{"name": "试验费", "amount": "620000"}], payment="预付三成", note="不含物料")

    page = browser.get(f"/needs/{need.number}/quotes/").content.decode()

    assert "2 quotes compared" in page
    assert page.index("<strong>620,000</strong>") < page.index("<strong>900,000</strong>")
    row = page.split('class="row-part">三废</th>')[1].split("</tr>")[0]
    assert row.index("not listed") < row.index("200,000")
    assert "预付三成" in page
    assert "不含物料" in page


@pytest.mark.parametrize(
    ("days", "words", "choosable"),
    [(30, "30 days left", True), (3, "3 days left", True), (0, "ends today", True), (-1, "expired", False)],
)
def test_a_quote_has_a_clock_and_an_expired_one_cannot_be_chosen(
    browser: Client, need: Need, days: int, words: str, choosable: bool
) -> None:
    match = offered(need, "620000.00", days=days)
    choose = f"/needs/{need.number}/matches/{match.uuid}/choose/"

    page = browser.get(f"/needs/{need.number}/quotes/").content.decode()

    assert words in page
    assert (choose in page) is choosable
    assert ("The offer has run out; ask for a new one." in page) is not choosable
    assert ("Choose and release the contacts" in browser.get(choose).content.decode()) is choosable


def test_an_expired_offer_is_refused_by_the_service_too(browser: Client, need: Need, capability: Capability) -> None:
    match = offered(need, "620000.00", days=-1)

    refused = browser.post(f"/needs/{need.number}/matches/{match.uuid}/choose/")

    match.refresh_from_db()
    assert (refused.status_code, match.status) == (422, "quoted")
    assert "This offer has run out." in refused.content.decode()


def test_expired_offers_come_last(browser: Client, need: Need) -> None:
    offered(need, "1.00", days=-1)
    offered(need, "900000.00")

    page = browser.get(f"/needs/{need.number}/quotes/").content.decode()

    assert page.index("<strong>900,000</strong>") < page.index("<strong>1</strong>")


def test_the_confirm_page_repeats_the_numbers(browser: Client, need: Need) -> None:
    match = offered(
        need,
        "620000.00",
        lines=[{"name": "试验费", "amount": "500000"}, {"name": "物料", "amount": ""}],
        payment="预付三成",
        note="不含物料",
    )

    page = browser.get(f"/needs/{need.number}/matches/{match.uuid}/choose/").content.decode()

    for text in ("620,000 CNY", "<dt>试验费</dt><dd>500,000</dd>", "<dt>物料</dt><dd>—</dd>", "预付三成", "不含物料"):
        assert text in page


@pytest.mark.parametrize("rows", [1, 8])
def test_the_table_of_quotes_costs_the_same_for_one_and_eight(
    rows: int, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        offered(need, f"{number + 1}000.00")

    with django_assert_num_queries(11):
        browser.get(f"/needs/{need.number}/quotes/")
