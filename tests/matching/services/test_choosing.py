"""The enterprise chooses one; contacts go to both; the others are told."""

from typing import Any

import pytest

from matching.models import Match
from matching.selectors import lead_record, match_card
from matching.services.choosing import match_choose
from matching.services.reading import lead_read
from requests.disclosure import Reader
from requests.enums import Medium
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quoted(need: Need, lead: Match) -> Match:
    lead.delete()
    return MatchFactory.create(need=need, capability=lead.capability, quoted=True)


def _read(operator: Actor, match: Match) -> dict[str, Any]:
    return lead_record(match, lead_read(reader=Reader.of(operator, Medium.PAGE, None), match=match))


def test_choosing_releases_contacts_to_both(quoted: Match, enterprise: Actor, operator: Actor) -> None:
    assert _read(operator, quoted)["contacts"] is None
    assert match_card(quoted)["contacts"] is None

    match_choose(actor=enterprise, match=quoted)

    quoted.refresh_from_db()
    quoted.need.refresh_from_db()
    assert (quoted.status, quoted.need.status) == ("chosen", "contracted")
    assert _read(operator, quoted)["contacts"]["organization"] == enterprise.organization.name
    assert match_card(quoted)["contacts"]["phone"] == operator.organization.contact_phone
    assert Notification.objects.get().event == "match.chosen"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "status",
        "status",
        "contacts_released",
    ]


def test_the_others_are_told_and_the_unseen_withdrawn(quoted: Match, enterprise: Actor, operator2: Actor) -> None:
    platform = PlatformFactory.create(zone=enterprise.zone, organization=operator2.organization)
    waiting, unseen = (CapabilityFactory.create(platform=platform) for _ in range(2))
    asked = MatchFactory.create(need=quoted.need, capability=waiting, approved=True)
    proposed = MatchFactory.create(need=quoted.need, capability=unseen)

    match_choose(actor=enterprise, match=quoted)

    asked.refresh_from_db()
    proposed.refresh_from_db()
    assert (asked.status, proposed.status) == ("not_chosen", "withdrawn")
    told = sorted(Notification.objects.values_list("recipient__username", "event"))
    assert told == [("operator", "match.chosen"), ("operator2", "match.not_chosen")]


def test_an_unanswered_lead_cannot_be_chosen(lead: Match, enterprise: Actor) -> None:
    with pytest.raises(IllegalTransition):
        match_choose(actor=enterprise, match=lead)

    lead.need.refresh_from_db()
    assert lead.need.status == "open"


@pytest.mark.parametrize("person", ["enterprise2", "operator", "zone_admin"])
def test_only_the_needs_owner_chooses(quoted: Match, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        match_choose(actor=request.getfixturevalue(person), match=quoted)

    quoted.refresh_from_db()
    assert quoted.status == "quoted"


def test_a_second_choice_finds_the_need_contracted(quoted: Match, enterprise: Actor) -> None:
    second = MatchFactory.create(need=quoted.need, quoted=True)
    match_choose(actor=enterprise, match=quoted)

    with pytest.raises(IllegalTransition):
        match_choose(actor=enterprise, match=second)

    second.refresh_from_db()
    assert second.status == "not_chosen"
