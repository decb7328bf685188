"""A found pair becomes a match, and the zone's policy is applied: the same from either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matching.enums import MatchStatus
from matching.findings import Found
from matching.models import Match, ScoringRun
from requests.models import Need
from zhongshi.accounts.actors import zone_admins
from zhongshi.core import notifications
from zhongshi.core.transitions import advance

from .review import approve_match, policy_approves


def propose(need: Need, run: ScoringRun, item: Found, match: Match | None) -> Match:
    """Write what was found into the pair's match, or into a new one; in the caller's transaction.

    A match that has been answered keeps its answer and learns its new verdicts; a withdrawn one is proposed again.
    """
    columns: dict[str, Any] = {
        "run": run,
        "rank": item.rank,
        "score": item.score,
        "components": item.components,
        "verdicts": item.verdicts,
    }
    if match is None:
        return Match.objects.create(need=need, capability_id=item.capability_id, status=MatchStatus.PROPOSED, **columns)
    if match.status == MatchStatus.WITHDRAWN:
        again: dict[str, Any] = {"reviewed_at": None, "reviewed_by": None, "review_note": "", "answer_due_at": None}
        again |= {"answered_at": None, "answered_by": None, "reminded_at": None}
        return advance(match, MatchStatus.PROPOSED, actor=None, zone_code=need.zone.code, **columns, **again)
    Match.objects.filter(pk=match.pk).update(**columns)
    match.refresh_from_db()
    return match


def apply_policy(need: Need, matches: Sequence[Match], *, key: str) -> None:
    """Approve what the zone's policy lets through; its office is told once per `key` how many wait for review."""
    waiting = [match for match in matches if match.status == MatchStatus.PROPOSED]
    approved = [match for match in waiting if policy_approves(need.zone, match)]
    for match in approved:
        match.need = need
        approve_match(match, actor=None)
    left = len(waiting) - len(approved)
    if left:
        notifications.owe(
            zone_admins(need.zone),
            "match.proposed",
            key=f"match.proposed:{need.uuid}:{key}",
            path="/park/review/",
            params={"number": need.number, "title": need.title, "count": left},
        )
