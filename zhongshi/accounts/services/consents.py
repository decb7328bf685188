"""Consents: to the privacy text, and apart from it to contacts going to the other side of one match."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhongshi.accounts.models import ContactConsent, Organization, User

from .profiles import person_note
from .registering import PRIVACY_VERSION


def contacts_agree(*, user: User, match: UUID) -> None:
    """Keep that `user` lets the contacts go to the other side of `match`; in the caller's transaction."""
    ContactConsent.objects.update_or_create(
        user=user, match=match, defaults={"version": PRIVACY_VERSION, "at": timezone.now(), "withdrawn_at": None}
    )


def contacts_withdraw(*, user: User, consent: ContactConsent) -> None:
    """Take it back: from now on the other side of that match is no longer shown the contacts."""
    with transaction.atomic(durable=True):
        rows = ContactConsent.objects.filter(pk=consent.pk, user=user, withdrawn_at=None)
        if rows.update(withdrawn_at=timezone.now()):
            person_note("contact_consent_withdrawn", user)


def contacts_are_withdrawn(*, organization: Organization, match: UUID) -> bool:
    """Whether somebody of `organization` took back what was agreed to, and nobody there has agreed again since."""
    rows = ContactConsent.objects.filter(match=match, user__membership__organization=organization)
    states = list(rows.values_list("withdrawn_at", flat=True))
    return bool(states) and None not in states
