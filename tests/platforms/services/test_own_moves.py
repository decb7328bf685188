"""What an operator moves itself: submits, suspends, resumes what it suspended."""

import pytest

from platforms.models import Capability
from platforms.services.listings import capability_advance, platform_advance
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)


def row(capability: Capability) -> Capability:
    return Capability.objects.select_related("platform__zone").get(pk=capability.pk)


def test_what_it_suspended_it_resumes(operator: Actor, capability: Capability) -> None:
    capability_advance(actor=operator, capability=row(capability), target="suspended")
    assert row(capability).status == "suspended"

    capability_advance(actor=operator, capability=row(capability), target="published")

    assert row(capability).status == "published"


def test_what_the_office_suspended_it_does_not(operator: Actor, zone_admin: Actor, capability: Capability) -> None:
    capability_advance(actor=operator, capability=row(capability), target="suspended")
    capability_advance(actor=operator, capability=row(capability), target="published")
    capability_advance(actor=zone_admin, capability=row(capability), target="suspended", note="证照过期")

    with pytest.raises(NotAllowed):
        capability_advance(actor=operator, capability=row(capability), target="published")

    assert row(capability).status == "suspended"


def test_the_same_holds_for_a_platform(operator: Actor, operator2: Actor, capability: Capability) -> None:
    platform = row(capability).platform
    with pytest.raises(NotAllowed):
        platform_advance(actor=operator2, platform=platform, target="suspended")
    platform_advance(actor=operator, platform=platform, target="suspended")
    platform_advance(actor=operator, platform=platform, target="published")

    assert row(capability).platform.status == "published"


def test_it_neither_publishes_nor_returns(operator: Actor, capability: Capability) -> None:
    Capability.objects.update(status="submitted")
    for target in ("published", "returned"):
        with pytest.raises(NotAllowed):
            capability_advance(actor=operator, capability=row(capability), target=target)
