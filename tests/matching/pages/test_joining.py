"""The page of combinations: steps with what each covers, dates and totals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from platforms.models import Capability, FreePeriod
from requests.models import Need
from tests.factories import CapabilityFactory, ConditionFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor

TODAY = timezone.localdate()


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def line(name: str, first: int) -> Capability:
    row = CapabilityFactory.create(name=name, price={"amount": 5, "unit": "万元/周"}, is_availability_known=True)
    FreePeriod.objects.create(
        capability=row, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=first + 30)
    )
    return row


def test_steps_say_what_they_cover_when_and_for_how_much(browser: Client, need: Need) -> None:
    ConditionFactory.create(need=need, kind="process", value="干燥")
    ConditionFactory.create(need=need, kind="process", value="包装")
    start, latest = TODAY + timedelta(days=1), TODAY + timedelta(days=9)
    window = {"earliest_start": f"{start}", "latest_start": f"{latest}", "weeks": 1}
    ConditionFactory.create(need=need, kind="window", value=None, extra=window)
    rows = [line("发酵线", 1), line("干燥线", 20)]
    steps = [{"capability": str(row.uuid), "conditions": [place]} for row, place in zip(rows, (0, 2), strict=True)]
    route = {"capabilities": [str(row.uuid) for row in rows], "steps": steps, "missing": [3]}
    ScoringRunFactory.create(need=need, routes=[route])

    page = browser.get(f"/needs/{need.number}/routes/").content.decode()

    body = page.split('<ol class="steps">')[1].split("</section>")[0]
    first, second = body.split("</li>", 1)[0], body
    assert "发酵线" in first
    assert "process 干燥" in second
    assert f"{start}</time>" in body
    assert f"{start + timedelta(days=6)}</time>" in body
    assert f"{TODAY + timedelta(days=20)}</time>" in body
    assert f"{TODAY + timedelta(days=26)}</time>" in body
    assert "50,000 CNY a week" in body
    assert "Still missing:</strong> process 包装" in body
    assert "100,000 CNY a week" in body


def test_without_a_route_the_page_says_why(browser: Client, need: Need) -> None:
    ScoringRunFactory.create(need=need)

    assert "No combination" in browser.get(f"/needs/{need.number}/routes/").content.decode()


def test_what_is_not_known_is_said(browser: Client, need: Need) -> None:
    rows = [CapabilityFactory.create() for _ in range(2)]
    route = {"capabilities": [str(row.uuid) for row in rows]}
    ScoringRunFactory.create(need=need, routes=[route])

    page = browser.get(f"/needs/{need.number}/routes/").content.decode()

    assert page.count("dates to be agreed") == 2
    assert page.count("price not stated") == 2
