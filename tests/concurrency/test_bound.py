"""Workers that approve at once, each on its own connection, do not exceed an operator's bound together."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from matching.models import Match
from matching.services import proposing
from matching.services.bounding import Room
from matching.services.proposing import approve_by_policy
from matching.zone_rules import Policy
from platforms.models import Capability
from tests.factories import CapabilityFactory, MatchFactory, NeedFactory, OrganizationFactory, PlatformFactory

pytestmark = pytest.mark.django_db(transaction=True)
POLICY = Policy(approves_itself=True, approval_score=60, lead_limit=3)


def _at_once(*attempts: Callable[[], None]) -> None:
    def run(attempt: Callable[[], None]) -> None:
        try:
            attempt()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _approve(match: Match) -> None:
    with transaction.atomic(durable=True):
        approve_by_policy(match.need, [match], POLICY)


def test_eight_workers_stop_at_the_bound(capability: Capability) -> None:
    matches = [MatchFactory.create(need=NeedFactory.create(), capability=capability) for _ in range(8)]
    start = threading.Barrier(8)

    def attempt(match: Match) -> None:
        start.wait()
        _approve(match)

    _at_once(*(lambda match=match: attempt(match) for match in matches))

    assert Match.objects.filter(status="approved").count() == 3
    assert Match.objects.filter(status="proposed").count() == 5


def test_the_second_worker_counts_after_the_first_has_written(
    capability: Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first stands still between counting and writing; without the lock the second would count the same."""
    matches = [MatchFactory.create(need=NeedFactory.create(), capability=capability) for _ in range(4)]
    for match in matches[:2]:
        _approve(match)
    counted, go_on = threading.Event(), threading.Event()

    class SlowRoom(Room):
        def __init__(self, rows: list[Match]) -> None:
            super().__init__(rows)
            counted.set()
            go_on.wait(1)

    def second() -> None:
        counted.wait()
        monkeypatch.setattr(proposing, "Room", Room)
        _approve(matches[3])
        go_on.set()

    monkeypatch.setattr(proposing, "Room", SlowRoom)
    _at_once(lambda: _approve(matches[2]), second)

    states = [Match.objects.get(pk=match.pk).status for match in matches]
    assert states == ["approved", "approved", "approved", "proposed"]


def test_operators_in_opposite_order_do_not_lock_each_other_out(capability: Capability) -> None:
    organization = OrganizationFactory.create()
    other = CapabilityFactory.create(platform=PlatformFactory.create(organization=organization))
    needs = [NeedFactory.create() for _ in range(6)]
    pairs = [
        [MatchFactory.create(need=need, capability=line) for line in lines]
        for need, lines in zip(needs, [(capability, other), (other, capability)] * 3, strict=True)
    ]

    def approve(pair: list[Match]) -> None:
        with transaction.atomic(durable=True):
            approve_by_policy(pair[0].need, pair, POLICY)

    _at_once(*(lambda pair=pair: approve(pair) for pair in pairs))

    for line in (capability, other):
        assert Match.objects.filter(status="approved", capability=line).count() == 3
