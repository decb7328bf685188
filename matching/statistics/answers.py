"""How fast and how operators answer the leads of a zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from statistics import median

from django.db.models import Min, QuerySet
from django.utils import translation

from matching.enums import DeclineReason, MatchStatus
from matching.models import Match
from requests.models import Need

from .periods import Span

_SEPARATORS = "：:"


@dataclass(frozen=True, slots=True)
class Lead:
    """What became of one lead; times are None while nobody has answered or asked."""

    platform: str
    status: str
    code: str
    reason: str
    given_at: datetime
    due_at: datetime
    answered_at: datetime | None
    asked_at: datetime | None

    @property
    def is_due(self) -> bool:
        """Whether it was answered, or its time ran out; one taken back before that asks nothing of anybody."""
        return self.answered_at is not None or self.status == MatchStatus.LAPSED

    @property
    def is_in_time(self) -> bool:
        return self.answered_at is not None and self.answered_at <= self.due_at

    @property
    def hours_to_first_word(self) -> float | None:
        """Hours to the answer, or to a question before it."""
        words = [moment for moment in (self.answered_at, self.asked_at) if moment]
        return (min(words) - self.given_at).total_seconds() / 3600 if words else None


@dataclass(frozen=True, slots=True)
class Promptness:
    """`leads` handed out; of those `due`, the ones answered `in_time`; median hours to a first word, None without."""

    leads: int
    due: int
    in_time: int
    median_hours: float | None

    @property
    def share(self) -> float | None:
        """0..1, or None where nothing was due."""
        return self.in_time / self.due if self.due else None


def leads_of(needs: QuerySet[Need], span: Span) -> list[Lead]:
    """Leads of these needs that operators got within the span, let through by a person or the policy. One query."""
    rows = (
        Match.objects.filter(need__in=needs.order_by(), answer_due_at__isnull=False)
        .filter(reviewed_at__gte=span.start, reviewed_at__lt=span.end)
        .annotate(asked_at=Min("questions__asked_at"))
        .order_by("pk")
    )
    columns = ("capability__platform__name", "status", "decline_code", "decline_reason", "reviewed_at")
    return [Lead(*values) for values in rows.values_list(*columns, "answer_due_at", "answered_at", "asked_at")]


def promptness(leads: Iterable[Lead]) -> Promptness:
    """Count the answers and their speed."""
    rows = list(leads)
    hours = [spent for row in rows if (spent := row.hours_to_first_word) is not None]
    return Promptness(
        leads=len(rows),
        due=sum(row.is_due for row in rows),
        in_time=sum(row.is_in_time for row in rows),
        median_hours=median(hours) if hours else None,
    )


def by_platform(leads: Iterable[Lead]) -> list[tuple[str, Promptness]]:
    """Every platform that got a lead, most leads first."""
    groups: dict[str, list[Lead]] = {}
    for lead in leads:
        groups.setdefault(lead.platform, []).append(lead)
    found = [(platform, promptness(rows)) for platform, rows in groups.items()]
    return sorted(found, key=lambda row: (-row[1].leads, row[0]))


def refusals(leads: Iterable[Lead]) -> list[tuple[str, int]]:
    """[(DeclineReason, how often)], most frequent first."""
    counts = Counter(lead.code or reason_code(lead.reason) for lead in leads if lead.status == MatchStatus.DECLINED)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def reason_code(reason: str) -> str:
    """Which of the offered reasons a stored reason begins with, in whichever language it was given."""
    start = reason
    for separator in _SEPARATORS:
        start = start.partition(separator)[0]
    return _codes().get(start.strip(), DeclineReason.OTHER.value)


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(reason.label): reason.value for reason in DeclineReason}
    return found
