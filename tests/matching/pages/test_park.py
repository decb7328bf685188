"""The zone office: matches to review, and the audit trail."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from matching.services.review import match_review
from platforms.models import Capability
from tests.factories import MatchFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification

REVIEW = "/park/review/"


@pytest.fixture
def browser(zone_admin: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(zone_admin)


def test_approving_makes_a_lead(browser: Client, proposed: Match) -> None:
    answer = browser.post(f"{REVIEW}{proposed.uuid}/", {"decision": "approve", "note": ""})

    proposed.refresh_from_db()
    assert (answer["Location"], proposed.status) == (REVIEW, "approved")
    again = browser.post(f"{REVIEW}{proposed.uuid}/", {"decision": "approve", "note": ""})
    assert again.status_code == 422


def test_rejecting_reaches_the_enterprise(browser: Client, proposed: Match) -> None:
    browser.post(f"{REVIEW}{proposed.uuid}/", {"decision": "reject", "note": "平台停产"})

    proposed.refresh_from_db()
    assert (proposed.status, proposed.review_note) == ("rejected", "平台停产")
    assert Notification.objects.get(event="match.rejected").params["note"] == "平台停产"
    assert "平台停产" in browser.get(f"{REVIEW}{proposed.uuid}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"decision": "reject", "note": " "}, "Please say why; the enterprise will read it."),
        ({"note": "好"}, "Some of what you entered needs attention."),
    ],
)
def test_an_incomplete_decision_is_refused(browser: Client, proposed: Match, sent: dict[str, str], said: str) -> None:
    refused = browser.post(f"{REVIEW}{proposed.uuid}/", sent)

    proposed.refresh_from_db()
    assert (refused.status_code, proposed.status) == (400, "proposed")
    assert said in refused.content.decode()


def test_a_party_does_not_review(browser: Client, zone_admin: Actor, proposed: Match) -> None:
    proposed.capability.platform.organization = zone_admin.organization
    proposed.capability.platform.save()

    assert "Your organization is a party" in browser.get(f"{REVIEW}{proposed.uuid}/").content.decode()
    refused = browser.post(f"{REVIEW}{proposed.uuid}/", {"decision": "approve"})

    proposed.refresh_from_db()
    assert (refused.status_code, proposed.status) == (403, "proposed")


def test_others_do_not_review(
    enterprise: Actor, operator: Actor, other_zone_admin: Actor, proposed: Match, browser_of: BrowserOf
) -> None:
    address = f"{REVIEW}{proposed.uuid}/"
    assert browser_of(enterprise).get(address).status_code == 403
    assert browser_of(operator).get(REVIEW).status_code == 403
    assert browser_of(other_zone_admin).post(address, {"decision": "approve"}).status_code == 404


def test_the_trail_says_who_moved_what(browser: Client, zone_admin: Actor, proposed: Match) -> None:
    match_review(actor=zone_admin, match=proposed, approve=False, note="平台停产")

    page = browser.get("/park/audit/").content.decode()

    assert "proposed → rejected by the zone" in page
    assert zone_admin.user.username in page
    assert f'<a href="/needs/{proposed.need.number}/">{proposed.need.number}</a>' in page
    assert "平台停产" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_trail_costs_the_same_for_one_and_three(
    rows: int,
    browser: Client,
    zone_admin: Actor,
    need: object,
    capability: Capability,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for rank in range(rows):
        match = MatchFactory.create(need=need, rank=rank + 1)
        match_review(actor=zone_admin, match=match, approve=True)

    with django_assert_num_queries(14):
        page = browser.get("/park/audit/").content.decode()

    assert page.count("proposed → waiting for the operator") == rows


def test_the_trail_stops_at_the_zones_border(
    other_zone_admin: Actor, zone_admin: Actor, proposed: Match, browser_of: BrowserOf
) -> None:
    match_review(actor=zone_admin, match=proposed, approve=True)

    assert "Nothing recorded yet" in browser_of(other_zone_admin).get("/park/audit/").content.decode()
