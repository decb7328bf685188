"""Listings follow their organization: off the list while it does not take part, back when it does again."""

from __future__ import annotations

import pytest

from matching.models import Match
from matching.services.choosing import match_choose
from matching.services.leads import lead_accept
from platforms.enums import ListingStatus
from platforms.models import Capability, Platform
from platforms.services.listings import platform_advance
from requests.enums import NeedStatus
from requests.models import Need
from tests.factories import NeedFactory, PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Membership, Organization
from zhongshi.accounts.rules import NotTakingPart
from zhongshi.accounts.services.organizations import organization_close, organization_reinstate, organization_suspend
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent


def run_facts() -> None:
    """Do what a worker does with the facts about organizations."""
    for event in OutboxEvent.objects.filter(topic="organization.standing", state="pending").order_by("id"):
        outbox.run(event.pk)
    assert not OutboxEvent.objects.filter(topic="organization.standing").exclude(state="done").exists()


def of(actor: Actor) -> Organization:
    return Organization.objects.select_related("zone").get(pk=actor.organization.pk)


@pytest.mark.django_db(transaction=True)
def test_listings_go_off_the_list_and_come_back(operator: Actor, zone_admin: Actor, capability: Capability) -> None:
    own = PlatformFactory.create(zone=operator.zone, organization=operator.organization, name="自己停的")
    platform_advance(actor=operator, platform=own, target=ListingStatus.SUSPENDED)
    organization_suspend(organization=of(operator), actor=zone_admin, note="查")
    run_facts()
    assert not Capability.objects.filter(pk=capability.pk, platform__status="published").exists()
    platform = Platform.objects.get(pk=capability.platform_id)
    with pytest.raises(NotTakingPart):
        platform_advance(actor=zone_admin, platform=platform, target=ListingStatus.PUBLISHED)

    organization_reinstate(organization=of(operator), actor=zone_admin)
    run_facts()

    assert Platform.objects.get(pk=capability.platform_id).status == ListingStatus.PUBLISHED
    assert Platform.objects.get(pk=own.pk).status == ListingStatus.SUSPENDED


@pytest.mark.django_db(transaction=True)
def test_facts_that_come_late_go_by_what_counts_now(operator: Actor, zone_admin: Actor, capability: Capability) -> None:
    organization_suspend(organization=of(operator), actor=zone_admin, note="查")
    organization_reinstate(organization=of(operator), actor=zone_admin)
    run_facts()
    assert Platform.objects.get(pk=capability.platform_id).status == ListingStatus.PUBLISHED


@pytest.mark.django_db
def test_leads_rest_while_suspended(operator: Actor, enterprise: Actor, lead: Match) -> None:
    Organization.objects.filter(pk=operator.organization.pk).update(status="suspended")
    suspended = Actor(operator.user, of(operator), operator.role)
    with pytest.raises(NotTakingPart):
        lead_accept(actor=suspended, match=lead)
    accepted = lead_accept(actor=operator, match=lead)
    Organization.objects.filter(pk=enterprise.organization.pk).update(status="suspended")
    with pytest.raises(NotTakingPart):
        match_choose(actor=Actor(enterprise.user, of(enterprise), enterprise.role), match=accepted)


@pytest.mark.django_db(transaction=True)
def test_closing_withdraws_what_is_still_looked_for(enterprise: Actor, need: Need) -> None:
    Membership.objects.filter(user=enterprise.user).update(is_manager=True)
    won = NeedFactory.create(organization=enterprise.organization, status=NeedStatus.CONTRACTED)
    manager = Actor(enterprise.user, of(enterprise), enterprise.role, is_manager=True)
    organization_close(organization=manager.organization, actor=manager)
    run_facts()
    assert Need.objects.get(pk=need.pk).status == NeedStatus.WITHDRAWN
    assert Need.objects.get(pk=won.pk).status == NeedStatus.CONTRACTED
    assert OutboxEvent.objects.filter(topic="need.closed").exists()
