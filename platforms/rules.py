"""May this person do this to this listing? Pure predicates."""

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

from .models import Capability, Platform


def runs(actor: Actor, platform: Platform) -> bool:
    """Whether the platform is the actor's organization's."""
    return actor.role == Role.OPERATOR and platform.organization_id == actor.organization.pk


def may_edit(actor: Actor, capability: Capability) -> bool:
    """Operators keep their own listings."""
    return runs(actor, capability.platform)


def may_review(actor: Actor, platform: Platform) -> bool:
    """The zone's office publishes, returns and suspends listings of its zone."""
    return actor.is_zone_admin and platform.zone_id == actor.zone.pk


def may_import(actor: Actor) -> bool:
    """Operators and the zone's office load files of listings."""
    return actor.role in {Role.OPERATOR, Role.ZONE_ADMIN}
