"""A found pair becomes a match, and the zone's policy is applied: the same from either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matching.enums import MatchStatus
from matching.findings import Found
from matching.models import Match, ScoringRun
from matching.zone_rules import Policy
from requests.models import Need
from zhongshi.accounts.actors import zone_admins
from zhongshi.core import notifications
from zhongshi.core.transitions import advance

from .bounding import Room
from .review import approve_match


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


def approve_by_policy(need: Need, matches: Sequence[Match], policy: Policy) -> None:
    """Approve, best first, what the policy lets through and its operator has room for; in the caller's transaction.

    What is left stays proposed for the zone's office.
    """
    ripe = [match for match in matches if match.status == MatchStatus.PROPOSED and policy.approves(match)]
    if not ripe:
        return
    room = Room(ripe)
    for match in sorted(ripe, key=lambda match: -match.score):
        if room.take(match, policy.lead_limit):
            match.need = need
            approve_match(match, actor=None)


def tell_office(need: Need, matches: Sequence[Match], *, key: str) -> None:
    """Tell the zone's office, once per `key`, how many of these matches wait for its review."""
    left = sum(match.status == MatchStatus.PROPOSED for match in matches)
    if left:
        notifications.owe(
            zone_admins(need.zone),
            "match.proposed",
            key=f"match.proposed:{need.uuid}:{key}",
            path="/park/review/",
            params={"number": need.number, "title": need.title, "count": left},
        )


def rank_matches(need: Need) -> None:
    """Number the need's matches by score; between equals those that had a place keep their order."""
    rows = Match.objects.filter(need=need).exclude(status=MatchStatus.WITHDRAWN)
    ordered = sorted(rows, key=lambda match: (-match.score, match.rank == 0, match.rank, match.pk))
    for rank, match in enumerate(ordered, start=1):
        match.rank = rank
    Match.objects.bulk_update(ordered, ["rank"])
