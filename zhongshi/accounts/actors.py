"""Who acts: a person in an organization with a role. Services take an `Actor`, never a bare user."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from zhongshi.core.errors import NotAllowed
from zhongshi.core.telemetry import context

from .enums import Role
from .models import Membership, Organization, User, Zone


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with what rights hang on."""

    user: User
    organization: Organization
    role: Role
    is_manager: bool = False

    @property
    def zone(self) -> Zone:
        """The zone whose rules apply."""
        return self.organization.zone

    @property
    def is_zone_admin(self) -> bool:
        """Whether this person works in the zone's office."""
        return self.role == Role.ZONE_ADMIN


def actor_of(user: User | AnonymousUser | None) -> Actor | None:
    """Return the actor, or None for a visitor or a user without organization (who sees what visitors see)."""
    if not isinstance(user, User) or not user.is_active:
        return None
    membership = Membership.objects.select_related("organization__zone").filter(user=user).first()
    if membership is None:
        return None
    membership.user = user
    context.bind(org=membership.organization_id)
    return Actor(
        user=user,
        organization=membership.organization,
        role=Role(membership.role),
        is_manager=membership.is_manager,
    )


def require_role(actor: Actor | None, *roles: Role) -> Actor:
    """Return the actor if it has one of `roles`, else raise NotAllowed."""
    if actor is None or actor.role not in roles:
        raise NotAllowed
    return actor


def members_of(organization: Organization, *roles: Role) -> list[User]:
    """People of an organization, by role where roles are given; those who get its notices."""
    people = User.objects.filter(membership__organization=organization, is_active=True)
    return list((people.filter(membership__role__in=roles) if roles else people).order_by("pk"))


def managers_of(organization: Organization) -> list[User]:
    """Those who manage the organization; all its people where nobody does, so that no notice is lost."""
    people = User.objects.filter(membership__organization=organization, is_active=True)
    return list(people.filter(membership__is_manager=True).order_by("pk")) or members_of(organization)


def zone_admins(zone: Zone) -> list[User]:
    """People who review in `zone`."""
    return list(
        User.objects.filter(
            membership__role=Role.ZONE_ADMIN, membership__organization__zone=zone, is_active=True
        ).order_by("pk")
    )
