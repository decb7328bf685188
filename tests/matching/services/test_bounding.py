"""No operator is flooded: the policy stops at the bound, a person may go on."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.models import Match
from matching.services.clock import leads_expire
from matching.services.proposing import approve_by_policy
from matching.services.review import match_review
from matching.zone_rules import Policy
from platforms.models import Capability
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory, NeedFactory, PlatformFactory, RulesVersionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)
TWO = Policy(approves_itself=True, approval_score=60, lead_limit=2)


def _lines(operator: Actor, count: int) -> list[Capability]:
    platform = PlatformFactory.create(organization=operator.organization)
    return [CapabilityFactory.create(platform=platform) for _ in range(count)]


def _approve(need: Need, matches: list[Match], policy: Policy = TWO) -> list[str]:
    with transaction.atomic(durable=True):
        approve_by_policy(need, matches, policy)
    return [Match.objects.get(pk=match.pk).status for match in matches]


def test_the_policy_stops_at_the_bound_best_first(need: Need, operator: Actor) -> None:
    scores = (70, 90, 80)
    rows = [
        MatchFactory.create(need=need, capability=line, score=score)
        for line, score in zip(_lines(operator, 3), scores, strict=True)
    ]

    assert _approve(need, rows) == ["proposed", "approved", "approved"]
    assert Notification.objects.filter(event="match.approved", recipient=operator.user).count() == 2


def test_leads_of_other_needs_count_and_answered_ones_do_not(lead: Match, need: Need, operator: Actor) -> None:
    line = lead.capability
    MatchFactory.create(need=NeedFactory.create(), capability=line, approved=True)
    waiting = MatchFactory.create(need=need, capability=_lines(operator, 1)[0])
    assert _approve(need, [waiting]) == ["proposed"]

    Match.objects.filter(pk=lead.pk).update(status="accepted")
    assert _approve(need, [waiting]) == ["approved"]


def test_a_listing_nobody_runs_is_not_bounded(need: Need) -> None:
    platform = PlatformFactory.create()
    rows = [MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform)) for _ in range(3)]

    assert _approve(need, rows) == ["approved"] * 3


def test_where_nothing_is_ripe_nobody_is_locked(need: Need, proposed: Match) -> None:
    with CaptureQueriesContext(connection) as queries:
        _approve(need, [proposed], Policy(approves_itself=False, approval_score=0, lead_limit=1))

    assert [query["sql"] for query in queries if "FOR " in query["sql"]] == []


def test_a_person_may_go_beyond_the_bound(lead: Match, need: Need, operator: Actor, zone_admin: Actor) -> None:
    RulesVersionFactory.create(of_zone=True, zone=need.zone, lead_limit=1)
    waiting = MatchFactory.create(need=need, capability=_lines(operator, 1)[0])

    assert match_review(actor=zone_admin, match=waiting, approve=True).status == "approved"


def test_who_moves_up_is_the_next_with_room(lead: Match, zone: Zone, operator: Actor, operator2: Actor) -> None:
    RulesVersionFactory.create(of_zone=True, zone=zone, lead_limit=1)
    Match.objects.filter(pk=lead.pk).update(answer_due_at=timezone.now() - timedelta(hours=1))
    busy, free = _lines(operator2, 1)[0], _lines(operator, 1)[0]
    MatchFactory.create(need=NeedFactory.create(), capability=busy, approved=True)
    second = MatchFactory.create(need=lead.need, capability=busy, rank=2, score=79)
    third = MatchFactory.create(need=lead.need, capability=free, rank=3, score=78)
    fourth = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create(), rank=4, score=77)

    assert leads_expire(now=timezone.now()) == 1

    # The expired lead has made room at its own operator; only one moves up for one that expired.
    states = [Match.objects.get(pk=match.pk).status for match in (lead, second, third, fourth)]
    assert states == ["expired", "proposed", "approved", "proposed"]
