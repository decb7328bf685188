"""POST /api/v1/matches/{id}/choose/"""

from __future__ import annotations

import pytest

from matching.models import Match
from requests.models import Need
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, MatchFactory, PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry, Notification


def _url(match: Match) -> str:
    return f"/api/v1/matches/{match.uuid}/choose/"


@pytest.fixture
def quoted(need: Need, capability: object) -> Match:
    return MatchFactory.create(need=need, capability=capability, quoted=True)


def test_releases_the_contacts_to_both(api: ApiOf, enterprise: Actor, operator: Actor, quoted: Match) -> None:
    answer = api(enterprise).post(_url(quoted))

    assert (answer.status_code, answer.json()["status"]) == (200, "chosen")
    organization = operator.organization
    assert answer.json()["contacts"] == {
        "organization": organization.name,
        "name": organization.contact_name,
        "phone": organization.contact_phone,
        "email": organization.contact_email,
    }
    lead = api(operator).get(f"/api/v1/leads/{quoted.uuid}/").json()
    assert lead["contacts"]["phone"] == enterprise.organization.contact_phone


def test_writes_the_contract_the_trail_and_tells_both_operators(
    api: ApiOf, enterprise: Actor, operator: Actor, operator2: Actor, quoted: Match
) -> None:
    platform = PlatformFactory.create(zone=operator2.zone, organization=operator2.organization)
    other = MatchFactory.create(
        need=quoted.need, capability=CapabilityFactory.create(platform=platform), accepted=True, rank=2
    )
    api(enterprise).post(_url(quoted))

    statuses = dict(Match.objects.values_list("pk", "status"))
    assert statuses == {quoted.pk: "chosen", other.pk: "not_chosen"}
    assert Need.objects.get().status == "contracted"
    assert set(Notification.objects.values_list("recipient_id", "event")) == {
        (operator.user.pk, "match.chosen"),
        (operator2.user.pk, "match.not_chosen"),
    }
    assert list(AuditEntry.objects.filter(action="contacts_released").values_list("object_id", "actor_id")) == [
        (quoted.uuid, enterprise.user.pk)
    ]


@pytest.mark.parametrize("trait", ["approved", "declined"])
def test_one_that_was_not_answered_yes_is_422(
    api: ApiOf, enterprise: Actor, need: Need, capability: object, trait: str
) -> None:
    match = MatchFactory.create(need=need, capability=capability, **{trait: True})
    answer = api(enterprise).post(_url(match))

    assert (answer.status_code, answer.json()["code"]) == (422, "illegal_move")
    need.refresh_from_db()
    assert need.status == "open"


def test_a_second_choice_is_422(api: ApiOf, enterprise: Actor, quoted: Match) -> None:
    other = MatchFactory.create(need=quoted.need, accepted=True, rank=2)
    client = api(enterprise)

    assert [client.post(_url(quoted)).status_code, client.post(_url(other)).status_code] == [200, 422]


def test_unknown_fields_are_refused(api: ApiOf, enterprise: Actor, quoted: Match) -> None:
    answer = api(enterprise).post(_url(quoted), {"price": 1}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["price"])


def test_who_may_not(
    api: ApiOf,
    enterprise2: Actor,
    operator: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    quoted: Match,
) -> None:
    """The operator and the zone's office see the match and may not choose."""
    actors = (None, enterprise2, operator, operator2, zone_admin, other_zone_admin)

    assert [api(actor).post(_url(quoted)).status_code for actor in actors] == [401, 404, 403, 404, 403, 404]
    quoted.refresh_from_db()
    assert quoted.status == "quoted"
