"""From the result page: relax and look again, take it back, ask for help."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from matching.models import ScoringRun
from matching.relaxed import proposal_key
from requests.models import Need
from requests.services.needs import keep_revision
from tests.factories import MatchFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)
DROP: dict[str, Any] = {"condition": 0, "kind": "process", "change": {"action": "drop"}, "gain": 6}


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


@pytest.fixture
def run(need: Need) -> ScoringRun:
    keep_revision(need, None)
    return ScoringRunFactory.create(need=need, relaxations=[DROP])


def relax(browser: Client, need: Need, revision: int = 1) -> Any:
    sent = {"revision": revision, "proposal": proposal_key(DROP)}
    return browser.post(f"/needs/{need.number}/relax/", sent, follow=True)


def test_relaxing_matches_again_and_can_be_taken_back(browser: Client, need: Need, run: ScoringRun) -> None:
    page = relax(browser, need).content.decode()

    assert "Matching …" in page
    assert "Relaxed and being matched again." in page
    assert "Revision 2 changed one condition:" in page
    assert f'action="/needs/{need.number}/restore/"' in page

    page = browser.post(f"/needs/{need.number}/restore/", {"revision": 2}, follow=True).content.decode()

    need.refresh_from_db()
    assert "As it was before" in page
    assert (need.revision, need.conditions.first().is_hard) == (3, True)  # type: ignore[union-attr]


def test_a_stale_page_is_told_and_nothing_changes(browser: Client, need: Need, run: ScoringRun) -> None:
    Need.objects.update(revision=2)

    refused = relax(browser, need)

    need.refresh_from_db()
    assert refused.status_code == 409
    assert "Somebody else has changed this in the meantime." in refused.content.decode()
    assert need.revision == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_a_revision_that_is_none_is_stale(browser: Client, need: Need, run: ScoringRun, revision: str) -> None:
    sent = {"revision": revision, "proposal": proposal_key(DROP)}

    assert browser.post(f"/needs/{need.number}/relax/", sent).status_code == 409
    assert browser.post(f"/needs/{need.number}/restore/", sent).status_code == 409


def test_without_any_match_the_proposals_stand_in_the_middle(
    browser: Client, need: Need, run: ScoringRun, zone_admin: Actor
) -> None:
    page = browser.get(f"/needs/{need.number}/matches/").content.decode()
    assert "One condition relaxed opens so many more" in page
    assert page.count("no longer a must") == 1

    asked = browser.post(f"/needs/{need.number}/help/", follow=True).content.decode()

    assert "The zone office has been asked." in asked
    assert "You asked the zone office for help" in asked
    assert Notification.objects.get().event == "need.help"
    assert "It has been asked already." in browser.post(f"/needs/{need.number}/help/", follow=True).content.decode()
    assert Notification.objects.count() == 1


def test_with_matches_they_stand_beside(browser: Client, need: Need, run: ScoringRun) -> None:
    MatchFactory.create(need=need, run=run)

    page = browser.get(f"/needs/{need.number}/matches/").content.decode()

    assert "Relax one, gain more" in page
    assert "Ask the zone office for help" not in page


@pytest.mark.parametrize("deed", ["relax", "restore", "help"])
def test_strangers_change_nothing(
    deed: str, need: Need, run: ScoringRun, enterprise2: Actor, operator: Actor, browser_of: BrowserOf
) -> None:
    sent = {"revision": 1, "proposal": proposal_key(DROP)}
    assert browser_of(enterprise2).post(f"/needs/{need.number}/{deed}/", sent).status_code == 404
    assert browser_of(operator).post(f"/needs/{need.number}/{deed}/", sent).status_code == 403
    need.refresh_from_db()
    assert need.revision == 1
