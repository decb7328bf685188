"""The four numbers on top of a zone's dashboard, each beside what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from matching.figures import submitted
from requests.models import Condition, Need
from zhongshi.accounts.models import Zone
from zhongshi.vocabulary.enums import ConditionKind, Operator

from .answers import Lead, Promptness, leads_of, promptness
from .periods import Period, Span

_NO_WISH = [Operator.EXCLUDE, Operator.NOT_REQUIRED]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Needs handed in, and how leads were answered, in the period and in the one it is compared with."""

    new_needs: int
    new_needs_before: int
    answers: Promptness
    answers_before: Promptness
    leads: list[Lead]

    @property
    def more_needs(self) -> int:
        """How many more than before; negative where fewer."""
        return self.new_needs - self.new_needs_before


def needs_of(zone: Zone, chain: str = "") -> QuerySet[Need]:
    """The zone's needs that were ever handed in; with a `chain` those that ask for it by name."""
    needs = submitted(zone)
    if not chain:
        return needs
    # A condition's value is one name or a list of names; jsonb's @> finds the name in either.
    asked = Condition.objects.filter(need=OuterRef("pk"), kind=ConditionKind.CHAIN, value__contains=chain)
    return needs.filter(Exists(asked.exclude(op__in=_NO_WISH)))


def within(needs: QuerySet[Need], span: Span) -> QuerySet[Need]:
    """Those posted within the span."""
    return needs.filter(created_at__gte=span.start, created_at__lt=span.end)


def numbers(zone: Zone, period: Period, now: datetime, chain: str = "") -> Numbers:
    """Count; four queries."""
    needs, compared = needs_of(zone, chain), period.compared(now)
    leads = leads_of(needs, period.span)
    return Numbers(
        new_needs=within(needs, period.span).count(),
        new_needs_before=within(needs, compared).count(),
        answers=promptness(leads),
        answers_before=promptness(leads_of(needs, compared)),
        leads=leads,
    )
