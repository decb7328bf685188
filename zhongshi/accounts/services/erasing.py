"""Somebody's account goes: what is about the person is removed everywhere, what the organization did stays.

Afterwards rows that name the person lead to an account without name, address and sign-in. docs/privacy.md lists what
becomes of which column; `personal.columns` is the list this follows.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus
from zhongshi.accounts.models import Invitation, Membership, Organization, Registration, User
from zhongshi.accounts.personal.marks import mask_all
from zhongshi.core.audit import record
from zhongshi.core.errors import DomainError
from zhongshi.core.models import Delivery, NoticeSettings, Notification, OutboxEvent

from .mailing import TOPIC
from .sessions import access_end

_SHORTEST_NUMBER = 7
_also: list[str] = []


def also(path: str) -> None:
    """Have the function at `path` called with `user=` for everybody who is erased, in the same transaction.

    It removes what an app above keeps of one person only: drafts, private addresses.
    """
    if path not in _also:
        _also.append(path)


def erase_obstacle(user: User) -> str:
    """Why the account cannot go now, in words for its owner; "" where it can."""
    membership = Membership.objects.select_related("organization").filter(user=user).first()
    if membership is None or membership.organization.status == OrganizationStatus.CLOSED:
        return ""
    others = [person for person in members_of(membership.organization) if person.pk != user.pk]
    managers = Membership.objects.filter(user__in=others, is_manager=True)
    if others and (managers.exists() or not membership.is_manager):
        return ""
    if membership.organization.kind == OrganizationKind.ZONE:
        return _("A zone's office needs somebody. Ask the network's administrator for a successor first.")
    return _("You are the last manager. Make somebody else a manager, or close the organization first.")


def person_erase(*, user: User, by: User | None) -> None:
    """Erase a person's data for good; `by`: the person, or who does it on request (None: the command line).

    Raises DomainError where an organization would be left to nobody.
    """
    with transaction.atomic(durable=True):
        membership = Membership.objects.select_related("organization__zone").filter(user=user).first()
        if membership is not None:
            Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.organization_id)
        row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if row.erased_at is not None:
            return
        if obstacle := erase_obstacle(row):
            raise DomainError(obstacle)
        record("account_erased", row, actor=by, zone_code=membership.organization.zone.code if membership else "")
        _erase(row)
    user.refresh_from_db()


def _erase(user: User) -> None:
    name, addresses = user.get_full_name(), _addresses(user)
    numbers = _contacts_clear(user, name, addresses)
    for path in _also:
        forget: Callable[..., None] = import_string(path)
        forget(user=user)
    access_end(user=user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    _mail_forget(user, addresses)
    Notification.objects.filter(recipient=user).delete()
    Delivery.objects.filter(recipient=user).delete()
    NoticeSettings.objects.filter(user=user).delete()
    Invitation.objects.pending().filter(invited_by=user).update(revoked_at=timezone.now())
    Membership.objects.filter(user=user).delete()
    username = user.username
    _account_clear(user)
    mask_all([*addresses, *numbers], name=name, user_pk=user.pk)
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)).update(
        object_repr=user.username, change_message=""
    )
    LogEntry.objects.filter(object_repr__startswith=f"{username} · ").update(object_repr=user.username)


def _addresses(user: User) -> list[str]:
    """The person's addresses in the longest-first order masking wants; a name to sign in with counts if it is one."""
    found = {address for address in (user.email, user.username) if "@" in address}
    return sorted(found, key=len, reverse=True)


def _contacts_clear(user: User, name: str, addresses: list[str]) -> list[str]:
    """Empty contacts of organizations that are this person; returns their telephone numbers, as they were written."""
    is_own = Q(memberships__user=user, contact_name=name) if name else Q(pk__in=[])
    for address in addresses:
        is_own |= Q(contact_email__iexact=address)
    own = list(Organization.objects.filter(is_own).distinct())
    numbers = {row.contact_phone for row in own if len(row.contact_phone) >= _SHORTEST_NUMBER}
    Organization.objects.filter(pk__in=[row.pk for row in own]).update(
        contact_name="", contact_phone="", contact_email=""
    )
    bare = {"".join(letter for letter in number if letter.isdigit()) for number in numbers}
    return sorted(numbers | {number for number in bare if len(number) >= _SHORTEST_NUMBER}, key=len, reverse=True)


def _mail_forget(user: User, addresses: list[str]) -> None:
    """Drop mails about the account, owed or sent, and what was entered or sent under its addresses."""
    about = Q(payload__facts__user_id=user.pk)
    for address in addresses:
        for key in ("address", "email", "to"):
            about |= Q(**{f"payload__facts__{key}__iexact": address})
        Registration.objects.filter(email__iexact=address).delete()
        Invitation.objects.filter(email__iexact=address).delete()
    OutboxEvent.objects.filter(about, topic=TOPIC).delete()


def _account_clear(user: User) -> None:
    user.username = f"erased-{user.uuid}"
    user.first_name = user.last_name = user.email = user.external_id = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.erased_at = None, timezone.now()
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
