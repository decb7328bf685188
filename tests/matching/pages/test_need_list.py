"""An enterprise's needs with what has come of them."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from tests.factories import MatchFactory, NeedFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    rows: int,
    enterprise: Actor,
    enterprise2: Actor,
    browser_of: BrowserOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        need = NeedFactory.create(organization=enterprise.organization)
        MatchFactory.create(need=need, quoted=True)
        MatchFactory.create(need=need, rank=2)
    NeedFactory.create(organization=enterprise2.organization, title="别人的")
    browser = browser_of(enterprise)

    with django_assert_num_queries(8):
        page = browser.get("/needs/").content.decode()

    assert page.count("乳球蛋白发酵中试</a>") == rows
    assert page.count('/matches/">2</a>') == rows
    assert "别人的" not in page


def test_a_withdrawn_match_is_not_counted(enterprise: Actor, proposed: Match, browser_of: BrowserOf) -> None:
    Match.objects.filter(pk=proposed.pk).update(status="withdrawn")

    page = browser_of(enterprise).get("/needs/").content.decode()

    assert f'/needs/{proposed.need.number}/matches/"' not in page


def test_tabs_narrow_by_stage_and_count(enterprise: Actor, browser_of: BrowserOf) -> None:
    NeedFactory.create(organization=enterprise.organization, title="在跑的")
    NeedFactory.create(organization=enterprise.organization, title="写了一半", status="draft")

    page = browser_of(enterprise).get("/needs/?stage=draft").content.decode()

    assert 'drafts <span class="tab-count">1</span>' in page
    assert 'running <span class="tab-count">1</span>' in page
    assert "写了一半</a>" in page
    assert "在跑的</a>" not in page


def test_the_first_visit_says_what_to_do(enterprise: Actor, browser_of: BrowserOf) -> None:
    assert "You have not posted a need yet" in browser_of(enterprise).get("/needs/").content.decode()


def test_operators_have_no_needs(operator: Actor, browser_of: BrowserOf) -> None:
    assert browser_of(operator).get("/needs/").status_code == 403
