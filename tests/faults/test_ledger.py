"""The ledger finds what is missing and what is twice: each wrong is planted once, and must be counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from matching.models import Match, ScoringRun
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory, RulesVersionFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.models import Delivery, Notification, OutboxEvent, Robot

from .clients import MARK, Posted
from .ledger import CRASHES, Books, Totals
from .receiver import Receiver
from .rivals import Rivalry

pytestmark = [pytest.mark.django_db(transaction=True)]
TEXT = "需要发酵中试。"


@dataclass
class World:
    """An enterprise with a robot, an operator with a capability, and two needs that were posted and matched."""

    enterprise: Actor
    posted: Posted
    receiver: Receiver

    def post(self, title: str, *, key: str = "") -> Need:
        key = key or f"fault-0-{title}"
        need, _ = need_post(actor=self.enterprise, entered=NeedInput(title=title, text=TEXT), idempotency_key=key)
        self.posted.acknowledged[key] = str(need.uuid)
        return need

    def edit(self, need: Need, title: str) -> None:
        entered = NeedInput(title=title, text=TEXT)
        need.refresh_from_db()
        need_edit(actor=self.enterprise, need=need, revision=need.revision, entered=entered)

    def work(self) -> None:
        """Do all that is owed. The robots' letters are taken without a network."""
        while due := list(OutboxEvent.objects.filter(state="pending").order_by("id")):
            for event in due:
                if event.topic == "delivery.owed":
                    self._send(event)
                else:
                    assert outbox.run(event.pk), event.handler

    def _send(self, event: OutboxEvent) -> None:
        delivery = Delivery.objects.get(pk=event.payload["delivery_id"])
        if delivery.channel == "webhook":
            self.receiver.taken[str(delivery.uuid)] += 1
        Delivery.objects.filter(pk=delivery.pk).update(state="sent")
        OutboxEvent.objects.filter(pk=event.pk).update(state="done", done_at=event.created_at)

    def totals(self, drained: float = 1.0) -> Totals:
        given = connection.settings_dict
        user, host = f"{given['USER']}:{given['PASSWORD']}", f"{given['HOST']}:{given['PORT']}"
        return Books(f"postgres://{user}@{host}/{given['NAME']}").totals(self.posted, self.receiver, drained)


@pytest.fixture
def world(enterprise: Actor, operator: Actor, settings: pytest.FixtureRequest) -> Iterator[World]:
    platform = PlatformFactory.create(organization=operator.organization)
    FactFactory.create(capability=CapabilityFactory.create(platform=platform))
    RulesVersionFactory.create(of_zone=True, zone=enterprise.zone, approval_score=0)
    Robot.objects.create(organization=enterprise.organization, kind="webhook", name="程序", address="http://127.0.0.1/")
    receiver = Receiver(0)
    world = World(enterprise, Posted(), receiver)
    for title in ("需求甲", "需求乙"):
        world.post(title)
    world.work()
    yield world
    receiver.close()


def test_nothing_is_wrong_where_nothing_is(world: World) -> None:
    totals = world.totals()

    assert totals.wrong == {}
    assert (totals.acknowledged, totals.revisions, totals.notices, totals.outgoing) == (2, 2, 4, 2)
    assert Match.objects.filter(status="approved").count() == 2


def _lost_need(world: World) -> None:
    world.posted.acknowledged["fault-0-gone"] = str(uuid4())


def _doubled_need(world: World) -> None:
    world.post("需求甲", key="fault-0-second")
    world.work()


def _given_up(world: World) -> None:
    world.posted.wanted = len(world.posted.acknowledged) + 1


def _unscored(world: World) -> None:
    Match.objects.filter(need__title="需求甲").delete()
    ScoringRun.objects.filter(need__title="需求甲").delete()


def _unscored_revision(world: World) -> None:
    """Revision 1 had its turn before there was a revision 2, and left no run."""
    need = Need.objects.get(title="需求甲")
    world.edit(need, "需求丙")
    world.work()
    assert world.totals().wrong == {}
    Match.objects.filter(need=need).update(run=need.runs.get(revision=2))
    need.runs.filter(revision=1).delete()


def _lost_notice(world: World) -> None:
    Notification.objects.filter(event="need.scored", params__title="需求甲").delete()


def _lost_lead(world: World) -> None:
    Notification.objects.filter(event="match.approved").order_by("id")[0].delete()


def _doubled_notice(world: World) -> None:
    notice = Notification.objects.filter(event="need.scored").order_by("id")[0]
    notice.pk, notice.uuid, notice.dedupe_key = None, uuid4(), f"again:{notice.dedupe_key}"
    notice.save()


def _lost_delivery(world: World) -> None:
    Delivery.objects.filter(channel="webhook").order_by("id")[0].delete()


def _never_arrived(world: World) -> None:
    world.receiver.taken.popitem()


def _doubled_delivery(world: World) -> None:
    delivery = Delivery.objects.filter(channel="webhook").order_by("id")[0]
    delivery.pk, delivery.uuid, delivery.key = None, uuid4(), f"again:{delivery.key}"
    delivery.save()
    world.receiver.taken[str(delivery.uuid)] += 1


def _new_key(world: World) -> None:
    world.receiver.taken[str(uuid4())] += 1


