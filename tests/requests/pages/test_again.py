"""An old need posted again: a new draft with its words and conditions, without days that have passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests.models import Need
from tests.factories import ConditionFactory
from tests.requests.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, OutboxEvent

ENDED = ("submitted", "returned", "open", "contracted", "completed", "withdrawn", "expired")


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def again(browser: Client, need: Need, key: str = "k1") -> Need:
    answer = browser.post(f"/needs/{need.number}/again/", {"key": key})
    made = Need.objects.order_by("-id")[0]
    assert (answer.status_code, answer["Location"]) == (302, f"/needs/{made.number}/edit/")
    return made


@pytest.mark.parametrize("status", ENDED)
def test_it_is_possible_from_any_state_and_leaves_the_old_need_alone(browser: Client, need: Need, status: str) -> None:
    Need.objects.filter(pk=need.pk).update(status=status, visibility="nda", region="440300")

    made = again(browser, need)

    assert (made.status, made.revision, made.title, made.text) == ("draft", 1, need.title, need.text)
    assert (made.visibility, made.region, made.number != need.number) == ("nda", "440300", True)
    assert [(row.kind, row.value, row.low, row.is_hard) for row in made.conditions.all()] == [
        ("process", "发酵", None, True),
        ("parameter", None, 500.0, True),
    ]
    need.refresh_from_db()
    assert (need.status, need.conditions.count()) == (status, 2)
    assert (OutboxEvent.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_days_that_have_passed_are_left_out_and_said_so(browser: Client, need: Need) -> None:
    today = timezone.localdate()
    past, future = (today - timedelta(days=1)).isoformat(), (today + timedelta(days=90)).isoformat()
    ConditionFactory.create(need=need, kind="start_by", value=past, text="")
    ConditionFactory.create(need=need, kind="start_by", value=future, text="")
    ConditionFactory.create(need=need, kind="start_by", value="P2M", text="")
    for latest in (past, future):
        window = {"earliest_start": past, "latest_start": latest, "weeks": 2}
        ConditionFactory.create(need=need, kind="window", value=None, text="", extra=window)

    made = again(browser, need)

    kept = [(row.kind, row.value or row.extra.get("latest_start")) for row in made.conditions.all()[2:]]
    assert kept == [("start_by", future), ("start_by", "P2M"), ("window", future)]
    page = browser.get(f"/needs/{made.number}/edit/").content.decode()
    assert f"Left out because the day has passed: start by {past}; " in page


def test_today_has_not_passed(browser: Client, need: Need) -> None:
    ConditionFactory.create(need=need, kind="start_by", value=timezone.localdate().isoformat(), text="")

    assert again(browser, need).conditions.count() == 3


def test_a_second_press_gives_the_same_draft(browser: Client, need: Need) -> None:
    first, second = again(browser, need), again(browser, need)

    assert first == second
    assert again(browser, need, key="k2") != first


def test_it_is_no_link(browser: Client, need: Need) -> None:
    assert browser.get(f"/needs/{need.number}/again/").status_code == 405


@pytest.mark.parametrize(("person", "status"), [("enterprise2", 404), ("zone_admin", 403), ("operator", 403)])
def test_only_its_owner_posts_a_need_again(
    person: str, status: int, need: Need, browser_of: BrowserOf, request: pytest.FixtureRequest
) -> None:
    answer = browser_of(request.getfixturevalue(person)).post(f"/needs/{need.number}/again/", {"key": "k1"})

    assert (answer.status_code, Need.objects.count()) == (status, 1)
