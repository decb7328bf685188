"""Which rules are in force where: the zone's newest, else the installation's, else the engine's own."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from matching import engine
from matching.models import RulesVersion
from matching.zone_rules import LEAD_LIMIT, Policy, installation_rules, rules_in_force, rules_of
from tests.factories import MatchFactory, RulesVersionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone

pytestmark = pytest.mark.django_db


def test_before_anything_is_saved_the_engines_weights_and_the_zones_policy_hold(zone: Zone) -> None:
    zone.approves_itself, zone.approval_score = True, 72

    rules = rules_in_force(zone)

    assert (rules.saved, rules.weights, rules.name) == (None, engine.Rules(), engine.Rules().version)
    assert rules.policy == Policy(approves_itself=True, approval_score=72, lead_limit=LEAD_LIMIT)


def test_the_installations_weights_leave_the_zones_policy_alone(zone: Zone) -> None:
    RulesVersionFactory.create(number=1, weights={"process": 80.0})
    zone.approval_score = 72

    rules = rules_in_force(zone)

    assert (rules.name, rules.weights.process, rules.policy.approval_score) == ("r1", 80.0, 72)


def test_the_zones_newest_active_version_goes_first(zone: Zone, other_zone: Zone) -> None:
    own = RulesVersionFactory.create(number=1, of_zone=True, zone=zone, weights={"process": 70.0}, lead_limit=3)
    RulesVersionFactory.create(number=2, weights={"process": 80.0})
    RulesVersionFactory.create(number=3, of_zone=True, zone=other_zone, weights={"process": 90.0})
    RulesVersionFactory.create(number=4, of_zone=True, zone=zone, is_active=False)

    rules = rules_in_force(zone)

    assert (rules.saved, rules.weights.process) == (own, 70.0)
    assert rules.policy == Policy(approves_itself=True, approval_score=60, lead_limit=3)
    assert rules_in_force(other_zone).name == "r3"
    assert installation_rules().version == "r2"


def test_asking_costs_one_query(zone: Zone, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    RulesVersionFactory.create(of_zone=True, zone=zone)

    with django_assert_num_queries(1):
        rules_in_force(zone)


def test_a_weight_the_engine_has_given_up_is_passed_over(zone: Zone) -> None:
    saved = RulesVersionFactory.create(weights={"process": 70.0, "moonlight": 5.0})

    assert rules_of(saved, zone).weights == engine.Rules.from_mapping({"process": 70.0}, version=saved.name)


def test_figures_are_weights_and_policy_in_one_row(zone: Zone) -> None:
    saved = RulesVersionFactory.create(of_zone=True, zone=zone, weights={"process": 70.0}, approves_itself=False)

    figures = rules_of(saved, zone).figures()

    assert figures == {
        **engine.Rules().as_mapping(), "process": 70.0, "approves_itself": 0, "approval_score": 60, "lead_limit": 10,
    }  # fmt: skip


def test_an_office_sees_its_own_and_the_installations(
    zone_admin: Actor, enterprise: Actor, other_zone_admin: Actor
) -> None:
    own = RulesVersionFactory.create(number=1, of_zone=True, zone=zone_admin.zone)
    common = RulesVersionFactory.create(number=2)

    assert list(RulesVersion.objects.visible_to(zone_admin)) == [own, common]
    assert list(RulesVersion.objects.visible_to(enterprise)) == [own, common]
    assert list(RulesVersion.objects.visible_to(other_zone_admin)) == [common]
    assert list(RulesVersion.objects.visible_to(None)) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"approval_score": 101},
        {"lead_limit": 0},
        {"approves_itself": None},
        {"zone": None},
    ],
)
def test_the_database_refuses_half_a_policy(zone: Zone, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="rules_policy_with_zone"), transaction.atomic():
        RulesVersionFactory.create(**{"of_zone": True, "zone": zone, **columns})


def test_a_number_is_given_once() -> None:
    RulesVersionFactory.create(number=7)

    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        RulesVersionFactory.create(number=7)


@pytest.mark.parametrize(
    ("by_itself", "score", "verdict", "hard", "expected"),
    [
        (True, 60.0, "pass", True, True),
        (True, 60.0, "unknown", True, True),
        (True, 60.0, "fail", False, True),
        (True, 60.0, "fail", True, False),
        (True, 59.9, "pass", True, False),
        (False, 99.0, "pass", True, False),
    ],
)
def test_policy(by_itself: bool, score: float, verdict: str, hard: bool, expected: bool) -> None:
    policy = Policy(approves_itself=by_itself, approval_score=60, lead_limit=1)
    verdicts = [{"condition": 0, "kind": "process", "hard": hard, "verdict": verdict, "evidence": {}}]
    match = MatchFactory.build(score=score, verdicts=verdicts, need=None, capability=None, run=None)

    assert policy.approves(match) is expected
