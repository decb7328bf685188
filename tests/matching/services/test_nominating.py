"""The office nominates a listing: the engine's verdicts, a trace, and no way around the review."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from matching.models import Match
from matching.services.nominating import match_nominate
from platforms.models import Capability
from requests.models import Need
from tests.factories import CapabilityFactory, FactFactory, MatchFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf, browser_of
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry

__all__ = ["browser_of"]


@pytest.fixture
def scored(need: Need) -> Need:
    ScoringRunFactory.create(need=need)
    return need


@pytest.fixture
def small(capability: Capability) -> Capability:
    """A line of another platform that is known to be too small."""
    row = CapabilityFactory.create(platform__zone=capability.platform.zone)
    FactFactory.create(capability=row)
    FactFactory.create(capability=row, volume=True, low=50, high=50, text="50L发酵罐")
    return row


def test_proposes_the_pair_with_its_verdicts_even_against_them(
    scored: Need, small: Capability, zone_admin: Actor
) -> None:
    match = match_nominate(actor=zone_admin, need=scored, capability=small, note="愿意改造")

    match.refresh_from_db()
    assert (match.status, match.nominated_by, match.rank) == ("proposed", zone_admin.user, 1)
    assert [line["verdict"] for line in match.verdicts] == ["pass", "fail"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.note, entry.zone_code) == ("nominated", match.uuid, "愿意改造", "cd")


def test_a_withdrawn_match_is_proposed_again(scored: Need, capability: Capability, zone_admin: Actor) -> None:
    old = MatchFactory.create(need=scored, capability=capability, status="withdrawn")

    assert match_nominate(actor=zone_admin, need=scored, capability=capability, note="已恢复").pk == old.pk
    old.refresh_from_db()
    assert old.status == "proposed"


def test_refuses_what_leads_nowhere(scored: Need, capability: Capability, zone_admin: Actor) -> None:
    taken = MatchFactory.create(need=scored)
    hidden = CapabilityFactory.create(status="draft")
    cases: list[tuple[Capability, str, type[Exception]]] = [
        (capability, " ", InvalidInput),
        (capability, "长" * 501, InvalidInput),
        (taken.capability, "再来", InvalidInput),
        (hidden, "未发布", IllegalTransition),
    ]
    for listing, note, refusal in cases:
        with pytest.raises(refusal):
            match_nominate(actor=zone_admin, need=scored, capability=listing, note=note)
    assert (Match.objects.count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize("change", [{"status": "withdrawn"}, {"revision": 2}])
def test_a_need_that_is_not_open_or_not_scored_gets_none(
    change: dict[str, Any], scored: Need, capability: Capability, zone_admin: Actor
) -> None:
    Need.objects.filter(pk=scored.pk).update(**change)
    scored.refresh_from_db()

    with pytest.raises(IllegalTransition):
        match_nominate(actor=zone_admin, need=scored, capability=capability, note="请看")
    assert not Match.objects.exists()


def test_nobody_else_nominates(
    scored: Need, capability: Capability, enterprise: Actor, operator: Actor, other_zone_admin: Actor
) -> None:
    for stranger in (enterprise, operator, other_zone_admin):
        with pytest.raises(NotAllowed):
            match_nominate(actor=stranger, need=scored, capability=capability, note="请看")
    assert not Match.objects.exists()


def test_the_page_finds_and_nominates(
    scored: Need, capability: Capability, zone_admin: Actor, browser_of: BrowserOf
) -> None:
    client: Client = browser_of(zone_admin)
    address = f"/park/needs/{scored.number}/nominate/"

    assert capability.name in client.get(f"{address}?q={capability.name}").content.decode()
    assert "No published service has these words" in client.get(f"{address}?q=量子退火").content.decode()
    answer = client.post(address, {"capability": str(capability.uuid), "note": "同园区", "q": "发酵"})

    assert answer.status_code == 302
    assert Match.objects.get().nominated_by == zone_admin.user
    assert "nominated" in client.get("/park/audit/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"capability": "x"}, {"capability": "00000000-0000-0000-0000-000000000000"}])
def test_the_page_asks_for_a_listing(
    sent: dict[str, str], scored: Need, zone_admin: Actor, browser_of: BrowserOf
) -> None:
    refused = browser_of(zone_admin).post(f"/park/needs/{scored.number}/nominate/", {"note": "理由", **sent})

    assert (refused.status_code, "Choose a listing first." in refused.content.decode()) == (400, True)
    assert not Match.objects.exists()
