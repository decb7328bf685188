"""A need that was withdrawn, returned or has expired closes what hangs on it."""

from __future__ import annotations

from django.db import transaction

from matching.enums import IN_TALKS, MatchStatus
from matching.models import Match
from requests.enums import NeedStatus
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent
from zhongshi.core.transitions import advance

from .locking import lock_need
from .telling import lead_round, tell_operator


def need_close(*, event: OutboxEvent, need_id: int) -> None:
    """Withdraw the unanswered and running matches of a need that is no longer open. Outbox handler; may run twice."""
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    with transaction.atomic(durable=True):
        need = lock_need(need_id)
        if need.status not in {NeedStatus.OPEN, NeedStatus.CONTRACTED, NeedStatus.COMPLETED}:
            withdraw_matches(need_id)
        outbox.finish(event.pk, event.lease_token)


def withdraw_unanswered(match: Match, event: str) -> None:
    """Withdraw a match nobody has answered; whose lead it was is told `event`. In the caller's transaction."""
    was_lead = match.status == MatchStatus.APPROVED
    advance(match, MatchStatus.WITHDRAWN, actor=None, zone_code=match.need.zone.code)
    if was_lead:
        tell_operator(match, event, key=lead_round(match))


def withdraw_matches(need_id: int) -> None:
    """Withdraw every match of the need that is proposed or in talks, and tell the operators who saw it."""
    rows = (
        Match.objects.select_for_update(of=("self",))
        .select_related("need__zone", "need__organization", "capability__platform__organization")
        .filter(need_id=need_id, status__in=[*IN_TALKS, MatchStatus.PROPOSED])
        .order_by("pk")
    )
    for match in rows:
        was_lead = match.status != MatchStatus.PROPOSED
        advance(match, MatchStatus.WITHDRAWN, actor=None, zone_code=match.need.zone.code)
        if was_lead:
            tell_operator(match, "match.withdrawn", key=lead_round(match))
