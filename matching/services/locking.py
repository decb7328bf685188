"""Rows are locked in one order everywhere: the need, then its matches by primary key."""

from __future__ import annotations

from matching.models import Match
from requests.models import Need


def lock_need(need_id: int) -> Need:
    """Lock a need against edits and rival choices; children may still be inserted."""
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone", "organization", "created_by")
        .get(pk=need_id)
    )


def lock_match(match: Match) -> Match:
    """Lock a match and read it anew with both parties."""
    return (
        Match.objects.select_for_update(of=("self",))
        .select_related("need__zone", "need__organization", "capability__platform__organization", "run")
        .get(pk=match.pk)
    )
