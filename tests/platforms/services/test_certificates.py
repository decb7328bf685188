"""Certificates an operator enters: submitted, corrected, renewed; imports leave them alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from platforms.models import Capability, Certificate
from platforms.services.certificates import CertificateEntry, certificate_correct, certificate_submit
from platforms.services.listings import platform_load
from tests.factories import PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationStatus
from zhongshi.accounts.rules import NotTakingPart
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_YEAR = timezone.localdate() + timedelta(days=365)


def entry(**fields: Any) -> CertificateEntry:
    whole: dict[str, Any] = {
        "qualification": "GMP",
        "number": "SC-1",
        "issuer": "四川省药监局",
        "scope": "原料药",
        "valid_from": date(2026, 1, 1),
        "valid_until": NEXT_YEAR,
    }
    return CertificateEntry(**whole | fields)


def test_a_certificate_is_entered_and_submitted(operator: Actor, capability: Capability) -> None:
    row = certificate_submit(actor=operator, platform=capability.platform, entry=entry())

    row.refresh_from_db()
    assert (row.status, row.qualification, row.number, row.issuer, row.scope) == (
        "submitted",
        "GMP",
        "SC-1",
        "四川省药监局",
        "原料药",
    )
    assert (row.valid_from, row.valid_until, row.entered_by) == (date(2026, 1, 1), NEXT_YEAR, operator.user)
    trail = AuditEntry.objects.filter(object_id=row.uuid).order_by("id")
    assert list(trail.values_list("action", "to_status")) == [("certificate_entered", ""), ("status", "submitted")]


def test_a_renewal_names_what_it_renews(operator: Actor, capability: Capability) -> None:
    old = Certificate.objects.create(platform=capability.platform, qualification="GMP", status="published")

    row = certificate_submit(actor=operator, platform=capability.platform, entry=entry(), renews=old)

    assert list(old.renewals.all()) == [row]
    foreign = Certificate.objects.create(platform=PlatformFactory.create(), qualification="GMP", status="published")
    with pytest.raises(InvalidInput):
        certificate_submit(actor=operator, platform=capability.platform, entry=entry(), renews=foreign)


def test_a_returned_one_is_corrected_and_submitted_again(operator: Actor, capability: Capability) -> None:
    row = Certificate.objects.create(platform=capability.platform, qualification="GMP", status="returned")

    certificate_correct(actor=operator, certificate=row, entry=entry(number="SC-2"))

    row.refresh_from_db()
    assert (row.status, row.number, row.entered_by) == ("submitted", "SC-2", operator.user)
    with pytest.raises(IllegalTransition):
        certificate_correct(actor=operator, certificate=row, entry=entry(number="SC-3"))
    row.refresh_from_db()
    assert row.number == "SC-2"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"qualification": ""}, "qualification"),
        ({"valid_until": timezone.localdate() - timedelta(days=1)}, "valid_until"),
        ({"valid_from": NEXT_YEAR + timedelta(days=1)}, "valid_until"),
    ],
)
def test_a_paper_that_proves_nothing_is_refused(
    operator: Actor, capability: Capability, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        certificate_submit(actor=operator, platform=capability.platform, entry=entry(**fields))

    assert set(refused.value.errors or {}) == {field}
    assert Certificate.objects.count() == 0


def test_strangers_and_those_not_approved_enter_nothing(
    operator: Actor, operator2: Actor, zone_admin: Actor, capability: Capability
) -> None:
    for actor in (operator2, zone_admin):
        with pytest.raises(NotAllowed):
            certificate_submit(actor=actor, platform=capability.platform, entry=entry())
    operator.organization.status = OrganizationStatus.SUBMITTED
    with pytest.raises(NotTakingPart):
        certificate_submit(actor=operator, platform=capability.platform, entry=entry())
    assert Certificate.objects.count() == 0


def test_a_file_does_not_delete_what_was_entered_here(operator: Actor, capability: Capability) -> None:
    entered = certificate_submit(actor=operator, platform=capability.platform, entry=entry())
    record = {
        "id": capability.platform.external_id,
        "name": "平台",
        "capabilities": [],
        "certificates": [{"qualification": "CNAS"}],
    }

    platform_load(record=record, zone=operator.zone, organization=operator.organization)
    platform_load(record={**record, "name": "平台二"}, zone=operator.zone, organization=operator.organization)

    assert sorted(Certificate.objects.values_list("qualification", flat=True)) == ["CNAS", "GMP"]
    assert Certificate.objects.filter(pk=entered.pk).exists()
