"""The life of an organization: it registers, the zone's office approves or returns it, may suspend and take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshi.accounts.actors import Actor, managers_of, zone_admins
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus
from zhongshi.accounts.models import Invitation, Organization, User, Zone
from zhongshi.accounts.rules import manages, may_review
from zhongshi.core import notifications, outbox
from zhongshi.core.audit import record
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.models import Robot
from zhongshi.core.transitions import advance

REGISTERING_KINDS = (OrganizationKind.ENTERPRISE, OrganizationKind.OPERATOR, OrganizationKind.PROVIDER)
STATUS_PAGE = "/accounts/organization/"
REVIEW_PAGE = "/park/orgs/"
STANDING = "organization.standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationInput:
    """What a person enters about the organization. `region`: administrative code of six digits, or empty."""

    name: str
    credit_code: str
    region: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


def organization_register(*, user: User | None, kind: str, zone: Zone, entered: OrganizationInput) -> Organization:
    """Insert an organization that waits for its zone's office, and tell the office.

    Raises InvalidInput for a kind nobody registers, IntegrityError where the credit code is taken already.
    """
    if kind not in REGISTERING_KINDS:
        raise InvalidInput(errors={"kind": [_("Choose what your organization is.")]})
    with transaction.atomic():
        organization = Organization.objects.create(
            kind=kind,
            zone=zone,
            status=OrganizationStatus.SUBMITTED,
            status_changed_at=timezone.now(),
            **asdict(entered),
        )
        record("registered", organization, actor=user, to_status=organization.status, zone_code=zone.code)
        _tell(zone_admins(zone), "organization.submitted", organization, path=REVIEW_PAGE)
    return organization


def organization_review(*, organization: Organization, actor: Actor, approve: bool, note: str = "") -> Organization:
    """Approve a registration or return it with a reason; its managers are told.

    Raises NotAllowed for anyone but the zone's office, InvalidInput where a return has no reason, StaleTransition
    where somebody else decided first, IllegalTransition where nothing waits.
    """
    if not may_review(actor, organization):
        raise NotAllowed
    if not approve:
        _require_reason(note)
    if organization.status != OrganizationStatus.SUBMITTED:
        raise IllegalTransition
    target = OrganizationStatus.APPROVED if approve else OrganizationStatus.RETURNED
    return _move(organization, target, actor, note, event=f"organization.{target}")


def organization_resubmit(*, organization: Organization, actor: Actor, entered: OrganizationInput) -> Organization:
    """Hand a returned registration in again, corrected; the zone's office is told.

    Raises NotAllowed for anyone but its managers, IllegalTransition where it was not returned, InvalidInput where
    the credit code belongs to another organization.
    """
    if not manages(actor, organization):
        raise NotAllowed
    with transaction.atomic(durable=True):
        taken = Organization.objects.filter(credit_code=entered.credit_code).exclude(pk=organization.pk).exists()
        if entered.credit_code and taken:
            raise InvalidInput(errors={"credit_code": [_("This code cannot be used. Please ask the zone's office.")]})
        zone = organization.zone
        advance(
            organization,
            OrganizationStatus.SUBMITTED,
            actor=actor.user,
            zone_code=zone.code,
            review_note="",
            **asdict(entered),
        )
        _tell(zone_admins(zone), "organization.submitted", organization, path=REVIEW_PAGE)
    return organization


def organization_suspend(*, organization: Organization, actor: Actor, note: str) -> Organization:
    """Keep an approved organization from taking part; its public listings go off the list, its leads rest.

    Raises NotAllowed for anyone but the zone's office, InvalidInput without a reason.
    """
    if not may_review(actor, organization):
        raise NotAllowed
    _require_reason(note)
    return _move(organization, OrganizationStatus.SUSPENDED, actor, note, event="organization.suspended")


def organization_reinstate(*, organization: Organization, actor: Actor, note: str = "") -> Organization:
    """Let a suspended organization take part again. Raises NotAllowed for anyone but the zone's office."""
    if not may_review(actor, organization):
        raise NotAllowed
    if organization.status != OrganizationStatus.SUSPENDED:
        raise IllegalTransition
    return _move(organization, OrganizationStatus.APPROVED, actor, note, event="organization.approved")


def organization_close(*, organization: Organization, actor: Actor) -> Organization:
    """Close one's own organization for good: its contacts and robots go, nobody new can join, nothing is public.

    Needs, quotes and agreements stay as the record they are for both sides. Raises NotAllowed for anyone but its
    managers and for a zone's office.
    """
    if not manages(actor, organization) or organization.kind == OrganizationKind.ZONE:
        raise NotAllowed
    with transaction.atomic(durable=True):
        empty = {"contact_name": "", "contact_phone": "", "contact_email": "", "review_note": ""}
        zone_code = organization.zone.code
        advance(organization, OrganizationStatus.CLOSED, actor=actor.user, zone_code=zone_code, **empty)
        Robot.objects.filter(organization=organization).delete()
        Invitation.objects.pending().filter(organization=organization).update(revoked_at=timezone.now())
        _report_standing(organization)
    return organization


def _report_standing(organization: Organization) -> None:
    """Tell the apps above that the organization began or ceased to take part."""
    moment = organization.status_changed_at
    key = f"organization:{organization.uuid}:{organization.status}:{moment.isoformat() if moment else ''}"
    outbox.emit(STANDING, key=key, organization_id=organization.pk)


def _require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput(errors={"note": [_("Please say why.")]})


def _move(organization: Organization, target: str, actor: Actor, note: str, *, event: str) -> Organization:
    with transaction.atomic(durable=True):
        advance(
            organization,
            target,
            actor=actor.user,
            note=note.strip(),
            zone_code=organization.zone.code,
            review_note=note.strip(),
        )
        _report_standing(organization)
        _tell(managers_of(organization), event, organization, path=STATUS_PAGE)
    return organization


def _tell(people: Iterable[User], event: str, organization: Organization, *, path: str) -> None:
    """One notice for each time the organization comes into this status."""
    moment = organization.status_changed_at
    key = f"organization:{organization.uuid}:{event}:{moment.isoformat() if moment else ''}"
    params = {"name": organization.name, "note": organization.review_note}
    notifications.owe(people, event, key=key, path=path, params=params)
