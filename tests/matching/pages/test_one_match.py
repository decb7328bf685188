"""One card: in place of its row or on its own page; asked for an offer; turned down."""

from __future__ import annotations

import pytest
from django.test import Client

from matching.models import Dismissal, Inquiry, Match
from requests.models import Need
from tests.factories import MatchFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def address(match: Match, deed: str = "") -> str:
    return f"/needs/{match.need.number}/matches/{match.uuid}/{deed}"


def test_a_row_opens_into_its_card(browser: Client, proposed: Match) -> None:
    part = browser.get(address(proposed), headers=PART).content.decode()
    page = browser.get(address(proposed)).content.decode()

    assert part.startswith(f'<article class="card card-flush match-card" id="m-{proposed.uuid}"')
    assert "<html" not in part
    assert '<details class="verdicts" open>' in part
    assert "<html" in page
    assert proposed.capability.name in page
    assert "Back to all matches" in page


def test_asked_for_an_offer_the_card_says_so(browser: Client, proposed: Match, zone_admin: Actor) -> None:
    assert "Ask for an offer" in browser.get(address(proposed)).content.decode()

    part = browser.post(address(proposed, "inquire/"), headers=PART)

    assert part.status_code == 200
    assert "the zone office hands it on" in part.content.decode()
    assert "Ask for an offer" not in part.content.decode()
    assert Inquiry.objects.get().match == proposed
    assert Notification.objects.get().recipient == zone_admin.user


def test_without_script_asking_leads_back_to_all(browser: Client, proposed: Match) -> None:
    answer = browser.post(address(proposed, "inquire/"))

    assert (answer.status_code, answer["Location"]) == (302, f"/needs/{proposed.need.number}/matches/")


def test_a_lead_cannot_be_asked_for(browser: Client, lead: Match) -> None:
    assert "Ask for an offer" not in browser.get(address(lead)).content.decode()

    assert browser.post(address(lead, "inquire/")).status_code == 422
    assert Inquiry.objects.count() == 0


def test_turning_down_asks_for_a_reason_and_keeps_what_was_typed(browser: Client, lead: Match) -> None:
    assert f'href="{address(lead, "unfit/")}"' in browser.get(address(lead)).content.decode()
    asked = browser.get(address(lead, "unfit/")).content.decode()
    assert "too expensive" in asked

    refused = browser.post(address(lead, "unfit/"), {"code": "", "words": "差一点"})

    page = refused.content.decode()
    assert refused.status_code == 400
    assert '<a href="#code-1">Choose a reason.</a>' in page
    assert ">差一点</textarea>" in page
    lead.refresh_from_db()
    assert lead.status == "approved"


def test_turned_down_it_leaves_the_ranking(browser: Client, lead: Match) -> None:
    answer = browser.post(address(lead, "unfit/"), {"code": "price", "words": "超出预算"})

    assert answer["Location"] == f"/needs/{lead.need.number}/matches/"
    page = browser.get(answer["Location"]).content.decode()
    assert "0 capabilities proposed" in page
    assert "1 match you turned down" in page
    assert "超出预算" in page
    assert Dismissal.objects.get().code == "price"
    assert "You said it does not fit: 超出预算" in browser.get(address(lead)).content.decode()


@pytest.mark.parametrize("deed", ["inquire/", "unfit/"])
def test_others_may_neither_ask_nor_turn_down(
    deed: str, proposed: Match, enterprise2: Actor, operator: Actor, zone_admin: Actor, browser_of: BrowserOf
) -> None:
    assert browser_of(enterprise2).post(address(proposed, deed), {"code": "price"}).status_code == 404
    assert browser_of(operator).post(address(proposed, deed), {"code": "price"}).status_code == 403
    assert browser_of(zone_admin).post(address(proposed, deed), {"code": "price"}).status_code == 403
    assert (Inquiry.objects.count(), Dismissal.objects.count()) == (0, 0)


def test_a_match_of_another_need_is_not_found_here(browser: Client, need: Need, enterprise: Actor) -> None:
    foreign = MatchFactory.create()

    assert browser.get(f"/needs/{need.number}/matches/{foreign.uuid}/").status_code == 404
