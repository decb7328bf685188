"""The desk at a glance, and the operator's own statistics."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from matching.models import Match
from platforms.models import Capability, Certificate
from tests.factories import CapabilityFactory, MatchFactory, NeedFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor


@pytest.fixture
def browser(operator: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(operator)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_overview_costs_the_same_for_one_and_thirty(
    rows: int, browser: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        line = CapabilityFactory.create(platform=capability.platform)
        MatchFactory.create(need=NeedFactory.create(), capability=line, approved=True)
    browser.get("/desk/")

    with django_assert_num_queries(21):
        page = browser.get("/desk/").content.decode()

    assert f'<a href="/desk/leads/">{rows}</a>' in page
    assert page.count("rail-item") == min(rows, 5)


def test_what_is_urgent_and_what_ends(browser: Client, lead: Match) -> None:
    Match.objects.filter(pk=lead.pk).update(answer_due_at=timezone.now() + timedelta(hours=3))
    for days in (10, 89, 91):
        Certificate.objects.create(
            platform=lead.capability.platform,
            qualification="GMP",
            status="published",
            valid_until=timezone.localdate() + timedelta(days=days),
        )

    page = browser.get("/desk/").content.decode()

    assert "1 with less than 6 hours" in page
    assert page.count('<a href="/desk/certs/0') == 2


def test_a_confidential_title_is_not_on_the_overview(browser: Client, lead: Match) -> None:
    type(lead.need).objects.filter(pk=lead.need_id).update(visibility="nda", title="绝密")

    assert "绝密" not in browser.get("/desk/").content.decode()


def test_the_statistics_say_what_became_of_leads(browser: Client, lead: Match) -> None:
    page = browser.get("/desk/stats/").content.decode()

    assert "Leads received</dt><dd>1</dd>" in page
    assert page.count('class="chart-received"') == 12


def test_without_leads_the_statistics_say_what_to_do(browser: Client) -> None:
    assert "No leads in twelve months" in browser.get("/desk/stats/").content.decode()


def test_the_sheet_has_twelve_months_and_the_reasons(browser: Client, capability: Capability) -> None:
    match = MatchFactory.create(need=NeedFactory.create(), capability=capability, declined=True)
    Match.objects.filter(pk=match.pk).update(decline_code="price")

    answer = browser.get("/desk/stats.xlsx")

    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    months, reasons, _about = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert answer["Content-Disposition"].startswith('attachment; filename="desk-stats-')
    assert len(months) == 13
    assert months[-1][1] == 1
    assert reasons[1:] == [["budget does not cover it", 1]]


@pytest.mark.parametrize("address", ["/desk/", "/desk/stats/", "/desk/stats.xlsx"])
def test_only_operators_have_a_desk(address: str, enterprise: Actor, zone_admin: Actor, browser_of: BrowserOf) -> None:
    assert Client().get(address).status_code == 302
    assert browser_of(enterprise).get(address).status_code == 403
    assert browser_of(zone_admin).get(address).status_code == 403
