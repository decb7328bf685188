"""Needs, matches and leads that nothing will carry on any more; see `zhongshi.core.inconsistencies`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef

from matching.enums import IN_TALKS, MatchStatus
from matching.models import Match, ScoringRun
from requests.models import Need
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Membership
from zhongshi.core import inconsistencies, outbox
from zhongshi.core.models import Notification

from .locking import CLOSED
from .review import tell_lead

_SCORE = "matching.services.scoring.need_score"
_CLOSE = "matching.services.closing.need_close"


def needs_unscored(before: datetime) -> Iterator[Need]:
    """Open needs whose present revision was never scored, and nothing will."""
    scored = ScoringRun.objects.filter(need=OuterRef("pk"), revision=OuterRef("revision"))
    known = inconsistencies.unfinished(_SCORE, "need_id")
    rows = Need.objects.open().filter(updated_at__lt=before).exclude(Exists(scored)).order_by("pk")
    return (need for need in rows.iterator() if need.pk not in known)


def need_mend(need: Need) -> None:
    """Owe the scoring; in the caller's transaction."""
    key = inconsistencies.mending_key(f"need:{need.uuid}:{need.revision}")
    outbox.emit("need.opened", key=key, need_id=need.pk, revision=need.revision)


def needs_unclosed(before: datetime) -> Iterator[Need]:
    """Closed needs with matches that still look open, and nothing will close them."""
    living = Match.objects.filter(need=OuterRef("pk"), status__in=[*IN_TALKS, MatchStatus.PROPOSED])
    known = inconsistencies.unfinished(_CLOSE, "need_id")
    rows = Need.objects.filter(Exists(living), status__in=CLOSED, status_changed_at__lt=before).order_by("pk")
    return (need for need in rows.iterator() if need.pk not in known)


def closing_mend(need: Need) -> None:
    """Owe the closing; in the caller's transaction."""
    key = inconsistencies.mending_key(f"need:{need.uuid}:{need.revision}:closed")
    outbox.emit("need.closed", key=key, need_id=need.pk)


def leads_untold(before: datetime) -> Iterator[Match]:
    """Leads that wait for an operator none of whose people was ever told."""
    operator = OuterRef("capability__platform__organization")
    people = Membership.objects.filter(organization=operator, role=Role.OPERATOR, user__is_active=True)
    told = set(Notification.objects.filter(event="match.approved").values_list("path", flat=True))
    rows = Match.objects.filter(Exists(people), status=MatchStatus.APPROVED, reviewed_at__lt=before)
    parties = ("need__zone", "need__organization", "capability__platform__organization")
    leads = rows.select_related(*parties).order_by("pk").iterator()
    return (match for match in leads if f"/desk/leads/{match.uuid}/" not in told)


def lead_mend(match: Match) -> None:
    """Tell the operator's people; in the caller's transaction."""
    tell_lead(match)
