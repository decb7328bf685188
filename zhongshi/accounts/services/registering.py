"""Strangers register. Nothing exists before the e-mail address is confirmed; no answer says what existed before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from zhongshi.accounts import links
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.models import ConsentRecord, Membership, Organization, Registration, User, Zone

from .mailing import mail_owe, people_at
from .organizations import OrganizationInput, organization_register

PRIVACY = "privacy"
# Named on the page itself; a new text gets a new version, and whoever joins agrees to that one.
PRIVACY_VERSION = "2026-11-22"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationInput:
    """What a stranger entered. `password` in clear; `email` in small letters is the name to sign in with."""

    kind: str
    zone: Zone
    organization: OrganizationInput
    person_name: str
    email: str
    password: str
    language: str


def registration_enter(*, entered: RegistrationInput) -> Registration:
    """Keep what was entered and owe the mail that asks to confirm the address.

    The same work for known and unknown codes and addresses: neither is looked up here.
    """
    with transaction.atomic(durable=True):
        row = Registration.objects.create(
            kind=entered.kind,
            zone=entered.zone,
            organization=asdict(entered.organization),
            person_name=entered.person_name,
            email=entered.email.lower(),
            password=make_password(entered.password),
            language=entered.language,
            consent_version=PRIVACY_VERSION,
            expires_at=timezone.now() + links.LIFE[links.REGISTRATION],
        )
        mail_owe("confirm", key=str(row.uuid), registration_id=row.pk)
    return row


def registration_find(token: str) -> Registration:
    """Return the registration a link is about. Raises LinkInvalid."""
    row = Registration.objects.filter(uuid=UUID(links.read(links.REGISTRATION, token))).first()
    if row is None or row.expires_at < timezone.now():
        raise LinkInvalid
    return row


def registration_confirm(*, token: str) -> None:
    """Open account and organization, or tell the managers of the organization that has this credit code already.

    Both end alike for whoever confirms; so does a second time. Raises LinkInvalid.
    """
    found = registration_find(token)
    with transaction.atomic(durable=True):
        row = Registration.objects.select_for_update(of=("self",)).select_related("zone").get(pk=found.pk)
        if row.confirmed_at is not None:
            return
        _open_or_tell(row)
        # The hash has moved to the account, or is of no use.
        row.confirmed_at, row.password = timezone.now(), ""
        row.save(update_fields=["confirmed_at", "password"])


def _open_or_tell(row: Registration) -> None:
    if people_at(row.email).exists():
        return
    try:
        # The race: two confirm the same credit code at once. The unique key lets one through.
        with transaction.atomic():
            _open(row)
    except IntegrityError:
        known = Organization.objects.filter(credit_code=row.organization["credit_code"]).first()
        if known is not None:
            facts = {"organization_id": known.pk, "person": row.person_name, "email": row.email}
            mail_owe("taken", key=str(row.uuid), **facts)


def _open(row: Registration) -> None:
    user = User.objects.create(
        username=row.email,
        email=row.email,
        password=row.password,
        first_name=row.person_name,
        language=row.language,
    )
    entered = OrganizationInput(**row.organization)
    organization = organization_register(user=user, kind=row.kind, zone=row.zone, entered=entered)
    Membership.objects.create(user=user, organization=organization, role=row.kind, is_manager=True)
    consent_note(user=user, version=row.consent_version, at=row.created_at)


def consent_note(*, user: User, version: str, at: datetime | None = None) -> None:
    """Keep that `user` agreed to this version of the privacy text; in the caller's transaction."""
    ConsentRecord.objects.get_or_create(
        user=user, document=PRIVACY, version=version, defaults={"at": at or timezone.now()}
    )
