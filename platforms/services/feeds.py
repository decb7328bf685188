"""The private calendar address of an operator: opened, replaced, revoked. Only the digest of its token is kept."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from platforms.models import CalendarFeed
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization
from zhongshi.core.audit import record
from zhongshi.core.errors import NotAllowed


def token_digest(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_open(*, actor: Actor) -> tuple[CalendarFeed, str]:
    """Open a new address and revoke the one before; returns it with its token, which is shown this once."""
    if actor.role != Role.OPERATOR:
        raise NotAllowed
    token = secrets.token_urlsafe(32)
    with transaction.atomic(durable=True):
        _revoke(actor)
        feed = CalendarFeed.objects.create(
            organization=actor.organization, token_digest=token_digest(token), created_by=actor.user
        )
        record("feed_opened", feed, actor=actor.user, zone_code=actor.zone.code)
    return feed, token


def feed_revoke(*, actor: Actor) -> bool:
    """Revoke the organization's address; False where there is none."""
    if actor.role != Role.OPERATOR:
        raise NotAllowed
    with transaction.atomic(durable=True):
        return _revoke(actor)


def _revoke(actor: Actor) -> bool:
    # The organization's row is the lock: of two people who open an address at once the second replaces the first's.
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.organization.pk)
    feed = CalendarFeed.objects.live().filter(organization=actor.organization).first()
    if feed is None:
        return False
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    record("feed_revoked", feed, actor=actor.user, zone_code=actor.zone.code)
    return True
