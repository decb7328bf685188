"""Everybody the service answers differently, fourteen of them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.factories import OrganizationFactory, UserFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.accounts.models import Membership, User, Zone

PEOPLE = (
    "nobody",
    "stranger",
    "owner",
    "operator",
    "operator2",
    "admin",
    "other_admin",
    "manager",
    "provider",
    "applicant",
    "suspended",
    "network",
    "loner",
    "root",
)


@dataclass(frozen=True)
class Party:
    """Somebody who signs in; `actor` is None for those without organization."""

    user: User
    actor: Actor | None


def further_people(zone: Zone, owner: Actor) -> dict[str, Party]:
    """Those beyond the seven of conftest: a manager of the owner's organization, and six whose rights are unusual."""
    waiting = OrganizationFactory.create(
        zone=zone, kind=OrganizationKind.ENTERPRISE, status=OrganizationStatus.SUBMITTED, name="候批企业"
    )
    halted = OrganizationFactory.create(
        zone=zone, kind=OrganizationKind.OPERATOR, status=OrganizationStatus.SUSPENDED, name="停用平台方"
    )
    actors = {
        "manager": managing(make_actor(Role.ENTERPRISE, zone, organization=owner.organization, username="manager")),
        "provider": make_actor(Role.PROVIDER, zone, username="provider"),
        "applicant": make_actor(Role.ENTERPRISE, zone, organization=waiting, username="applicant"),
        "suspended": make_actor(Role.OPERATOR, zone, organization=halted, username="suspended"),
        "network": make_actor(Role.NETWORK_ADMIN, zone, username="network"),
    }
    return {name: Party(actor.user, actor) for name, actor in actors.items()} | {
        "loner": Party(UserFactory.create(username="loner"), None),
        "root": Party(UserFactory.create(username="root", is_staff=True, is_superuser=True), None),
    }


def managing(actor: Actor) -> Actor:
    """The same person as a manager of the organization."""
    Membership.objects.filter(user=actor.user).update(is_manager=True)
    return Actor(user=actor.user, organization=actor.organization, role=actor.role, is_manager=True)
