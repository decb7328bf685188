"""What an organization and its people may do here. Pure predicates; the services ask them again."""

from django.utils.translation import gettext_lazy as _

from zhongshi.core.errors import NotAllowed

from .actors import Actor
from .enums import OrganizationStatus
from .models import Organization


class NotTakingPart(NotAllowed):
    """The organization is not approved (yet): drafts are possible, nothing that reaches others."""

    default_detail = _(
        "Your organization is not approved by the zone's office yet. You can prepare drafts; "
        "submitting and publishing open with the approval."
    )


def takes_part(organization: Organization) -> bool:
    """Whether what the organization does may reach others: it may submit needs and listings."""
    return organization.status == OrganizationStatus.APPROVED


def require_taking_part(actor: Actor) -> None:
    """Raise NotTakingPart unless the actor's organization is approved."""
    if not takes_part(actor.organization):
        raise NotTakingPart


def may_review(actor: Actor, organization: Organization) -> bool:
    """The zone's office, for organizations of its zone except itself."""
    own = organization.pk == actor.organization.pk
    return actor.is_zone_admin and organization.zone_id == actor.zone.pk and not own


def manages(actor: Actor, organization: Organization) -> bool:
    """Whether the actor manages this organization."""
    return actor.is_manager and actor.organization.pk == organization.pk


def may_manage_robots(actor: Actor) -> bool:
    """Managers, and everybody in a zone's office, for their own organization."""
    return actor.is_manager or actor.is_zone_admin
