"""Time passes: leads are reminded of and expire; the next candidate moves up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from matching.enums import MatchStatus
from matching.models import Match, MatchQuerySet
from zhongshi.core.transitions import advance

from .review import approve_match, policy_approves
from .telling import lead_round, tell_operator

REMIND_BEFORE = timedelta(hours=12)
BATCH = 100


def leads_remind(*, now: datetime) -> int:
    """Remind operators once of leads that run out within twelve hours; returns how many."""
    with transaction.atomic(durable=True):
        rows = list(
            _unanswered().filter(
                reminded_at__isnull=True, answer_due_at__lte=now + REMIND_BEFORE, answer_due_at__gt=now
            )[:BATCH]
        )
        for match in rows:
            tell_operator(match, "match.reminder", key=lead_round(match))
        Match.objects.filter(pk__in=[match.pk for match in rows]).update(reminded_at=now)
    return len(rows)


def leads_expire(*, now: datetime) -> int:
    """Expire leads nobody answered in time and let the next candidate move up; returns how many."""
    with transaction.atomic(durable=True):
        rows = list(_unanswered().filter(answer_due_at__lte=now)[:BATCH])
        for match in rows:
            advance(match, MatchStatus.LAPSED, actor=None, zone_code=match.need.zone.code)
            tell_operator(match, "match.expired", key=lead_round(match))
            _move_up(match)
    return len(rows)


def _unanswered() -> MatchQuerySet:
    return (
        Match.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(status=MatchStatus.APPROVED)
        .order_by("pk")
    )


def _move_up(expired: Match) -> None:
    """Hand the best waiting match of the same need to its operator where the zone's policy allows it."""
    waiting = (
        Match.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need_id=expired.need_id, status=MatchStatus.PROPOSED)
        .order_by("rank")
        .first()
    )
    if waiting and policy_approves(waiting.need.zone, waiting):
        approve_match(waiting, actor=None)
