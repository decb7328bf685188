"""The report of one period: what the dashboard shows, and what became of things, from the rows of one zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum

from matching.models import Match, Quote
from requests.enums import NeedStatus
from zhongshi.accounts.models import Zone
from zhongshi.core.models import AuditEntry

from .answers import Promptness, by_platform, refusals
from .funnels import Funnel, funnel_of
from .heat import HeatCell, heat_of
from .numbers import Numbers, needs_of, numbers, within
from .periods import Period, Span

_ENDS = (
    NeedStatus.OPEN,
    NeedStatus.RETURNED,
    NeedStatus.CONTRACTED,
    NeedStatus.COMPLETED,
    NeedStatus.WITHDRAWN,
    NeedStatus.EXPIRED,
)


@dataclass(frozen=True, slots=True)
class GapLine:
    """A stage of a chain nobody of the zone offers; `needs` stand there, `unmet` of them found nobody at all."""

    chain: str
    code: str
    stage: str
    needs: int
    unmet: int


@dataclass(frozen=True, slots=True)
class Report:
    """`outcomes`: [(status, how many needs came there in the period)]; `amount`: yuan of the offers chosen in it."""

    period: Period
    numbers: Numbers
    funnel: Funnel
    gaps: list[GapLine]
    gaps_count: int
    platforms: list[tuple[str, Promptness]]
    refusals: list[tuple[str, int]]
    outcomes: list[tuple[str, int]]
    amount: Decimal


def report_of(zone: Zone, period: Period, now: datetime) -> Report:
    """Count everything of the zone and period; gaps are those of today."""
    found = numbers(zone, period, now)
    heat = heat_of(zone)
    asked = [
        GapLine(row.chain, row.code, cell.stage, max(cell.open_needs, cell.unmet_needs), cell.unmet_needs)
        for row in heat.rows
        for cell in row.cells
        if _is_asked_gap(cell)
    ]
    return Report(
        period=period,
        numbers=found,
        funnel=funnel_of(within(needs_of(zone), period.span)),
        gaps=sorted(asked, key=lambda gap: (-gap.unmet, -gap.needs)),
        gaps_count=heat.gaps,
        platforms=by_platform(found.leads),
        refusals=refusals(found.leads),
        outcomes=_outcomes(zone, period.span),
        amount=_amount(zone, period.span),
    )


def _is_asked_gap(cell: HeatCell) -> bool:
    return cell.level == 0 and bool(cell.open_needs or cell.unmet_needs)


def _moves(zone: Zone, kind: str, span: Span) -> Any:
    rows = AuditEntry.objects.filter(zone_code=zone.code, object_kind=kind, action="status")
    return rows.filter(at__gte=span.start, at__lt=span.end).order_by()


def _outcomes(zone: Zone, span: Span) -> list[tuple[str, int]]:
    """How many needs came to each state within the span; one that came twice counts once."""
    rows = _moves(zone, "need", span).filter(to_status__in=_ENDS).values_list("to_status")
    counts = dict(rows.annotate(n=Count("object_id", distinct=True)))
    return [(status.value, counts.get(status, 0)) for status in _ENDS]


def _amount(zone: Zone, span: Span) -> Decimal:
    """Yuan of the newest offers of the matches chosen within the span."""
    chosen = _moves(zone, "match", span).filter(to_status="chosen").values("object_id")
    newest = Quote.objects.filter(match=OuterRef("pk"), currency="CNY").order_by("-id").values("amount")[:1]
    matches = Match.objects.filter(need__zone=zone, uuid__in=chosen).annotate(offered=Subquery(newest))
    total: Decimal | None = matches.aggregate(total=Sum("offered"))["total"]
    return total or Decimal(0)
