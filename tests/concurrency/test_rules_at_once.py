"""Two administrators save at once, each on a connection of its own: one saves, the other is told by whom."""

import threading

import pytest
from django.db import connection

from matching import engine
from matching.models import RulesVersion
from matching.services.rules import RulesInput, RulesReplaced, rules_save
from matching.zone_rules import Policy
from tests.factories import make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def _race(actors: list[Actor]) -> tuple[list[str], list[str]]:
    """Names of what was saved, and of what the refused were told is in force."""
    saved: list[str] = []
    told: list[str] = []
    start = threading.Barrier(len(actors))

    def save(actor: Actor, region: float) -> None:
        policy = Policy(approves_itself=False, approval_score=60, lead_limit=10)
        weights = {**engine.Rules().as_mapping(), "region": region}
        start.wait()
        try:
            row = rules_save(
                actor=actor,
                entered=RulesInput(weights=weights, policy=policy, note=""),
                replaces=engine.Rules().version,
            )
            saved.append(row.name)
        except RulesReplaced as refusal:
            told.append(refusal.now.name)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[actor, 20.0 + n]) for n, actor in enumerate(actors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(saved), sorted(told)


def test_of_four_colleagues_one_saves(zone_admin: Actor) -> None:
    colleagues = [make_actor(Role.ZONE_ADMIN, zone_admin.zone) for _ in range(3)]

    assert _race([zone_admin, *colleagues]) == (["r1"], ["r1"] * 3)
    assert (RulesVersion.objects.count(), OutboxEvent.objects.count()) == (1, 1)


def test_offices_of_two_zones_get_a_number_each(zone_admin: Actor, other_zone_admin: Actor) -> None:
    assert _race([zone_admin, other_zone_admin]) == (["r1", "r2"], [])
