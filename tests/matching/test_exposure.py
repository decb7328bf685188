"""How many leads an operator has open, how often a capability was shown: a literal number of queries each."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.exposure import Full, held_back, open_leads, operators_of, shown_since, shown_this_month, start_of_month
from matching.models import Match
from platforms.models import Capability
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, NeedFactory, PlatformFactory
from zhongshi.accounts.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_line(operator2: Actor) -> Capability:
    return CapabilityFactory.create(platform=PlatformFactory.create(organization=operator2.organization))


def test_open_leads_are_those_that_wait_for_an_answer(
    lead: Match, operator: Actor, operator2: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for traits in ({"approved": True}, {"accepted": True}, {"declined": True}, {}):
        MatchFactory.create(need=NeedFactory.create(), capability=lead.capability, **traits)

    with django_assert_num_queries(1):
        found = open_leads([operator.organization.pk, operator2.organization.pk])

    assert found == {operator.organization.pk: 2}


def test_a_listing_nobody_runs_has_no_operator(
    capability: Capability, operator: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    orphan = CapabilityFactory.create()

    with django_assert_num_queries(1):
        assert operators_of([capability.pk, orphan.pk]) == {capability.pk: operator.organization.pk}


@pytest.mark.parametrize("rows", [1, 3])
def test_what_the_bound_keeps_back_is_named_with_its_count(
    rows: int,
    lead: Match,
    need: Need,
    other_line: Capability,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    waiting = [MatchFactory.create(need=NeedFactory.create(), capability=lead.capability) for _ in range(rows)]
    free = MatchFactory.create(need=need, capability=other_line)
    orphan = MatchFactory.create(need=need, capability=CapabilityFactory.create())

    with django_assert_num_queries(2):
        found = held_back([lead, *waiting, free, orphan], 1)

    assert found == {match.pk: Full(open_leads=1, limit=1) for match in waiting}
    assert held_back(waiting, 2) == {}


def test_without_a_waiting_match_nothing_is_asked(
    lead: Match, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert held_back([lead], 1) == {}


def test_shown_this_month(
    need: Need, capability: Capability, other_line: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    start = timezone.now() - timedelta(days=3)
    MatchFactory.create(need=need, capability=capability)
    MatchFactory.create(need=NeedFactory.create(), capability=capability, declined=True)
    MatchFactory.create(need=NeedFactory.create(), capability=capability, status="withdrawn")
    old = MatchFactory.create(need=need, capability=other_line)
    Match.objects.filter(pk=old.pk).update(created_at=start - timedelta(seconds=1))

    with django_assert_num_queries(1):
        assert shown_since(start) == {capability.pk: 2}


def test_this_month_holds_what_was_shown_just_now(
    lead: Match, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = MatchFactory.create(need=NeedFactory.create(), capability=lead.capability)
    Match.objects.filter(pk=before.pk).update(created_at=start_of_month(timezone.localtime()) - timedelta(seconds=1))

    with django_assert_num_queries(1):
        assert shown_this_month() == {lead.capability_id: 1}


def test_a_month_begins_where_the_clock_is() -> None:
    late = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)

    assert start_of_month(late) == datetime(2026, 10, 1, tzinfo=UTC)
    shanghai = ZoneInfo("Asia/Shanghai")
    assert start_of_month(late.astimezone(shanghai)) == datetime(2026, 11, 1, tzinfo=shanghai)
