"""May this person do this to this match? Pure predicates."""

from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

from .enums import RELEASED
from .models import Match


def owns_need(actor: Actor, match: Match) -> bool:
    """Whether the match's need is the actor's organization's."""
    return actor.role == Role.ENTERPRISE and match.need.organization_id == actor.organization.pk


def operates(actor: Actor, match: Match) -> bool:
    """Whether the match's capability is the actor's organization's."""
    return actor.role == Role.OPERATOR and match.capability.platform.organization_id == actor.organization.pk


def may_review(actor: Actor, match: Match) -> bool:
    """The need's zone office, unless its own organization is a party."""
    parties = {match.need.organization_id, match.capability.platform.organization_id}
    return actor.is_zone_admin and match.need.zone_id == actor.zone.pk and actor.organization.pk not in parties


def may_nominate(actor: Actor, need: Need) -> bool:
    """The need's zone office."""
    return actor.is_zone_admin and need.zone_id == actor.zone.pk


def may_set_rules(actor: Actor) -> bool:
    """A zone's office, for its own zone."""
    return actor.is_zone_admin


def contacts_released(match: Match) -> bool:
    """Whether both sides may see each other's contacts."""
    return match.status in RELEASED


def may_sign(actor: Actor) -> bool:
    """Managers sign for their organization."""
    return actor.is_manager
