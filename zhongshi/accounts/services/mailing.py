"""Mails about accounts: owed in the transaction of their cause, written and sent by a worker.

What is owed names rows, never links: a link is signed when the mail is written, so none lies in the outbox. Whether an
address is known here is looked up by the worker too, so that a page answers all addresses alike and equally fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from zhongshi.accounts import letters, links
from zhongshi.accounts.actors import managers_of
from zhongshi.accounts.models import Invitation, Organization, Registration, User
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

TOPIC = "account_mail.owed"
_FOR_GOOD = 500
Mails = Iterator[EmailMultiAlternatives]


def mail_owe(kind: str, *, key: str, **facts: Any) -> None:
    """Owe the mails of `kind`; in the caller's transaction. The same key is owed once.

    Raises KeyError for a kind nobody writes.
    """
    _ = _WRITERS[kind]
    outbox.emit(TOPIC, key=f"{kind}:{key}", kind=kind, facts=facts)


def mail_deliver(*, event: OutboxEvent, kind: str, facts: dict[str, Any]) -> None:
    """Write and send what is owed, then mark the outbox row done. Outbox handler; may run twice.

    An address that is refused for good is not tried again; whoever else is to be told still is.
    """
    refusals = [problem for mail in _WRITERS[kind](f"{event.pk}", **facts) if (problem := _send(mail))]
    if refusals:
        raise outbox.Permanent("; ".join(refusals))
    with transaction.atomic(durable=True):
        assert event.lease_token is not None  # noqa: S101 - a claimed event has one
        outbox.finish(event.pk, event.lease_token)


def _send(mail: EmailMultiAlternatives) -> str:
    """Send; what the server said where it will never take mail for this address. The address itself is not repeated."""
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        if not codes or any(code < _FOR_GOOD for code in codes):
            raise
        return f"SMTP {', '.join(map(str, codes))}: recipient refused"
    return ""


def people_at(address: str) -> QuerySet[User]:
    """Accounts an e-mail address belongs to, whatever the case of its letters."""
    return User.objects.filter(Q(username__iexact=address) | Q(email__iexact=address))


def _confirm(reference: str, registration_id: int) -> Mails:
    row = Registration.objects.filter(pk=registration_id, confirmed_at=None).first()
    if row is None:
        return
    reader = {"to": row.email, "language": row.language, "reference": f"confirm.{reference}"}
    if people_at(row.email).exists():
        yield letters.write(letters.KNOWN, link="/accounts/sign-in/", **reader)
        return
    link = f"/accounts/register/{links.sign(links.REGISTRATION, str(row.uuid))}/"
    yield letters.write(letters.CONFIRM, link=link, name=row.organization["name"], **reader)


def _taken(reference: str, organization_id: int, person: str, email: str) -> Mails:
    organization = Organization.objects.get(pk=organization_id)
    for user in managers_of(organization):
        if user.email:
            yield letters.write(
                letters.TAKEN,
                to=user.email,
                language=user.language,
                reference=f"taken.{reference}.{user.pk}",
                link="/accounts/members/",
                name=organization.name,
                person=person,
                email=email,
            )


def _invited(reference: str, invitation_id: int) -> Mails:
    row = Invitation.objects.open().select_related("organization", "invited_by").filter(pk=invitation_id).first()
    if row is not None:
        yield letters.write(
            letters.INVITED,
            to=row.email,
            language=row.language,
            reference=f"invited.{reference}",
            link=f"/accounts/invitation/{links.sign(links.INVITATION, str(row.uuid))}/",
            inviter=row.invited_by.get_full_name() or row.invited_by.get_username(),
            name=row.organization.name,
        )


def _reset(reference: str, address: str) -> Mails:
    for user in people_at(address).filter(is_active=True).exclude(email=""):
        if user.has_usable_password():
            number = urlsafe_base64_encode(force_bytes(user.pk))
            yield letters.write(
                letters.RESET,
                to=user.email,
                language=user.language,
                reference=f"reset.{reference}.{user.pk}",
                link=f"/accounts/reset/{number}/{default_token_generator.make_token(user)}/",
                username=user.get_username(),
            )


def _email(reference: str, user_id: int, address: str) -> Mails:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        token = links.sign(links.EMAIL, [str(user.uuid), user.email, address])
        yield letters.write(
            letters.EMAIL,
            to=address,
            language=user.language,
            reference=f"email.{reference}",
            link=f"/accounts/email/{token}/",
            username=user.get_username(),
        )


def _changed(reference: str, user_id: int, what: str, to: str) -> Mails:
    user = User.objects.filter(pk=user_id).first()
    if user is not None and to:
        letter = letters.CHANGED[what]
        yield letters.write(
            letter, to=to, language=user.language, reference=f"changed.{reference}", username=user.get_username()
        )


_WRITERS: dict[str, Callable[..., Mails]] = {
    "confirm": _confirm,
    "taken": _taken,
    "invited": _invited,
    "reset": _reset,
    "email": _email,
    "changed": _changed,
}
