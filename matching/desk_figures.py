"""An operator's own figures by month: leads, how fast they were answered, what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from matching.enums import RELEASED, DeclineReason, MatchStatus, UnfitReason
from matching.models import Match, Quote
from zhongshi.accounts.actors import Actor

MONTHS = 12
PROMISE = timedelta(hours=48)


class _Lead(NamedTuple):
    reviewed_at: datetime
    answered_at: datetime | None
    status: str
    decline_code: str
    unfit_code: str | None
    has_quote: bool


@dataclass(slots=True)
class Figures:
    """Leads that came in within some time and what became of them since."""

    received: int = 0
    waiting: int = 0
    in_time: int = 0
    accepted: int = 0
    declined: int = 0
    lapsed: int = 0
    quoted: int = 0
    won: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return len(self.hours)

    @property
    def median_hours(self) -> float | None:
        """Half of the answers came within so many hours; None without an answer."""
        return round(median(self.hours), 1) if self.hours else None

    @property
    def in_time_share(self) -> float | None:
        """Of the leads received, without those whose clock still runs, how many were answered in time (0..1)."""
        return self.in_time / self.due if self.due else None

    @property
    def due(self) -> int:
        return self.received - self.waiting


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of the leads that came in within a month (its first day)."""

    first: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Twelve months, the oldest first, their sum, how often which reason was given, and which the enterprises gave."""

    months: Sequence[Month]
    total: Figures
    reasons: Sequence[tuple[str, int]]
    turned_down: Sequence[tuple[str, int]]


def desk_figures(actor: Actor, *, now: datetime) -> DeskFigures:
    """The actor's own figures of the month of `now` and the eleven before; one query."""
    firsts = _months(timezone.localtime(now).date())
    by_month: dict[date, Figures] = defaultdict(Figures)
    total, reasons, unfit = Figures(), Counter[str](), Counter[str]()
    for lead in _leads(actor, firsts[0]):
        month = timezone.localtime(lead.reviewed_at).date().replace(day=1)
        for figures in (by_month[month], total):
            _count(figures, lead, now)
        if lead.status == MatchStatus.DECLINED:
            reasons[lead.decline_code or DeclineReason.OTHER] += 1
        if lead.unfit_code:
            unfit[lead.unfit_code] += 1
    shown = [(str(DeclineReason(code).label), count) for code, count in reasons.most_common()]
    refused = [(str(UnfitReason(code).label), count) for code, count in unfit.most_common()]
    return DeskFigures([Month(first, by_month[first]) for first in firsts], total, shown, refused)


def _months(today: date) -> list[date]:
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def _leads(actor: Actor, first: date) -> Iterable[_Lead]:
    since = timezone.make_aware(datetime(first.year, first.month, 1))  # noqa: DTZ001 - made aware at once
    rows = Match.objects.for_operator(actor).filter(reviewed_at__gte=since).order_by()
    offers = Quote.objects.filter(match=OuterRef("pk"))
    columns = ("reviewed_at", "answered_at", "status", "decline_code", "dismissal__code", "has_quote")
    return map(_Lead._make, rows.annotate(has_quote=Exists(offers)).values_list(*columns))


def _count(figures: Figures, lead: _Lead, now: datetime) -> None:
    figures.received += 1
    figures.waiting += lead.status == MatchStatus.APPROVED and now < lead.reviewed_at + PROMISE
    if lead.answered_at is not None:
        taken = lead.answered_at - lead.reviewed_at
        figures.hours.append(taken.total_seconds() / 3600)
        figures.in_time += taken <= PROMISE
        figures.accepted += lead.status != MatchStatus.DECLINED
    figures.declined += lead.status == MatchStatus.DECLINED
    figures.lapsed += lead.status == MatchStatus.LAPSED
    figures.quoted += lead.has_quote
    figures.won += lead.status in RELEASED
