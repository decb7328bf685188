"""Rows are locked in one order everywhere: the need, then its matches by primary key, then operators by theirs."""

from __future__ import annotations

from collections.abc import Collection

from matching.models import Match
from requests.models import Need
from zhongshi.accounts.models import Organization


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


def lock_organizations(organizations: Collection[int]) -> None:
    """Lock operators while their open leads are counted and added to; their listings and people stay writable."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=organizations)
    list(rows.order_by("pk").values_list("pk", flat=True))
