"""Review (审核): by the zone's policy, or by its administrator."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import MatchStatus
from matching.models import Match
from matching.rules import may_review
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.transitions import advance

from .locking import lock_match, lock_need, require_need
from .telling import lead_round, tell_operator, tell_owner


def match_review(*, actor: Actor, match: Match, approve: bool, note: str = "") -> Match:
    """Approve, and the operator is told; or reject with a note that reaches the enterprise.

    Raises NotAllowed for a reviewer who is a party, InvalidInput for a rejection without a note, IllegalTransition
    for a match already reviewed, StaleTransition for a lost race.
    """
    if not may_review(actor, match):
        raise NotAllowed
    if not approve and not note.strip():
        raise InvalidInput(errors={"note": [_("Please say why; the enterprise will read it.")]})
    with transaction.atomic(durable=True):
        seen = match.status
        need = lock_need(match.need_id)
        match = lock_match(match)
        require_need(need, match, seen)
        match.status = seen
        if approve:
            approve_match(match, actor=actor, note=note)
        else:
            reject_match(match, actor=actor, note=note)
    return match


def approve_match(match: Match, *, actor: Actor | None, note: str = "") -> None:
    """Hand the match to the operator as a lead and start its clock; in the caller's transaction."""
    now = timezone.now()
    hours = settings.LEAD_ANSWER_HOURS
    advance(
        match,
        MatchStatus.APPROVED,
        actor=actor.user if actor else None,
        note=note,
        zone_code=match.need.zone.code,
        reviewed_at=now,
        reviewed_by=actor.user if actor else None,
        review_note=note,
        answer_due_at=now + timedelta(hours=hours),
    )
    tell_lead(match)


def tell_lead(match: Match) -> None:
    """Tell the operator's people of their lead; in the caller's transaction."""
    tell_operator(match, "match.approved", key=lead_round(match), hours=settings.LEAD_ANSWER_HOURS)


def reject_match(match: Match, *, actor: Actor, note: str) -> None:
    """Close the match before any operator saw it; in the caller's transaction."""
    advance(
        match,
        MatchStatus.REJECTED,
        actor=actor.user,
        note=note,
        zone_code=match.need.zone.code,
        reviewed_at=timezone.now(),
        reviewed_by=actor.user,
        review_note=note,
    )
    tell_owner(match, "match.rejected", note=note)
