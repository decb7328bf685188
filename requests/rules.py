"""May this person do this to this need? Pure predicates on the row and the actor."""

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

from .enums import NeedStatus
from .models import Need

EDITABLE = frozenset({NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.OPEN})


def may_post(actor: Actor) -> bool:
    """Enterprises post needs."""
    return actor.role == Role.ENTERPRISE


def owns(actor: Actor, need: Need) -> bool:
    """Whether the need is the actor's organization's."""
    return actor.role == Role.ENTERPRISE and need.organization_id == actor.organization.pk


def may_edit(actor: Actor, need: Need) -> bool:
    """The owner, or the zone's office, whose revisions bear its name."""
    return owns(actor, need) or (actor.is_zone_admin and need.zone_id == actor.zone.pk)


def may_submit(actor: Actor, need: Need) -> bool:
    """Only the owner: nobody else hands in what it did not write."""
    return owns(actor, need)


def is_editable(need: Need) -> bool:
    """Whether the need's life still allows changes."""
    return need.status in EDITABLE


def may_withdraw(actor: Actor, need: Need) -> bool:
    """The owner, or the zone's office."""
    return owns(actor, need) or (actor.is_zone_admin and need.zone_id == actor.zone.pk)


def may_return(actor: Actor, need: Need) -> bool:
    """The zone's office, for needs of its zone."""
    return actor.is_zone_admin and need.zone_id == actor.zone.pk
