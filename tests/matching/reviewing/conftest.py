"""A browser of the zone's office, and one thing of each kind that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    CapabilityFactory,
    CertificateFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    PlatformFactory,
)
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone

Waiting = Callable[[Zone], dict[str, Any]]


@pytest.fixture
def office(zone_admin: Actor) -> Client:
    """A client signed in as the zone's administrator that reads English."""
    client = Client()
    client.force_login(zone_admin.user)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def one_of_each() -> Waiting:
    """Make one of each kind that waits in a zone: {kind: row}."""

    def made(zone: Zone) -> dict[str, Any]:
        now = timezone.now()
        public = PlatformFactory.create(zone=zone, organization=OrganizationFactory.create(zone=zone, kind="operator"))
        enterprise = OrganizationFactory.create(zone=zone)
        return {
            "organization": OrganizationFactory.create(zone=zone, status="submitted", status_changed_at=now),
            "platform": PlatformFactory.create(zone=zone, status="submitted"),
            "capability": CapabilityFactory.create(platform=public, status="submitted"),
            "certificate": CertificateFactory.create(platform=public),
            "need": NeedFactory.create(organization=enterprise, status="submitted"),
            "match": MatchFactory.create(need=NeedFactory.create(organization=enterprise)),
        }

    return made
