"""The review board: what stands in which column, how long, and whose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from matching.reviewing.board import Filter, items_of, shown, tallies
from matching.reviewing.queues import waiting
from matching.statistics.workdays import workdays_before
from requests.models import Need
from tests.factories import (
    CapabilityFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    PlatformFactory,
    RulesVersionFactory,
)
from tests.matching.reviewing.conftest import Waiting
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.audit import record

BOARD = "/park/review/"
KINDS = ["capability", "certificate", "match", "need", "organization", "platform"]


def test_every_kind_waits_in_the_first_column_of_its_own_zone(
    zone: Zone, other_zone: Zone, one_of_each: Waiting
) -> None:
    mine = one_of_each(zone)
    one_of_each(other_zone)
    now = timezone.now()

    entries = list(shown(zone, now, Filter(column="new")))

    assert sorted((kind, pk) for kind, pk, *_ in entries) == sorted((kind, row.pk) for kind, row in mine.items())
    assert {kind: columns.get("new") for kind, columns in tallies(zone, now).items()} == dict.fromkeys(KINDS, 1)


def test_late_is_what_waits_over_two_working_days(zone: Zone, one_of_each: Waiting) -> None:
    need = one_of_each(zone)["need"]
    now = timezone.now()
    Need.objects.filter(pk=need.pk).update(status_changed_at=workdays_before(now, 3))

    (item,) = items_of(shown(zone, now, Filter(is_late=True)), now, 10)

    assert (item.kind, item.row, item.days, item.is_late) == ("need", need, 3, True)
    assert waiting(zone, now, late_before=workdays_before(now, 2)) == (6, 1)


def test_what_went_online_shows_only_where_somebody_decided_it(zone: Zone, zone_admin: Actor) -> None:
    now = timezone.now()
    loaded = PlatformFactory.create(zone=zone, status_changed_at=now)
    decided = PlatformFactory.create(zone=zone, status_changed_at=now)
    old = PlatformFactory.create(zone=zone, status_changed_at=now - timedelta(days=31))
    for row in (decided, old):
        record("status", row, actor=zone_admin.user, from_status="submitted", to_status="published")
    record("status", loaded, actor=None, from_status="draft", to_status="published")

    assert [pk for _, pk, *_ in shown(zone, now, Filter(kind="platform", column="live"))] == [decided.pk]


def test_held_back_are_matches_whose_operator_has_its_hands_full(zone: Zone, operator: Actor, office: Client) -> None:
    platform = PlatformFactory.create(zone=zone, organization=operator.organization)
    RulesVersionFactory.create(of_zone=True, zone=zone, lead_limit=3)
    for _ in range(3):
        MatchFactory.create(capability=CapabilityFactory.create(platform=platform), approved=True)
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    held = MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform))
    free = MatchFactory.create(need=need)

    page = office.get(f"{BOARD}?kind=match&held=1").content.decode()

    assert held.capability.name in page
    assert free.capability.name not in page
    assert "held back by the rules" in page


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("query", "queries"), [("", 23), ("?view=list", 21)])
def test_costs_the_same_for_one_and_thirty(
    rows: int,
    query: str,
    queries: int,
    zone: Zone,
    one_of_each: Waiting,
    office: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one_of_each(zone)
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    for _ in range(rows):
        MatchFactory.create(need=need)

    with django_assert_num_queries(queries):
        page = office.get(f"{BOARD}{query}").content.decode()

    assert f'Review <span class="muted">{6 + rows}</span>' in page


def test_the_list_is_turned_round(zone: Zone, office: Client, one_of_each: Waiting) -> None:
    need = one_of_each(zone)["need"]
    Need.objects.filter(pk=need.pk).update(status_changed_at=timezone.now() - timedelta(days=30), title="最早的需求")

    oldest = office.get(f"{BOARD}?view=list").content.decode()
    newest = office.get(f"{BOARD}?view=list&sort=newest").content.decode()

    assert oldest.split("<tbody>")[1].split("</tr>")[0].count("最早的需求")
    assert newest.split("<tbody>")[1].split("</tr>")[-2].count("最早的需求")


def test_an_empty_board_says_so(office: Client) -> None:
    assert office.get(BOARD).content.decode().count("Nothing here.") == 4
    assert "The whole board" in office.get(f"{BOARD}?view=list").content.decode()


def test_htmx_gets_the_part_alone(office: Client) -> None:
    part = office.get(BOARD, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()

    assert part.startswith('<div id="review"')


def test_a_nominated_match_says_so(zone: Zone, zone_admin: Actor, office: Client, one_of_each: Waiting) -> None:
    match = one_of_each(zone)["match"]
    Match.objects.filter(pk=match.pk).update(nominated_by=zone_admin.user)

    assert "nominated" in office.get(f"{BOARD}?kind=match").content.decode()
