"""The life of an organization."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, replace

import pytest

from platforms.enums import ListingStatus
from platforms.models import Capability, Platform
from platforms.services.editing import CapabilityEntry, capability_save, capability_seen
from platforms.services.listings import capability_advance, platform_advance
from requests.enums import NeedStatus
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post, need_submit
from tests.conftest import ApiOf
from tests.factories import CapabilityFactory, NeedFactory, OrganizationFactory, PlatformFactory, make_actor
from zhongshi.accounts.actors import Actor, actor_of, managers_of
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.accounts.models import Membership, Organization, Zone
from zhongshi.accounts.rules import NotTakingPart
from zhongshi.accounts.services.organizations import (
    OrganizationInput,
    organization_register,
    organization_reinstate,
    organization_resubmit,
    organization_review,
    organization_suspend,
)
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification

ENTERED = OrganizationInput(name="新材料公司", credit_code="91110000600037341L", region="510100", contact_name="李工")
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def manager(enterprise: Actor) -> Actor:
    """The enterprise's person as its manager."""
    Membership.objects.filter(user=enterprise.user).update(is_manager=True)
    actor = actor_of(enterprise.user)
    assert actor is not None
    return actor


def as_status(actor: Actor, status: str) -> Actor:
    """The actor's organization in this status."""
    Organization.objects.filter(pk=actor.organization.pk).update(status=status)
    actor.organization.refresh_from_db()
    return actor


def notices() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("id").values_list("recipient__username", "event"))


def test_a_registration_waits_and_the_zones_office_is_told(
    zone: Zone, zone_admin: Actor, other_zone_admin: Actor
) -> None:
    row = organization_register(user=None, kind=OrganizationKind.OPERATOR, zone=zone, entered=ENTERED)

    row.refresh_from_db()
    assert (row.status, row.kind, row.zone) == ("submitted", "operator", zone)
    assert {name: getattr(row, name) for name in asdict(ENTERED)} == asdict(ENTERED)
    assert notices() == [("zone_admin", "organization.submitted")]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.to_status, entry.zone_code) == (
        "registered",
        row.uuid,
        "submitted",
        "cd",
    )


def test_nobody_registers_an_office(zone: Zone) -> None:
    with pytest.raises(InvalidInput):
        organization_register(user=None, kind=OrganizationKind.ZONE, zone=zone, entered=ENTERED)

    assert not Organization.objects.exists()


def test_approving_opens_the_door_and_tells_the_managers(manager: Actor, zone_admin: Actor) -> None:
    make_actor(Role.ENTERPRISE, manager.zone, organization=manager.organization, username="colleague")
    row = as_status(manager, "submitted").organization

    organization_review(organization=row, actor=zone_admin, approve=True, note=" 欢迎 ")

    row.refresh_from_db()
    assert (row.status, row.review_note) == ("approved", "欢迎")
    assert notices() == [("enterprise", "organization.approved")]
    entry = AuditEntry.objects.get()
    assert (entry.from_status, entry.to_status, entry.note, entry.actor) == (
        "submitted",
        "approved",
        "欢迎",
        zone_admin.user,
    )


def test_a_return_needs_a_reason(manager: Actor, zone_admin: Actor) -> None:
    row = as_status(manager, "submitted").organization

    with pytest.raises(InvalidInput) as refusal:
        organization_review(organization=row, actor=zone_admin, approve=False, note="  ")

    assert set(refusal.value.errors or {}) == {"note"}
    row.refresh_from_db()
    assert row.status == "submitted"
    organization_review(organization=row, actor=zone_admin, approve=False, note="名称不符")
    row.refresh_from_db()
    assert (row.status, row.review_note) == ("returned", "名称不符")
    assert notices() == [("enterprise", "organization.returned")]


def test_a_returned_registration_is_corrected_and_waits_again(manager: Actor, zone_admin: Actor) -> None:
    row = as_status(manager, "returned").organization

    organization_resubmit(organization=row, actor=manager, entered=ENTERED)

    row.refresh_from_db()
    assert (row.status, row.name, row.credit_code, row.review_note) == (
        "submitted",
        "新材料公司",
        "91110000600037341L",
        "",
    )
    assert notices() == [("zone_admin", "organization.submitted")]


def test_a_code_of_another_is_refused_without_naming_it(manager: Actor) -> None:
    OrganizationFactory.create(name="别家", credit_code=ENTERED.credit_code)
    row = as_status(manager, "returned").organization

    with pytest.raises(InvalidInput) as refusal:
        organization_resubmit(organization=row, actor=manager, entered=ENTERED)

    assert set(refusal.value.errors or {}) == {"credit_code"}
    row.refresh_from_db()
    assert row.status == "returned"


def test_only_managers_resubmit(enterprise: Actor, manager: Actor, enterprise2: Actor) -> None:
    row = as_status(manager, "returned").organization
    for actor in (enterprise, enterprise2):
        with pytest.raises(NotAllowed):
            organization_resubmit(organization=row, actor=actor, entered=ENTERED)


def test_suspending_and_taking_back(manager: Actor, zone_admin: Actor) -> None:
    row = manager.organization
    with pytest.raises(InvalidInput):
        organization_suspend(organization=row, actor=zone_admin, note="")
    organization_suspend(organization=row, actor=zone_admin, note="资质过期")
    organization_reinstate(organization=row, actor=zone_admin)

    row.refresh_from_db()
    assert row.status == "approved"
    moves = AuditEntry.objects.order_by("id").values_list("from_status", "to_status")
    assert list(moves) == [("approved", "suspended"), ("suspended", "approved")]
    assert notices() == [("enterprise", "organization.suspended"), ("enterprise", "organization.approved")]


