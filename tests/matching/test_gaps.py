"""Which blanks of an operator's listings needs ran into; numbers and fields only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.gaps import gap_report
from platforms.models import Capability
from requests.models import Need
from tests.factories import CapabilityFactory, ConditionFactory, FactFactory, MatchFactory, NeedFactory

pytestmark = pytest.mark.usefixtures("english")


def need_for(capability: Capability, *values: str, kind: str = "qualification") -> Need:
    """A need whose process the capability offers, and which asks for values its listing does not say."""
    need = NeedFactory.create()
    ConditionFactory.create(need=need)
    for value in values:
        ConditionFactory.create(need=need, kind=kind, value=value)
    return need


def told(capability: Capability) -> list[tuple[str, int]]:
    return [(gap.label, gap.needs) for gap in gap_report([capability.pk]).gaps]


def test_nothing_is_asked_where_no_need_is_open(capability: Capability) -> None:
    assert (gap_report([capability.pk]).gaps, gap_report([]).needs) == ([], 0)


def test_a_value_is_named_from_three_needs_on(capability: Capability) -> None:
    for _ in range(2):
        need_for(capability, "GMP")
    assert told(capability) == [("qualification", 2)]

    need_for(capability, "GMP")
    assert told(capability) == [("qualification：GMP", 3)]


def test_a_confidential_need_is_not_counted(capability: Capability) -> None:
    need = need_for(capability, "GMP")
    Need.objects.filter(pk=need.pk).update(visibility="nda")

    assert told(capability) == []


def test_the_three_most_asked_for_come_first_and_needs_count_once(capability: Capability) -> None:
    for _ in range(3):
        need_for(capability, "GMP", "CNAS")
    need_for(capability, "某种绝密原料", kind="material")
    parameter = need_for(capability)
    ConditionFactory.create(need=parameter, kind="parameter", value=None, quantity="pressure", low=1, unit="MPa")

    report = gap_report([capability.pk])

    assert [(gap.label, gap.needs) for gap in report.gaps[:2]] == [
        ("qualification：CNAS", 3),
        ("qualification：GMP", 3),
    ]
    assert report.gaps[2].needs == 1
    assert report.needs in (4, 5)
    assert "绝密" not in str(report)


def test_leads_needs_that_violate_and_strangers_do_not_count(capability: Capability) -> None:
    lead = need_for(capability, "GMP")
    MatchFactory.create(need=lead, capability=capability, approved=True)
    large = need_for(capability, "GMP")
    ConditionFactory.create(need=large, volume=True, low=9000, high=9000)
    foreign = NeedFactory.create()
    ConditionFactory.create(need=foreign, kind="qualification", value="GMP")

    assert told(capability) == []


def test_a_match_that_is_no_lead_yet_counts(capability: Capability) -> None:
    MatchFactory.create(need=need_for(capability, "GMP"), capability=capability)

    assert told(capability) == [("qualification", 1)]


def test_needs_that_are_old_or_closed_do_not_count(capability: Capability) -> None:
    need_for(capability, "GMP")
    Need.objects.update(updated_at=timezone.now() - timedelta(days=91))
    closed = need_for(capability, "GMP")
    Need.objects.filter(pk=closed.pk).update(status="withdrawn")

    assert told(capability) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_for_one_and_thirty(
    rows: int, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    need_for(capability, "GMP")
    more = [CapabilityFactory.create(platform=capability.platform) for _ in range(rows - 1)]
    for line in more:
        FactFactory.create(capability=line)
    lines = [capability.pk, *(line.pk for line in more)]
    gap_report(lines)

    with django_assert_num_queries(7):
        gap_report(lines)
