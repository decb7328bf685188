"""What people change about themselves: name, language, e-mail address, password."""

from __future__ import annotations

import hashlib
import time
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from rest_framework.authtoken.models import Token

from zhongshi.accounts import links
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.models import Membership, User
from zhongshi.core.audit import record

from .mailing import mail_owe, people_at
from .sessions import access_end

RESET_EVERY_SECONDS = 300


def profile_save(*, user: User, name: str, language: str) -> None:
    """Write a person's name and language."""
    User.objects.filter(pk=user.pk).update(first_name=name, last_name="", language=language)


def email_ask(*, user: User, address: str) -> None:
    """Ask the owner of a new address to confirm it; nothing changes before that."""
    with transaction.atomic(durable=True):
        mail_owe("email", key=str(uuid4()), user_id=user.pk, address=address.lower())


def email_confirm(*, token: str) -> User:
    """Use the confirmed address; where the old one was the name to sign in with, the new one becomes it.

    Raises LinkInvalid where the address was changed since, or belongs to somebody else.
    """
    uuid, old, new = links.read(links.EMAIL, token)
    try:
        with transaction.atomic(durable=True):
            user = User.objects.select_for_update().filter(uuid=UUID(uuid), is_active=True, email=old).first()
            if user is None or old == new or people_at(new).exclude(pk=user.pk).exists():
                raise LinkInvalid
            if user.username.lower() == old.lower():
                user.username = new
            user.email = new
            user.save(update_fields=["email", "username"])
            person_note("email_changed", user)
            mail_owe("changed", key=f"email:{user.uuid}:{uuid4()}", user_id=user.pk, what="email", to=old)
    except IntegrityError as error:
        raise LinkInvalid from error
    return user


def reset_ask(*, address: str) -> None:
    """Owe the mail with a link to a new password, at most one for an address in five minutes.

    Whether anybody has this address is for the worker to find out: the page answers all alike, equally fast.
    """
    address = address.strip().lower()
    digest = hashlib.sha256(address.encode()).hexdigest()
    with transaction.atomic(durable=True):
        mail_owe("reset", key=f"{digest}:{int(time.time() // RESET_EVERY_SECONDS)}", address=address)


def password_set(*, user: User, password: str, keep: str = "") -> None:
    """Give a new password; ends all sessions but `keep`, and the token of programs. The owner is told by mail."""
    with transaction.atomic(durable=True):
        user.set_password(password)
        user.save(update_fields=["password"])
        access_end(user=user, keep=keep)
        person_note("password_changed", user)
        mail_owe("changed", key=f"password:{user.uuid}:{uuid4()}", user_id=user.pk, what="password", to=user.email)


def token_revoke(*, user: User) -> bool:
    """Make the token of programs worthless; False where there is none."""
    with transaction.atomic(durable=True):
        gone, _ = Token.objects.filter(user=user).delete()
        if gone:
            person_note("token_revoked", user)
    return bool(gone)


def person_note(action: str, user: User) -> None:
    """Write to the audit trail what a person changed about the own account; in the caller's transaction."""
    membership = Membership.objects.select_related("organization__zone").filter(user=user).first()
    record(action, user, actor=user, zone_code=membership.organization.zone.code if membership else "")
