"""What becomes of listings when their organization no longer takes part, takes part again, or loses a person."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from platforms.enums import ListingStatus
from platforms.models import CalendarFeed, Platform
from zhongshi.accounts.models import Organization, User
from zhongshi.accounts.rules import takes_part
from zhongshi.core import outbox
from zhongshi.core.audit import record
from zhongshi.core.models import AuditEntry, OutboxEvent
from zhongshi.core.transitions import advance

from .listings import touch


def listings_follow(*, event: OutboxEvent, organization_id: int) -> None:
    """Take the organization's public platforms off the list, or put those back that were taken off this way.

    What its operator or the zone's office suspended by a decision of its own stays as it is. Outbox handler; may run
    twice, late, and beside another of its kind: it goes by the organization as it stands now.
    """
    with transaction.atomic(durable=True):
        organization = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
        rows = Platform.objects.select_for_update(of=("self",)).select_related("zone").filter(organization=organization)
        if takes_part(organization):
            back = [row for row in rows.filter(status=ListingStatus.SUSPENDED).order_by("pk") if _followed(row)]
            _move(back, ListingStatus.PUBLISHED)
        else:
            _move(list(rows.filter(status=ListingStatus.PUBLISHED).order_by("pk")), ListingStatus.SUSPENDED)
        assert event.lease_token is not None  # noqa: S101 - a claimed event has one
        outbox.finish(event.pk, event.lease_token)


def _move(rows: list[Platform], target: str) -> None:
    for row in rows:
        advance(row, target, actor=None, zone_code=row.zone.code)
        touch(row)


def _followed(row: Platform) -> bool:
    """Whether the last suspension was nobody's decision about this listing."""
    moves = AuditEntry.objects.filter(object_kind="platform", object_id=row.uuid, action="status")
    last = moves.filter(to_status=ListingStatus.SUSPENDED).order_by("-pk").first()
    return last is not None and last.actor_id is None


def feeds_forget(*, user: User) -> None:
    """Revoke the calendar addresses an erased person opened: the person still knows them. Caller's transaction."""
    for feed in CalendarFeed.objects.select_related("organization__zone").filter(created_by=user, revoked_at=None):
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        record("feed_revoked", feed, actor=None, zone_code=feed.organization.zone.code)
