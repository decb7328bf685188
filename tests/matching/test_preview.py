"""What new rules would change, on needs ranked by hand."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from matching import engine
from matching.preview import Effect, preview_rules
from matching.zone_rules import Policy, ZoneRules
from platforms.models import Capability
from platforms.services import platform_load
from requests.models import Need
from tests.factories import ConditionFactory, NeedFactory, OrganizationFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone

pytestmark = pytest.mark.django_db(transaction=True)
NEVER = Policy(approves_itself=False, approval_score=0, lead_limit=1)


def _rules(policy: Policy = NEVER, **weights: float) -> ZoneRules:
    return ZoneRules(weights=engine.Rules.from_mapping(weights, version="new"), policy=policy, saved=None)


def _list(zone: Zone, number: int, region: str, processes: list[str], organization: Any = None) -> Capability:
    part = {"id": f"x-{number}-1", "name": f"线{number}", "summary": "", "processes": processes, "parameters": []}
    record = {"id": f"x-{number}", "name": f"平台{number}", "country": "CN", "region": region, "capabilities": [part]}
    platform_load(record=record, zone=zone, organization=organization, publish=True)
    return Capability.objects.get(external_id=f"x-{number}-1")


def _need(zone: Zone, *, region: str = "510100") -> Need:
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone), text="", title="", region="")
    ConditionFactory.create(need=need, value="发酵", is_hard=False)
    ConditionFactory.create(need=need, kind="region", value=[region], text=region, is_hard=False)
    return need


@pytest.fixture
def market(zone: Zone, operator: Actor) -> dict[str, Capability]:
    """One that does it far away, one that is near and does something else."""
    return {
        "far": _list(zone, 1, "420100", ["发酵"], operator.organization),
        "near": _list(zone, 2, "510100", ["光刻"], operator.organization),
    }


def test_places_moves_and_points_side_by_side(market: dict[str, Capability], zone_admin: Actor, zone: Zone) -> None:
    need = _need(zone)

    found = preview_rules(zone_admin, _rules(process=90.0, region=10.0), _rules(process=10.0, region=90.0))

    [compared] = found.needs
    assert compared.need == need
    assert [place.capability for place in compared.before] == [market["far"], market["near"]]
    assert [place.capability for place in compared.after] == [market["near"], market["far"]]
    best, second = compared.after
    assert (best.rank, best.other_rank, best.moved, best.is_only_here) == (1, 2, 1, False)
    assert (second.rank, second.other_rank, second.moved) == (2, 1, -1)
    assert best.gained == round(best.score - compared.before[1].score, 1) > 0
    assert second.gained is not None
    assert second.gained < 0
    assert (compared.has_other_first, compared.changed_places, compared.stayed) == (True, 2, 2)
    assert (found.other_first, found.changed_places, found.places, found.overlap) == (1, 2, 2, 1.0)
    assert (found.changed, found.unchanged) == ([compared], [])


def test_who_leaves_the_first_five_and_who_comes_in(zone: Zone, zone_admin: Actor) -> None:
    able = [_list(zone, n, "420100", ["发酵"]) for n in range(5)]
    near = _list(zone, 9, "510100", ["光刻"])
    _need(zone)

    [compared] = preview_rules(zone_admin, _rules(process=90.0, region=1.0), _rules(process=1.0, region=90.0)).needs

    assert {place.capability for place in compared.before} == set(able)
    assert compared.after[0].capability == near
    assert (compared.after[0].other_rank, compared.after[0].is_only_here) == (6, True)
    [left] = [place for place in compared.before if place.is_only_here]
    assert left.other_rank == 6
    assert (compared.stayed, compared.places) == (4, 5)


def test_the_same_order_is_no_change(market: dict[str, Capability], zone_admin: Actor, zone: Zone) -> None:
    _need(zone)

    found = preview_rules(zone_admin, _rules(), _rules(process=41.0))

    assert (found.changed, found.other_first, found.changed_places, found.overlap) == ([], 0, 0, 1.0)
    assert len(found.unchanged) == 1


def test_those_that_change_most_come_first(market: dict[str, Capability], zone_admin: Actor, zone: Zone) -> None:
    moved = _need(zone)
    still = _need(zone, region="420100")

    found = preview_rules(zone_admin, _rules(process=90.0, region=10.0), _rules(process=10.0, region=90.0))

    assert [item.need for item in found.needs] == [moved, still]


def test_only_the_offices_own_needs_and_no_drafts(
    market: dict[str, Capability], zone: Zone, other_zone: Zone, zone_admin: Actor
) -> None:
    own = _need(zone)
    _need(other_zone)
    Need.objects.filter(pk=_need(zone).pk).update(status="draft")

    found = preview_rules(zone_admin, _rules(), _rules(process=10.0))

    assert [item.need for item in found.needs] == [own]


def test_the_last_needs_are_compared(
    market: dict[str, Capability], zone: Zone, zone_admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.preview.NEEDS", 2)
    needs = [_need(zone) for _ in range(3)]

    found = preview_rules(zone_admin, _rules(), _rules())

    assert [item.need for item in found.needs] == [needs[2], needs[1]]


def test_what_the_policy_would_let_through_and_hold_back(
    market: dict[str, Capability], zone: Zone, zone_admin: Actor
) -> None:
    for _ in range(3):
        _need(zone)
    before = _rules(Policy(approves_itself=True, approval_score=0, lead_limit=4))
    strict = _rules(Policy(approves_itself=True, approval_score=100, lead_limit=4))

    found = preview_rules(zone_admin, before, strict)

    # Two lines of one operator for each of three needs; four leads are allowed.
    assert (found.before, found.after) == (Effect(passing=6, held_back=2), Effect(passing=0, held_back=0))
    assert preview_rules(zone_admin, before, _rules()).after == Effect(0, 0)


def test_listings_nobody_runs_are_not_held_back(zone: Zone, zone_admin: Actor) -> None:
    _list(zone, 1, "510100", ["发酵"])
    for _ in range(3):
        _need(zone)
    rules = _rules(Policy(approves_itself=True, approval_score=0, lead_limit=1))

    assert preview_rules(zone_admin, rules, rules).after == Effect(passing=3, held_back=0)


def test_without_needs_there_is_nothing_to_show(zone_admin: Actor) -> None:
    found = preview_rules(zone_admin, _rules(), _rules(process=1.0))

    assert (found.needs, found.overlap, found.before) == ([], 1.0, Effect(0, 0))


@pytest.mark.parametrize("needs", [1, 3])
def test_one_need_and_three_cost_the_same(
    needs: int,
    market: dict[str, Capability],
    zone: Zone,
    zone_admin: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(needs):
        _need(zone)
    preview_rules(zone_admin, _rules(), _rules())

    with django_assert_num_queries(8):
        preview_rules(zone_admin, _rules(), _rules(process=10.0))
