"""What in the zone waits for somebody: reviews, leads nobody answers, needs nobody can serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.coverage import looked_for
from matching.enums import MatchStatus
from matching.models import Match
from matching.reviewing.board import Filter, Item, items_of, shown
from requests.enums import NeedStatus
from requests.models import Need
from zhongshi.accounts.models import Zone
from zhongshi.core.models import OutboxEvent

MOST = 3
SOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Attention:
    """The first few of each group with how many there are in all; `dead` pieces of work the service gave up."""

    reviews: list[Item]
    reviews_count: int
    leads: list[Match]
    leads_count: int
    needs: list[Need]
    needs_count: int
    dead: int

    @property
    def total(self) -> int:
        return self.reviews_count + self.leads_count + self.needs_count + self.dead


def attention(zone: Zone, now: datetime, lead_limit: int) -> Attention:
    """Reviews over two working days, leads unanswered with less than twelve hours left, needs nobody is left for."""
    late = shown(zone, now, Filter(is_late=True))
    leads = Match.objects.filter(need__zone=zone, status=MatchStatus.APPROVED, answer_due_at__lt=now + SOON)
    leads = leads.select_related("need", "capability__platform").order_by("answer_due_at", "pk")
    needs = looked_for().filter(zone=zone, status=NeedStatus.OPEN, is_unmet=True)
    return Attention(
        reviews=items_of(late[:MOST], now, lead_limit),
        reviews_count=late.count(),
        leads=list(leads[:MOST]),
        leads_count=leads.count(),
        needs=list(needs.select_related("organization").order_by("created_at", "pk")[:MOST]),
        needs_count=needs.count(),
        dead=OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD).count(),
    )
