"""Who has been shown how often: open leads of an operator, matches of a capability this month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from matching.enums import MatchStatus
from matching.models import Match
from platforms.models import Capability
from zhongshi.accounts.models import Zone


def operators_of(capabilities: Collection[int]) -> dict[int, int]:
    """{capability: organization that answers its leads}; a listing nobody runs here is missing. One query."""
    rows = Capability.objects.filter(pk__in=capabilities, platform__organization__isnull=False)
    return dict(rows.values_list("pk", "platform__organization_id"))


def open_leads(operators: Collection[int]) -> dict[int, int]:
    """{organization: leads that wait for its answer}; an operator without any is missing. One query."""
    rows = Match.objects.filter(
        status=MatchStatus.APPROVED, capability__platform__organization__in=operators
    ).values_list("capability__platform__organization_id")
    return dict(rows.annotate(count=Count("pk")).order_by())


def shown_since(start: datetime) -> dict[int, int]:
    """{capability: needs it was proposed for since `start`}, without those withdrawn since; the engine's tie-breaker.

    One query over an index on the time.
    """
    rows = Match.objects.filter(created_at__gte=start).exclude(status=MatchStatus.WITHDRAWN)
    return dict(rows.values_list("capability_id").annotate(count=Count("pk")).order_by())


def shown_this_month() -> dict[int, int]:
    """{capability: needs it was proposed for since the month began here}. One query."""
    return shown_since(start_of_month(timezone.localtime()))


def start_of_month(now: datetime) -> datetime:
    """The first moment of the month of `now`, in the zone `now` is given in."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Full:
    """An operator that has as many leads to answer as the rules allow."""

    open_leads: int
    limit: int


def held_back(matches: Iterable[Match], limit: int) -> Mapping[int, Full]:
    """{match: why the policy keeps it}, for proposed matches of operators that are at the bound. Two queries."""
    waiting = {match.pk: match.capability_id for match in matches if match.status == MatchStatus.PROPOSED}
    operators = operators_of(set(waiting.values())) if waiting else {}
    counts = open_leads(set(operators.values())) if operators else {}
    found = {pk: counts.get(operators.get(capability, 0), 0) for pk, capability in waiting.items()}
    return {pk: Full(count, limit) for pk, count in found.items() if count >= limit}


def held_matches(zone: Zone, limit: int) -> QuerySet[Match]:
    """Proposed matches of the zone whose operator has as many leads to answer as the rules allow."""
    at_bound = (
        Match.objects.filter(status=MatchStatus.APPROVED, capability__platform__organization__isnull=False)
        .order_by()
        .values("capability__platform__organization")
        .annotate(count=Count("pk"))
        .filter(count__gte=limit)
        .values("capability__platform__organization")
    )
    rows = Match.objects.filter(need__zone=zone, status=MatchStatus.PROPOSED)
    return rows.filter(capability__platform__organization__in=at_bound)