def test_only_the_office_of_the_zone_decides_and_never_on_itself(
    manager: Actor, zone_admin: Actor, other_zone_admin: Actor
) -> None:
    row = as_status(manager, "submitted").organization
    for actor in (manager, other_zone_admin):
        with pytest.raises(NotAllowed):
            organization_review(organization=row, actor=actor, approve=True)
        with pytest.raises(NotAllowed):
            organization_suspend(organization=row, actor=actor, note="x")
        with pytest.raises(NotAllowed):
            organization_reinstate(organization=row, actor=actor)
    own = as_status(zone_admin, "submitted").organization
    with pytest.raises(NotAllowed):
        organization_review(organization=own, actor=zone_admin, approve=True)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("status", ["approved", "returned", "suspended"])
def test_only_what_waits_is_decided(manager: Actor, zone_admin: Actor, status: str) -> None:
    row = as_status(manager, status).organization

    with pytest.raises(IllegalTransition):
        organization_review(organization=row, actor=zone_admin, approve=True)


def test_of_two_decisions_the_second_is_told(manager: Actor, zone_admin: Actor) -> None:
    row = as_status(manager, "submitted").organization
    seen = Organization.objects.select_related("zone").get(pk=row.pk)
    organization_review(organization=row, actor=zone_admin, approve=True)

    with pytest.raises(StaleTransition):
        organization_review(organization=seen, actor=zone_admin, approve=False, note="x")
    assert notices() == [("enterprise", "organization.approved")]


def test_who_sees_which(enterprise: Actor, operator: Actor, zone_admin: Actor, other_zone_admin: Actor) -> None:
    def seen(actor: Actor | None) -> set[Organization]:
        return set(Organization.objects.visible_to(actor))

    own = {actor.organization for actor in (enterprise, operator, zone_admin)}
    assert seen(zone_admin) == own
    assert seen(other_zone_admin) == {other_zone_admin.organization}
    assert seen(enterprise) == {enterprise.organization}
    assert seen(None) == set()


def test_without_a_manager_everybody_is_told(enterprise: Actor) -> None:
    assert managers_of(enterprise.organization) == [enterprise.user]


WORDS = NeedInput(title="发酵中试", text="需要500L发酵罐。", conditions=[])


@pytest.mark.parametrize("status", ["submitted", "returned", "suspended"])
def test_who_is_not_approved_drafts_but_does_not_submit(enterprise: Actor, status: str) -> None:
    actor = as_status(enterprise, status)
    draft, _ = need_post(actor=actor, entered=WORDS, as_draft=True)
    with pytest.raises(NotTakingPart):
        need_post(actor=actor, entered=WORDS)
    with pytest.raises(NotTakingPart):
        need_submit(actor=actor, need=draft)
    need_edit(actor=actor, need=draft, revision=1, entered=replace(WORDS, title="改过的标题"))

    assert list(Need.objects.values_list("status", "title")) == [("draft", "改过的标题")]


def test_a_suspended_enterprise_does_not_change_what_is_open(enterprise: Actor) -> None:
    need = NeedFactory.create(organization=enterprise.organization)
    with pytest.raises(NotTakingPart):
        need_edit(actor=as_status(enterprise, "suspended"), need=need, revision=1, entered=WORDS)

    need.refresh_from_db()
    assert (need.status, need.revision) == (NeedStatus.OPEN, 1)


def test_the_api_says_why(api: ApiOf, enterprise: Actor) -> None:
    client = api(as_status(enterprise, OrganizationStatus.SUBMITTED))

    answer = client.post(
        "/api/v1/needs/", {"title": "发酵中试", "text": "需要500L发酵罐。"}, format="json", HTTP_ACCEPT_LANGUAGE="en"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "not approved by the zone's office" in answer.json()["detail"]
    assert not Need.objects.exists()


def test_an_operator_that_is_not_approved_hands_in_nothing(operator: Actor) -> None:
    platform = PlatformFactory.create(
        organization=operator.organization, zone=operator.zone, status=ListingStatus.DRAFT
    )
    capability = CapabilityFactory.create(platform=platform, status=ListingStatus.DRAFT)
    actor = as_status(operator, "submitted")
    with pytest.raises(NotTakingPart):
        platform_advance(actor=actor, platform=platform, target=ListingStatus.SUBMITTED)
    with pytest.raises(NotTakingPart):
        capability_advance(actor=actor, capability=capability, target=ListingStatus.SUBMITTED)

    platform.refresh_from_db()
    assert platform.status == ListingStatus.DRAFT
    assert Platform.objects.count() == 1


@pytest.mark.parametrize(("status", "changes"), [("draft", True), ("published", False), ("submitted", False)])
def test_a_suspended_operator_changes_drafts_and_nothing_others_read(
    operator: Actor, capability: Capability, status: str, changes: bool
) -> None:
    Capability.objects.filter(pk=capability.pk).update(status=status)
    row = Capability.objects.select_related("platform").get(pk=capability.pk)
    entry = CapabilityEntry(part={"id": row.external_id, "name": "改过的名称"})
    actor = as_status(operator, "suspended")
    with nullcontext() if changes else pytest.raises(NotTakingPart):
        capability_save(actor=actor, platform=row.platform, capability=row, entry=entry, seen=capability_seen(row))

    row.refresh_from_db()
    assert (row.name == "改过的名称") is changes
