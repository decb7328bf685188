"""Rules are saved by the zone's office, once, against what it has seen."""

from collections.abc import Mapping
from typing import Any

import pytest

from matching import engine
from matching.models import RulesVersion
from matching.services.rules import RulesInput, RulesReplaced, next_name, rules_save
from matching.zone_rules import Policy, rules_in_force
from tests.factories import RulesVersionFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
BUILT_IN = engine.Rules().version


def entered(weights: Mapping[str, float] | None = None, **policy: Any) -> RulesInput:
    chosen = {"approves_itself": True, "approval_score": 70, "lead_limit": 5, **policy}
    return RulesInput(
        weights={**engine.Rules().as_mapping(), **(weights or {})}, policy=Policy(**chosen), note="区内优先"
    )


def test_saved_rules_are_in_force_audited_and_owed_to_open_needs(zone_admin: Actor) -> None:
    RulesVersionFactory.create(number=6)

    saved = rules_save(actor=zone_admin, entered=entered({"region": 60.0}), replaces="r6")

    in_force = rules_in_force(zone_admin.zone)
    assert (saved.name, in_force.saved, in_force.weights.region) == ("r7", saved, 60.0)
    assert in_force.policy == Policy(approves_itself=True, approval_score=70, lead_limit=5)
    assert (saved.created_by, saved.note, saved.replaced) == (
        zone_admin.user, "区内优先", RulesVersion.objects.get(number=6),
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_kind, entry.object_id, entry.zone_code, entry.note) == (
        zone_admin.user, "rules_saved", "rulesversion", saved.uuid, zone_admin.zone.code, "区内优先",
    )  # fmt: skip
    assert entry.detail == {
        "replaced": "r6",
        "changes": {
            "region": [12.0, 60.0], "approves_itself": [0, 1], "approval_score": [60, 70], "lead_limit": [100, 5],
        },
    }  # fmt: skip
    event = OutboxEvent.objects.get()
    assert (event.topic, event.payload) == ("rules.saved", {"rules_id": saved.pk, "after": 0})


def test_the_first_version_replaces_what_the_engine_brings(zone_admin: Actor) -> None:
    assert next_name() == "r1"

    saved = rules_save(actor=zone_admin, entered=entered(), replaces=BUILT_IN)

    assert (saved.number, saved.replaced, saved.zone) == (1, None, zone_admin.zone)
    assert next_name() == "r2"


@pytest.mark.parametrize("person", ["enterprise", "operator"])
def test_others_are_refused(person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        rules_save(actor=request.getfixturevalue(person), entered=entered(), replaces=BUILT_IN)

    _nothing_happened()


def test_another_zones_rules_do_not_count(zone_admin: Actor, other_zone_admin: Actor) -> None:
    rules_save(actor=other_zone_admin, entered=entered(), replaces=BUILT_IN)

    saved = rules_save(actor=zone_admin, entered=entered({"budget": 0.0}), replaces=BUILT_IN)

    assert (saved.name, saved.replaced) == ("r2", None)
    assert rules_in_force(other_zone_admin.zone).name == "r1"


def test_who_saves_after_a_colleague_is_refused_and_shown_the_colleagues(zone_admin: Actor) -> None:
    colleague = make_actor(Role.ZONE_ADMIN, zone_admin.zone, organization=zone_admin.organization)
    first = rules_save(actor=colleague, entered=entered({"region": 60.0}), replaces=BUILT_IN)

    with pytest.raises(RulesReplaced) as refused:
        rules_save(actor=zone_admin, entered=entered({"region": 5.0}), replaces=BUILT_IN)

    assert (refused.value.status, refused.value.code, refused.value.now.saved) == (409, "lost_race", first)
    assert (RulesVersion.objects.count(), OutboxEvent.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    "given",
    [
        entered({"moonlight": 1.0}),
        entered({"process": -1.0}),
        entered({"process": 101.0}),
        entered(approval_score=101),
        entered(lead_limit=0),
    ],
)
def test_figures_that_make_no_rules_are_refused(zone_admin: Actor, given: RulesInput) -> None:
    with pytest.raises(InvalidInput):
        rules_save(actor=zone_admin, entered=given, replaces=BUILT_IN)

    _nothing_happened()


def test_rules_that_change_nothing_are_refused(zone_admin: Actor, english: None) -> None:
    same = entered(approves_itself=False, approval_score=60, lead_limit=100)

    with pytest.raises(InvalidInput, match="nothing has changed"):
        rules_save(actor=zone_admin, entered=same, replaces=BUILT_IN)

    _nothing_happened()


def _nothing_happened() -> None:
    assert (RulesVersion.objects.count(), OutboxEvent.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)
