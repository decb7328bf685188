"""Who works for an organization: invited, accepted, made a manager, removed."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshi.accounts import links
from zhongshi.accounts.actors import Actor, managers_of
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.models import Invitation, Membership, Organization, User
from zhongshi.core import notifications
from zhongshi.core.audit import record
from zhongshi.core.errors import DomainError, InvalidInput, NotAllowed

from .mailing import mail_owe, people_at
from .registering import PRIVACY_VERSION, consent_note
from .sessions import access_end

MOST_OPEN_INVITATIONS = 50
_ROLES = {
    OrganizationKind.ENTERPRISE: Role.ENTERPRISE,
    OrganizationKind.OPERATOR: Role.OPERATOR,
    OrganizationKind.PROVIDER: Role.PROVIDER,
    OrganizationKind.ZONE: Role.ZONE_ADMIN,
}


def invitation_send(*, actor: Actor, email: str, is_manager: bool = False) -> Invitation:
    """Invite somebody by mail, or send a pending invitation again for another seven days.

    Raises NotAllowed for anyone but a manager, InvalidInput for a colleague or too many invitations. Whether the
    address has an account elsewhere is not looked at: the answer must not tell.
    """
    _require_manager(actor)
    email = email.lower()
    organization = actor.organization
    if people_at(email).filter(membership__organization=organization).exists():
        raise InvalidInput(errors={"email": [_("This person is a member already.")]})
    with transaction.atomic(durable=True):
        _lock(organization)
        pending = Invitation.objects.pending().filter(organization=organization)
        row = pending.filter(email=email).first()
        if row is None and pending.open().count() >= MOST_OPEN_INVITATIONS:
            raise InvalidInput(errors={"email": [_("Too many invitations are open. Please revoke some first.")]})
        row = row or Invitation(organization=organization, email=email)
        row.is_manager, row.invited_by, row.language = is_manager, actor.user, actor.user.language
        row.expires_at = timezone.now() + links.LIFE[links.INVITATION]
        row.save()
        _note(actor, "invited", row, {"is_manager": is_manager})
        mail_owe("invited", key=f"{row.uuid}:{row.expires_at.isoformat()}", invitation_id=row.pk)
    return row


def invitation_revoke(*, actor: Actor, invitation: Invitation) -> None:
    """Make an invitation's link useless. Raises LinkInvalid where it was accepted or revoked already."""
    _require_manager(actor)
    with transaction.atomic(durable=True):
        rows = Invitation.objects.pending().filter(pk=invitation.pk, organization=actor.organization)
        if not rows.update(revoked_at=timezone.now()):
            raise LinkInvalid
        _note(actor, "invitation_revoked", invitation, {})


def invitation_find(token: str) -> Invitation:
    """Return the invitation a link is about, while it is open. Raises LinkInvalid."""
    uuid = UUID(links.read(links.INVITATION, token))
    row = Invitation.objects.open().select_related("organization__zone", "invited_by").filter(uuid=uuid).first()
    if row is None:
        raise LinkInvalid
    return row


def account_at(invitation: Invitation) -> User | None:
    """The account the invited address has already; its owner signs in instead of choosing a password."""
    return people_at(invitation.email).order_by("pk").first()


def invitation_accept(*, token: str, name: str, password: str) -> User:
    """Open an account for the invited person. Raises LinkInvalid, also for the second of two at once."""
    with transaction.atomic(durable=True):
        row = _taken_up(token)
        if account_at(row) is not None:
            raise LinkInvalid
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    row.email, email=row.email, password=password, first_name=name, language=row.language
                )
        except IntegrityError as error:
            raise LinkInvalid from error
        consent_note(user=user, version=PRIVACY_VERSION)
        _join(row, user)
    return user


def invitation_join(*, token: str, user: User) -> None:
    """Let somebody who has an account and no organization join. Raises LinkInvalid, NotAllowed for other people."""
    with transaction.atomic(durable=True):
        row = _taken_up(token)
        if account_at(row) != user:
            raise NotAllowed
        if Membership.objects.filter(user=user).exists():
            raise NotAllowed(_("You belong to an organization already. Leave it first."))
        _join(row, user)


def _taken_up(token: str) -> Invitation:
    found = invitation_find(token)
    row = Invitation.objects.select_for_update(of=("self",)).open().filter(pk=found.pk).first()
    if row is None:
        raise LinkInvalid
    return row


def _join(row: Invitation, user: User) -> None:
    organization = row.organization
    managers = managers_of(organization)
    role = _ROLES[OrganizationKind(organization.kind)]
    Membership.objects.create(user=user, organization=organization, role=role, is_manager=row.is_manager)
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    record("joined", organization, actor=user, zone_code=organization.zone.code, detail={"member": str(user.uuid)})
    notifications.owe(
        managers,
        "member.joined",
        key=f"invitation:{row.uuid}",
        path="/accounts/members/",
        params={"person": user.get_full_name() or user.username, "name": organization.name},
    )


def member_set_manager(*, actor: Actor, member: Membership, is_manager: bool) -> None:
    """Let a colleague manage the organization, or no longer. Raises NotAllowed; DomainError for the last manager."""
    _require_manager(actor)
    with transaction.atomic(durable=True):
        row = _locked_member(actor, member)
        if row.is_manager == is_manager:
            return
        if not is_manager:
            _require_another_manager(row)
        row.is_manager = is_manager
        row.save(update_fields=["is_manager"])
        _note(actor, "manager_set", actor.organization, {"member": str(row.user.uuid), "is_manager": is_manager})


def member_remove(*, actor: Actor, member: Membership) -> None:
    """End somebody's membership, sessions and tokens at once; what the person did here stays.

    Managers remove anybody, everybody may leave. Raises NotAllowed, or DomainError for the last manager.
    """
    if member.user_id != actor.user.pk:
        _require_manager(actor)
    with transaction.atomic(durable=True):
        row = _locked_member(actor, member)
        if row.is_manager:
            _require_another_manager(row)
        action = "member_left" if row.user_id == actor.user.pk else "member_removed"
        _note(actor, action, actor.organization, {"member": str(row.user.uuid)})
        row.delete()
        Invitation.objects.pending().filter(organization=actor.organization, invited_by=row.user).update(
            revoked_at=timezone.now()
        )
        access_end(user=row.user)


def _require_manager(actor: Actor) -> None:
    if not actor.is_manager:
        raise NotAllowed


def _lock(organization: Organization) -> None:
    """One change of an organization's people at a time: who is the last manager must not change while we look."""
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)


def _locked_member(actor: Actor, member: Membership) -> Membership:
    _lock(actor.organization)
    own = Membership.objects.filter(organization=actor.organization, user=actor.user).first()
    row = (
        Membership.objects.select_related("user", "organization")
        .filter(pk=member.pk, organization=actor.organization)
        .first()
    )
    # Rights are looked at again under the lock: a rival may have taken them meanwhile.
    if own is None or row is None or not (own.is_manager or row.pk == own.pk):
        raise NotAllowed
    return row


def _require_another_manager(row: Membership) -> None:
    if row.organization.status == OrganizationStatus.CLOSED:
        return
    others = Membership.objects.filter(organization=row.organization_id, is_manager=True, user__is_active=True)
    if not others.exclude(pk=row.pk).exists():
        raise DomainError(_("An organization needs a manager. Make somebody else a manager first."))


def _note(actor: Actor, action: str, row: Invitation | Organization, detail: dict[str, object]) -> None:
    record(action, row, actor=actor.user, zone_code=actor.zone.code, detail=detail)
