"""Time passes: leads are reminded of and expire; the next candidate moves up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from matching.enums import MatchStatus
from matching.models import Match, MatchQuerySet
from matching.zone_rules import rules_in_force
from requests.enums import NeedStatus
from zhongshi.core.transitions import advance

from .bounding import Room
from .review import approve_match
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
        _move_up(Counter(match.need_id for match in rows))
    return len(rows)


def _unanswered() -> MatchQuerySet:
    return (
        Match.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(status=MatchStatus.APPROVED)
        .order_by("pk")
    )


def _move_up(expired: Counter[int]) -> None:
    """Hand the best waiting matches of the same needs to their operators, where the policy allows it and has room."""
    waiting = (
        Match.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need__in=expired, need__status=NeedStatus.OPEN, status=MatchStatus.PROPOSED)
        .order_by("need_id", "rank", "pk")
    )
    zones = {match.need.zone_id: match.need.zone for match in waiting}
    policies = {pk: rules_in_force(zone).policy for pk, zone in zones.items()}
    ripe = [match for match in waiting if policies[match.need.zone_id].approves(match)]
    # One for all needs of this transaction, so that operators are locked in one order.
    room = Room(ripe)
    for match in ripe:
        if expired[match.need_id] and room.take(match, policies[match.need.zone_id].lead_limit):
            approve_match(match, actor=None)
            expired[match.need_id] -= 1
