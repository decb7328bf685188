"""What becomes of needs when their organization is closed, and of drafts when their author's account goes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from requests.enums import NeedStatus
from requests.models import Need
from zhongshi.accounts.enums import OrganizationStatus
from zhongshi.accounts.models import Organization, User
from zhongshi.core import outbox
from zhongshi.core.audit import record
from zhongshi.core.models import OutboxEvent
from zhongshi.core.transitions import advance

from .needs import report_closed

_ENDS = (NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.OPEN)


def needs_end(*, event: OutboxEvent, organization_id: int) -> None:
    """Withdraw what a closed organization still looks for; contracted needs go on. Outbox handler; may run twice."""
    organization = Organization.objects.get(pk=organization_id)
    with transaction.atomic(durable=True):
        if organization.status == OrganizationStatus.CLOSED:
            rows = Need.objects.select_for_update(of=("self",), no_key=True).select_related("zone")
            for need in rows.filter(organization=organization, status__in=_ENDS).order_by("pk"):
                advance(need, NeedStatus.WITHDRAWN, actor=None, zone_code=need.zone.code)
                report_closed(need)
        assert event.lease_token is not None  # noqa: S101 - a claimed event has one
        outbox.finish(event.pk, event.lease_token)


def drafts_forget(*, user: User) -> None:
    """Delete the drafts of an erased person; in the caller's transaction."""
    drafts_delete(Need.objects.filter(created_by=user, status=NeedStatus.DRAFT))


def drafts_before(moment: datetime) -> QuerySet[Need]:
    """Drafts nobody has touched since."""
    return Need.objects.filter(status=NeedStatus.DRAFT, updated_at__lt=moment)


def drafts_delete(rows: QuerySet[Need]) -> int:
    """Delete drafts and say so in the trail; in the caller's transaction. How many."""
    found = list(rows.filter(status=NeedStatus.DRAFT).select_related("zone").order_by("pk"))
    for need in found:
        record("deleted", need, actor=None, from_status=need.status, zone_code=need.zone.code)
        need.delete()
    return len(found)
