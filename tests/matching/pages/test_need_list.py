"""An enterprise's needs with what has come of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from requests.models import Need
from tests.factories import MatchFactory, NeedFactory, QuoteFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def own(enterprise: Actor, title: str, *, hours_ago: int = 0, **columns: object) -> Need:
    """A need of the enterprise, changed so many hours ago."""
    need = NeedFactory.create(organization=enterprise.organization, title=title, **columns)
    Need.objects.filter(pk=need.pk).update(updated_at=timezone.now() - timedelta(hours=hours_ago))
    return need


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def cells(page: str, label: str) -> list[str]:
    """The words of a column, row by row."""
    found = re.findall(rf'<td data-label="{label}"[^>]*>(.*?)</td>', page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in found]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(
    rows: int,
    enterprise: Actor,
    enterprise2: Actor,
    browser_of: BrowserOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        need = own(enterprise, "自己的")
        QuoteFactory.create(match=MatchFactory.create(need=need, quoted=True))
        MatchFactory.create(need=need, rank=2, approved=True)
    NeedFactory.create(organization=enterprise2.organization, title="别人的")
    browser = browser_of(enterprise)

    with django_assert_num_queries(8):
        page = browser.get("/needs/").content.decode()

    assert titles(page) == ["自己的"] * min(rows, 20)
    assert f'<span class="muted">{rows}</span>' in page
    assert "别人的" not in page


def test_a_row_says_what_has_come_of_the_need(enterprise: Actor, browser_of: BrowserOf) -> None:
    need = own(enterprise, "题")
    MatchFactory.create(need=need, accepted=True, score=71.4)
    due = datetime(2027, 3, 1, 9, 30, tzinfo=timezone.get_current_timezone())
    MatchFactory.create(need=need, approved=True, score=86.6, rank=2, answer_due_at=due)
    MatchFactory.create(need=need, rank=3, score=99, status="withdrawn")
    MatchFactory.create(need=need, rank=4, score=40)

    page = browser_of(enterprise).get("/needs/").content.decode()

    assert (cells(page, "Best score"), cells(page, "Answers")) == (["87 · 3 matches"], ["1/2"])
    assert cells(page, "Next deadline") == ["2027-03-01 09:30 answer due"]
    assert f'<a href="/needs/{need.number}/matches/"><strong>87</strong>' in page


def test_an_offer_that_runs_out_is_a_deadline_too(enterprise: Actor, browser_of: BrowserOf) -> None:
    need = own(enterprise, "题")
    for rank, day in ((1, "2027-05-01"), (2, "2027-04-01")):
        QuoteFactory.create(match=MatchFactory.create(need=need, quoted=True, rank=rank), valid_until=day)

    assert cells(browser_of(enterprise).get("/needs/").content.decode(), "Next deadline") == [
        "2027-04-01 offer runs out"
    ]


def test_a_returned_need_waits_for_its_owner(enterprise: Actor, browser_of: BrowserOf) -> None:
    own(enterprise, "题", status="returned")

    assert cells(browser_of(enterprise).get("/needs/").content.decode(), "Next deadline") == ["your turn"]


def test_a_withdrawn_match_is_not_counted(enterprise: Actor, proposed: Match, browser_of: BrowserOf) -> None:
    Match.objects.filter(pk=proposed.pk).update(status="withdrawn")

    page = browser_of(enterprise).get("/needs/").content.decode()

    assert f'/needs/{proposed.need.number}/matches/"' not in page
    assert cells(page, "Best score") == ["—"]


def test_tabs_narrow_by_stage_count_and_keep_the_order(enterprise: Actor, browser_of: BrowserOf) -> None:
    own(enterprise, "在跑的")
    draft = own(enterprise, "写了一半", status="draft")

    page = browser_of(enterprise).get("/needs/?stage=draft&sort=number").content.decode()

    assert titles(page) == ["写了一半"]
    tabs = re.findall(r'<a href="(\?[^"]*)"( aria-current="page")?>([^<]+) <span class="tab-count">(\d+)</span>', page)
    assert tabs == [
        ("?sort=number", "", "all", "2"),
        ("?sort=number&amp;stage=running", "", "running", "1"),
        ("?sort=number&amp;stage=draft", ' aria-current="page"', "drafts", "1"),
        ("?sort=number&amp;stage=won", "", "contracted", "0"),
        ("?sort=number&amp;stage=over", "", "ended", "0"),
    ]
    assert f'<a href="/needs/{draft.number}/edit/">写了一半</a>' in page
    assert f'href="/needs/{draft.number}/delete/"' in page


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("changed", ["甲", "丙", "乙"]),
        ("number", ["丙", "乙", "甲"]),
        ("deadline", ["丙", "甲", "乙"]),
        ("score", ["甲", "丙", "乙"]),
        ("nonsense", ["甲", "丙", "乙"]),
    ],
)
def test_the_order_is_chosen_and_what_is_missing_comes_last(
    sort: str, expected: list[str], enterprise: Actor, browser_of: BrowserOf
) -> None:
    first, _second = own(enterprise, "甲", hours_ago=1), own(enterprise, "乙", hours_ago=3)
    third = own(enterprise, "丙", hours_ago=2)
    now = timezone.now()
    MatchFactory.create(need=first, score=90, approved=True, answer_due_at=now + timedelta(hours=40))
    MatchFactory.create(need=third, score=50, approved=True, answer_due_at=now + timedelta(hours=2))

    assert titles(browser_of(enterprise).get(f"/needs/?sort={sort}").content.decode()) == expected


def test_pages_of_twenty_keep_stage_and_order(enterprise: Actor, browser_of: BrowserOf) -> None:
    for number in range(21):
        own(enterprise, f"第{number}条")

    page = browser_of(enterprise).get("/needs/?stage=running&sort=number&page=2").content.decode()

    assert titles(page) == ["第0条"]
    assert 'href="/needs/?stage=running&amp;sort=number&amp;page=1"' in page


def test_htmx_gets_the_rows_alone(enterprise: Actor, browser_of: BrowserOf) -> None:
    own(enterprise, "题")
    browser: Client = browser_of(enterprise)

    part = browser.get("/needs/", headers=HTMX)

    assert titles(part.content.decode()) == ["题"]
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_the_first_visit_says_what_to_do_and_shows_how_it_looks(enterprise: Actor, browser_of: BrowserOf) -> None:
    page = browser_of(enterprise).get("/needs/").content.decode()

    assert "You have not posted a need yet" in page
    assert "We developed a polyimide precursor" in page
    assert 'href="/needs/new/"' in page


def test_an_empty_stage_says_so(enterprise: Actor, browser_of: BrowserOf) -> None:
    own(enterprise, "题")

    page = browser_of(enterprise).get("/needs/?stage=over").content.decode()

    assert "None of your needs is at this stage." in page
    assert "You have not posted a need yet" not in page


def test_operators_have_no_needs(operator: Actor, browser_of: BrowserOf) -> None:
    assert browser_of(operator).get("/needs/").status_code == 403
