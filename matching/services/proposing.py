"""A found pair becomes a match, and the zone's policy is applied: the same from either side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matching.enums import MatchStatus
from matching.findings import Found
from matching.models import Match, ScoringRun
from matching.zone_rules import Policy
from requests.disclosure import notice_title
from requests.models import Need
from zhongshi.accounts.actors import zone_admins
from zhongshi.core import notifications
from zhongshi.core.transitions import advance

from .bounding import Room
from .review import approve_match

# What a match takes over from each scoring.
_LEARNT = ("run", "rank", "score", "components", "verdicts")


def propose(need: Need, run: ScoringRun, item: Found, match: Match | None) -> Match:
    """As `propose_all`, for one pair."""
    return propose_all(need, run, [item], {match.capability_id: match} if match else {})[0]


def propose_all(need: Need, run: ScoringRun, found: Sequence[Found], known: Mapping[int, Match]) -> list[Match]:
    """Write what was found into the pairs' matches, or into new ones, in that order; in the caller's transaction.

    `known` holds the need's matches, locked, by capability. One that has been answered keeps its answer and learns its
    new verdicts; a withdrawn one is proposed again.
    """
    matches = [_written(need, run, item, known.get(item.capability_id)) for item in found]
    # Twenty rows a need: one statement each would be half of what scoring costs.
    Match.objects.bulk_create(match for match in matches if match.pk is None)
    Match.objects.bulk_update([match for match in matches if match.capability_id in known], list(_LEARNT))
    return matches


def _written(need: Need, run: ScoringRun, item: Found, match: Match | None) -> Match:
    """The match as it should stand, still to be saved unless it was withdrawn."""
    columns: dict[str, Any] = {"run": run} | {name: getattr(item, name) for name in _LEARNT[1:]}
    if match is None:
        return Match(need=need, capability_id=item.capability_id, status=MatchStatus.PROPOSED, **columns)
    if match.status == MatchStatus.WITHDRAWN:
        again: dict[str, Any] = {"reviewed_at": None, "reviewed_by": None, "review_note": "", "answer_due_at": None}
        again |= {"answered_at": None, "answered_by": None, "reminded_at": None}
        return advance(match, MatchStatus.PROPOSED, actor=None, zone_code=need.zone.code, **columns, **again)
    for name, value in columns.items():
        setattr(match, name, value)
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
            params={"number": need.number, "title": notice_title(need), "count": left},
        )


def rank_matches(need: Need) -> None:
    """Number the need's matches by score; between equals those that had a place keep their order."""
    rows = Match.objects.filter(need=need).exclude(status=MatchStatus.WITHDRAWN)
    ordered = sorted(rows, key=lambda match: (-match.score, match.rank == 0, match.rank, match.pk))
    for rank, match in enumerate(ordered, start=1):
        match.rank = rank
    Match.objects.bulk_update(ordered, ["rank"])
