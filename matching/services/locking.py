"""Rows are locked in one order everywhere: the need, then its matches by primary key, then operators by theirs."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from matching.models import Match
from requests.enums import NeedStatus
from requests.models import Need
from zhongshi.accounts.models import Organization
from zhongshi.core.errors import StaleTransition

# Whoever closes a need owes `need.closed`; until a worker has taken that up its matches still look open.
CLOSED = frozenset({NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.WITHDRAWN, NeedStatus.EXPIRED})


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


def require_need(need: Need, match: Match, seen: str) -> None:
    """Raise StaleTransition where the locked `need` was closed under a match that still has the status `seen`.

    A match that has moved itself is left to `advance`, which knows better what happened.
    """
    if match.status == seen and need.status in CLOSED:
        raise StaleTransition(_("This need has been taken back or closed in the meantime."))


def lock_organizations(organizations: Collection[int]) -> None:
    """Lock operators while their open leads are counted and added to; their listings and people stay writable."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=organizations)
    list(rows.order_by("pk").values_list("pk", flat=True))
