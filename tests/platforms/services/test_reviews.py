"""The zone's office publishes or returns a listing; a certificate takes two people."""

from __future__ import annotations

from typing import Any

import pytest

from platforms.models import Certificate, ListingVersion, Platform
from platforms.selectors import catalogue_version
from platforms.services.reviews import SamePerson, listing_review
from tests.factories import CapabilityFactory, CertificateFactory, FactFactory, PlatformFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification, OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_admin(zone: Zone, zone_admin: Actor) -> Actor:
    """A colleague in the same office."""
    return make_actor(Role.ZONE_ADMIN, zone, organization=zone_admin.organization, username="second_admin")


@pytest.fixture
def platform(zone: Zone, operator: Actor) -> Platform:
    return PlatformFactory.create(zone=zone, organization=operator.organization, status="submitted")


@pytest.fixture
def certificate(platform: Platform) -> Certificate:
    return CertificateFactory.create(platform=platform)


def test_publishing_moves_the_clock_and_tells_the_operator(
    platform: Platform, zone_admin: Actor, operator: Actor
) -> None:
    before = catalogue_version()

    listing_review(actor=zone_admin, listing=platform, approve=True)

    platform.refresh_from_db()
    assert (platform.status, catalogue_version()) == ("published", before + 1)
    assert OutboxEvent.objects.filter(topic="listing.changed").exists()
    notice = Notification.objects.get()
    assert (notice.event, notice.recipient, notice.params["name"]) == (
        "listing.published",
        operator.user,
        platform.name,
    )
    assert ListingVersion.objects.get(kind="platform", listing=platform.uuid).record["name"] == platform.name


def test_returning_tells_why_and_leaves_the_catalogue_alone(platform: Platform, zone_admin: Actor) -> None:
    capability = CapabilityFactory.create(platform=platform, status="submitted")
    before = catalogue_version()

    listing_review(actor=zone_admin, listing=capability, approve=False, note="缺少单位")

    capability.refresh_from_db()
    assert (capability.status, catalogue_version()) == ("returned", before)
    notice = Notification.objects.get()
    assert (notice.event, notice.params["note"]) == ("listing.returned", "缺少单位")
    assert not ListingVersion.objects.exists()


def test_a_certificate_is_checked_and_then_published_by_another(
    certificate: Certificate, zone_admin: Actor, second_admin: Actor
) -> None:
    listing_review(actor=zone_admin, listing=certificate, approve=True)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.checked_by, Notification.objects.count()) == (
        "checked",
        zone_admin.user,
        0,
    )

    listing_review(actor=second_admin, listing=certificate, approve=True)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.published_by) == ("published", second_admin.user)
    trail = AuditEntry.objects.filter(object_id=certificate.uuid).order_by("id")
    assert list(trail.values_list("from_status", "to_status", "actor__username")) == [
        ("submitted", "checked", "zone_admin"),
        ("checked", "published", "second_admin"),
    ]


def test_a_published_certificate_counts_where_nothing_was_said(
    certificate: Certificate, platform: Platform, operator: Actor, zone_admin: Actor, second_admin: Actor
) -> None:
    silent, stating, denying = (CapabilityFactory.create(platform=platform) for _ in range(3))
    FactFactory.create(capability=stating, kind="qualification", value="GMP", text="GMP车间")
    FactFactory.create(capability=denying, kind="qualification", value="GMP", text="无GMP", is_negated=True)
    elsewhere = CapabilityFactory.create()
    Certificate.objects.filter(pk=certificate.pk).update(entered_by=operator.user)

    for actor in (zone_admin, second_admin):
        certificate.refresh_from_db()
        listing_review(actor=actor, listing=certificate, approve=True)
        assert silent.facts.exists() == (actor is second_admin)

    fact = silent.facts.get()
    assert (fact.value, fact.text, fact.source) == ("GMP", f"GMP · {certificate.number} · 口服固体制剂", "answered")
    assert (fact.confirmed_by, fact.is_negated, fact.is_lapsed) == (operator.user, False, False)
    assert stating.facts.get().text == "GMP车间"
    assert denying.facts.get().is_negated
    assert not elsewhere.facts.exists()


def test_nobody_is_the_second_person_to_oneself(certificate: Certificate, zone_admin: Actor) -> None:
    listing_review(actor=zone_admin, listing=certificate, approve=True)
    certificate.refresh_from_db()

    with pytest.raises(SamePerson):
        listing_review(actor=zone_admin, listing=certificate, approve=True)

    certificate.refresh_from_db()
    assert certificate.status == "checked"


def test_a_returned_certificate_begins_anew(certificate: Certificate, zone_admin: Actor, second_admin: Actor) -> None:
    listing_review(actor=zone_admin, listing=certificate, approve=True)
    certificate.refresh_from_db()

    listing_review(actor=second_admin, listing=certificate, approve=False, note="编号不清")

    certificate.refresh_from_db()
    assert (certificate.status, certificate.checked_by) == ("returned", None)


@pytest.mark.parametrize(
    ("status", "sent", "refusal"),
    [
        ("submitted", {"approve": False}, InvalidInput),
        ("published", {"approve": True}, IllegalTransition),
        ("draft", {"approve": True}, IllegalTransition),
        ("published", {"approve": True, "seen": "submitted"}, StaleTransition),
    ],
)
def test_refuses_and_leaves_it_as_it_was(
    status: str, sent: dict[str, Any], refusal: type[Exception], platform: Platform, zone_admin: Actor
) -> None:
    Platform.objects.filter(pk=platform.pk).update(status=status)
    platform.refresh_from_db()

    with pytest.raises(refusal):
        listing_review(actor=zone_admin, listing=platform, **sent)

    platform.refresh_from_db()
    assert (platform.status, AuditEntry.objects.count(), Notification.objects.count()) == (status, 0, 0)


def test_only_the_zones_own_office_reviews(
    platform: Platform, operator: Actor, enterprise: Actor, other_zone_admin: Actor
) -> None:
    for stranger in (operator, enterprise, other_zone_admin):
        with pytest.raises(NotAllowed):
            listing_review(actor=stranger, listing=platform, approve=True)
    platform.refresh_from_db()
    assert platform.status == "submitted"


def test_an_office_does_not_publish_its_own_platform(platform: Platform, zone_admin: Actor) -> None:
    Platform.objects.filter(pk=platform.pk).update(organization=zone_admin.organization)
    platform.refresh_from_db()

    with pytest.raises(NotAllowed):
        listing_review(actor=zone_admin, listing=platform, approve=True)
