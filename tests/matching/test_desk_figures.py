"""An operator's own figures by month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.desk_figures import desk_figures
from matching.models import Dismissal, Match
from platforms.models import Capability
from tests.factories import MatchFactory, NeedFactory, QuoteFactory, UserFactory
from zhongshi.accounts.actors import Actor

NOW = timezone.make_aware(datetime(2026, 11, 21, 12, 0))  # noqa: DTZ001 - made aware at once


def lead(capability: Capability, came: datetime, *, hours: float | None = None, **fields: Any) -> Match:
    """A lead that came in then and was answered so many hours later."""
    status = fields.pop("status", "approved" if hours is None else "accepted")
    row = MatchFactory.create(need=NeedFactory.create(), capability=capability, approved=True)
    if hours is not None:
        fields |= {"answered_at": came + timedelta(hours=hours), "answered_by": UserFactory.create()}
    Match.objects.filter(pk=row.pk).update(reviewed_at=came, status=status, **fields)
    return row


def test_what_came_in_and_became_of_it(operator: Actor, capability: Capability) -> None:
    lead(capability, NOW, hours=2)
    lead(capability, NOW, hours=50, status="declined", decline_code="scale", decline_reason="太大")
    lead(capability, NOW, status="expired")
    lead(capability, NOW)
    QuoteFactory.create(match=lead(capability, NOW - timedelta(days=35), hours=10, status="chosen"))

    figures = desk_figures(operator, now=NOW)

    november, october = figures.months[-1].figures, figures.months[-2].figures
    assert [month.first.isoformat() for month in figures.months[::11]] == ["2025-12-01", "2026-11-01"]
    assert (november.received, november.answered, november.in_time, november.median_hours) == (4, 2, 1, 26.0)
    assert (november.accepted, november.declined, november.lapsed, november.won) == (1, 1, 1, 0)
    assert (october.received, october.quoted, october.won, october.in_time_share) == (1, 1, 1, 1.0)
    assert (figures.total.received, figures.total.waiting, figures.total.in_time) == (5, 1, 2)
    assert figures.total.in_time_share == 0.5
    assert [count for _name, count in figures.reasons] == [1]


def test_a_reason_in_words_only_counts_as_another(operator: Actor, capability: Capability) -> None:
    lead(capability, NOW, hours=1, status="declined", decline_reason="不做")
    lead(capability, NOW, hours=1, status="declined", decline_code="scale", decline_reason="太大")
    lead(capability, NOW, hours=1, status="declined", decline_code="scale", decline_reason="太大")

    assert [count for _name, count in desk_figures(operator, now=NOW).reasons] == [2, 1]


def test_why_enterprises_turned_one_down(operator: Actor, capability: Capability) -> None:
    for code in ("price", "price", "time"):
        match = lead(capability, NOW, status="not_chosen")
        Dismissal.objects.create(match=match, code=code, said_by=UserFactory.create())

    assert [count for _name, count in desk_figures(operator, now=NOW).turned_down] == [2, 1]


def test_others_and_older_ones_do_not_count(operator: Actor, operator2: Actor, capability: Capability) -> None:
    lead(capability, NOW - timedelta(days=400))
    assert desk_figures(operator, now=NOW).total.received == 0
    lead(capability, NOW)
    figures = desk_figures(operator2, now=NOW)
    assert (figures.total.received, figures.total.median_hours, figures.total.in_time_share) == (0, None, None)


@pytest.mark.parametrize("rows", [1, 30])
def test_one_query_for_one_and_thirty(
    rows: int, operator: Actor, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        lead(capability, NOW, hours=1)

    with django_assert_num_queries(1):
        assert desk_figures(operator, now=NOW).total.received == rows
