"""Two administrators decide the same thing at once: exactly one wins, and the other is told."""

from __future__ import annotations

import pytest

from platforms.models import Certificate, Platform
from platforms.services.reviews import listing_review
from tests.concurrency.test_rivals import _race
from tests.factories import CertificateFactory, PlatformFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(zone: Zone, zone_admin: Actor) -> list[Actor]:
    """Three people of one office."""
    others = [make_actor(Role.ZONE_ADMIN, zone, organization=zone_admin.organization) for _ in range(2)]
    return [zone_admin, *others]


@pytest.fixture
def certificate(zone: Zone, operator: Actor) -> Certificate:
    return CertificateFactory.create(platform=PlatformFactory.create(zone=zone, organization=operator.organization))


def _copy(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_related("platform__zone").get(pk=certificate.pk)


def test_two_first_looks_are_not_a_second(certificate: Certificate, office: list[Actor]) -> None:
    attempts = [(actor, _copy(certificate)) for actor in office[:2]]

    outcomes = _race(
        lambda a=actor, c=copy: listing_review(actor=a, listing=c, approve=True) for actor, copy in attempts
    )

    certificate.refresh_from_db()
    assert outcomes == ["lost_race", "won"]
    assert (certificate.status, AuditEntry.objects.count(), Notification.objects.count()) == ("checked", 1, 0)


def test_two_second_looks_publish_once(certificate: Certificate, office: list[Actor]) -> None:
    listing_review(actor=office[0], listing=certificate, approve=True)
    attempts = [(actor, _copy(certificate)) for actor in office[1:]]

    outcomes = _race(
        lambda a=actor, c=copy: listing_review(actor=a, listing=c, approve=True) for actor, copy in attempts
    )

    certificate.refresh_from_db()
    assert outcomes == ["lost_race", "won"]
    assert (certificate.status, certificate.checked_by) == ("published", office[0].user)
    assert AuditEntry.objects.filter(to_status="published").count() == 1
    assert Notification.objects.filter(event="listing.published").count() == 1


def test_one_approves_while_the_other_returns(zone: Zone, operator: Actor, office: list[Actor]) -> None:
    platform = PlatformFactory.create(zone=zone, organization=operator.organization, status="submitted")
    copies = [Platform.objects.select_related("zone").get(pk=platform.pk) for _ in range(2)]

    outcomes = _race(
        [
            lambda: listing_review(actor=office[0], listing=copies[0], approve=True),
            lambda: listing_review(actor=office[1], listing=copies[1], approve=False, note="缺少资料"),
        ]
    )

    platform.refresh_from_db()
    assert outcomes == ["lost_race", "won"]
    assert platform.status in {"published", "returned"}
    assert Notification.objects.count() == 1