def _unsent(world: World) -> None:
    Delivery.objects.filter(channel="webhook").update(state="failed")


def _dead(world: World) -> None:
    key = str(Need.objects.get(title="需求甲").uuid)
    OutboxEvent.objects.filter(handler__endswith="need_score", key__contains=key).update(state="dead", crashes=CRASHES)


def _living_poison(world: World) -> None:
    """It was to kill its worker four times and was scored instead: its rows are left out of all else."""
    world.posted.poison.add(str(Need.objects.get(title="需求甲").uuid))


def _left_waiting(world: World) -> None:
    OutboxEvent.objects.filter(handler__endswith="need_score").update(state="pending", done_at=None)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (_lost_need, {"lost_needs": 1}),
        (_doubled_need, {"doubled_needs": 1}),
        (_given_up, {"given_up": 1}),
        # The run's notice and its match went with it, or tell of nothing now.
        (_unscored, {"unscored": 1, "doubled_notices": 2}),
        (_unscored_revision, {"unscored": 1, "doubled_notices": 1}),
        # Its deliveries went with the notice: the receiver has a letter nobody owed.
        (_lost_notice, {"lost_notices": 1, "strange_outgoing": 1}),
        (_lost_lead, {"lost_notices": 1}),
        # Whoever plants a second notice owes its webhook and its mail as well.
        (_doubled_notice, {"doubled_notices": 1, "lost_outgoing": 2}),
        (_lost_delivery, {"lost_outgoing": 1, "strange_outgoing": 1}),
        (_never_arrived, {"lost_outgoing": 1}),
        (_doubled_delivery, {"doubled_outgoing": 1}),
        (_new_key, {"strange_outgoing": 1}),
        (_unsent, {"unsent": 2}),
        (_dead, {"dead": 1}),
        (_living_poison, {"poison_alive": 1}),
        (_left_waiting, {"left_waiting": 2}),
    ],
)
def test_each_wrong_is_counted(world: World, plant: Callable[[World], None], found: dict[str, int]) -> None:
    plant(world)

    assert world.totals().wrong == found


def test_what_is_to_be_tried_again_is_told_and_not_wrong(world: World) -> None:
    _unsent(world)
    later = timezone.now() + timedelta(minutes=5)
    OutboxEvent.objects.filter(handler__endswith="sending.send").update(state="pending", available_at=later)

    totals = world.totals()

    assert totals.wrong == {}
    assert (totals.resting, totals.unsent) == (2, 0)


@contextmanager
def _without_constraint(table: str, name: str) -> Iterator[None]:
    """PostgreSQL itself refuses a second row; to see the ledger count one, its refusal is lifted for a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        [definition] = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def test_a_second_run_and_a_second_match_are_counted(world: World) -> None:
    run, match = ScoringRun.objects.order_by("id")[0], Match.objects.order_by("id")[0]
    with (
        _without_constraint("matching_scoringrun", "run_once_per_revision"),
        _without_constraint("matching_match", "match_once_per_pair"),
    ):
        run.pk = match.pk = None
        match.uuid = uuid4()
        match.save()
        run.save()
        wrong = world.totals().wrong
        match.delete()
        run.delete()

    assert wrong == {"doubled_runs": 1, "doubled_matches": 1, "lost_notices": 1}


def test_a_revision_edited_before_its_turn_needs_no_score(world: World) -> None:
    need = world.post("需求丁")
    world.edit(need, "需求戊")
    world.work()

    totals = world.totals()

    assert totals.wrong == {}
    assert (totals.revisions, totals.superseded) == (4, 1)
    assert list(need.runs.values_list("revision", flat=True)) == [2]


def test_a_dead_poison_is_no_wrong(world: World) -> None:
    need = world.post(f"{MARK}需求")
    world.posted.poison.add(str(need.uuid))
    OutboxEvent.objects.filter(state="pending").update(state="dead", crashes=CRASHES)

    totals = world.totals()

    assert totals.wrong == {}
    assert (totals.poison_dead, totals.poison_alive) == (1, 0)


def test_what_the_receiver_got_twice_is_told_and_not_wrong(world: World) -> None:
    delivery = Delivery.objects.filter(channel="webhook").order_by("id")[0]
    world.receiver.taken[str(delivery.uuid)] += 1

    totals = world.totals()

    assert (totals.wrong, totals.raw_duplicates) == ({}, 1)


def test_a_slow_drain_is_wrong(world: World) -> None:
    assert world.totals(drained=60.0).wrong == {}
    assert world.totals(drained=60.5).wrong == {"drained_seconds": 60.5}


@pytest.mark.parametrize(
    ("codes", "changed", "stands", "wrong"),
    [
        ([200, 409, 422], True, True, {}),
        ([200, 200, 409], True, True, {"double": 1}),
        ([200, 409, 409], True, False, {"lost": 1}),
        ([409, 409, 409], False, False, {"unwon": 1}),
        # The winner's answer was lost, and asking again it was told that it came too late.
        ([409, 409, 409], True, False, {}),
    ],
)
def test_races_are_judged(codes: list[int], changed: bool, stands: bool, wrong: dict[str, int]) -> None:
    rivalry = Rivalry()

    rivalry.judge(codes, changed=changed, stands=stands)

    assert rivalry.wrong == wrong
