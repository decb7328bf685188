"""Workers of whom one is thought dead, and people who write the same listing: one of them counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from platforms.models import Capability, Platform
from platforms.services.editing import PlatformEntry, platform_save, platform_seen
from tests.concurrency.racing import ROUNDS, race
from tests.factories import PlatformFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import User
from zhongshi.core import deadletters, outbox
from zhongshi.core.errors import DomainError
from zhongshi.core.models import AuditEntry, Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


class Lost(DomainError):
    """The lease was lost, in the words of a race."""

    code = "lease_lost"


def _event(key: str, **fields: object) -> OutboxEvent:
    row = {"topic": "test", "handler": "tests.core.handlers.leave_mark", "key": key, "available_at": timezone.now()}
    return OutboxEvent.objects.create(**row | fields)


def _end(event: OutboxEvent, person: User) -> None:
    """The effect and the end of a worker's work, in one transaction."""
    assert event.lease_token is not None
    try:
        with transaction.atomic():
            Notification.objects.create(recipient=person, event="test", dedupe_key=f"{event.key}:{event.lease_token}")
            outbox.finish(event.pk, event.lease_token)
    except outbox.LeaseLost as lost:
        raise Lost from lost


def test_a_worker_thought_dead_comes_back_beside_its_successor() -> None:
    """Its lease has run out: either it still ends first, or the other has taken over and its effect is rolled back."""
    person = User.objects.create_user("someone")
    for seed in ROUNDS:
        event = _event(f"{seed}")
        late = outbox.claim(event.pk)
        assert late is not None
        OutboxEvent.objects.filter(pk=event.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

        def take_over(event: OutboxEvent = event) -> None:
            mine = outbox.claim(event.pk)
            if mine is None:
                raise Lost
            _end(mine, person)

        outcomes = race([lambda late=late: _end(late, person), take_over], seed)

        event.refresh_from_db()
        assert sorted(outcomes) == ["lease_lost", "won"]
        assert (event.state, Notification.objects.filter(dedupe_key__startswith=f"{seed}:").count()) == ("done", 1)


def test_the_token_of_a_dead_worker_opens_nothing() -> None:
    person = User.objects.create_user("someone")
    event = _event("k")
    dead = outbox.claim(event.pk)
    OutboxEvent.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    alive = outbox.claim(event.pk)
    assert dead is not None
    assert alive is not None

    with pytest.raises(Lost):
        _end(dead, person)
    assert Notification.objects.count() == 0
    _end(alive, person)

    event.refresh_from_db()
    assert (event.state, event.crashes, Notification.objects.count()) == ("done", 1, 1)


def test_giving_up_while_another_retries() -> None:
    people = [User.objects.create_superuser(f"root{n}") for n in range(2)]
    for seed in ROUNDS:
        event = _event(f"{seed}", state="dead")

        outcomes = race(
            [
                lambda event=event: deadletters.retry(actor=people[0], event=event),
                lambda event=event: deadletters.give_up(actor=people[1], event=event, note="无需处理"),
            ],
            seed,
        )

        # What was given up may still be tried again, so retrying always counts; giving up only comes first.
        event.refresh_from_db()
        assert outcomes in (["won", "won"], ["won", "lost_race"])
        assert (event.state, event.dismissed_at) == ("pending", None)
        assert AuditEntry.objects.filter(object_id=deadletters.trail_id(event)).count() == outcomes.count("won")


def test_two_sweeps_announce_each_row_once() -> None:
    for seed in ROUNDS:
        ids = {_event(f"{seed}-{n}").pk for n in range(20)}
        seen: list[list[int]] = []

        race([lambda seen=seen: seen.append(outbox.due_ids())] * 3, seed)

        announced = [pk for found in seen for pk in found if pk in ids]
        assert sorted(announced) == sorted(set(announced))
        assert set(announced) <= ids
        OutboxEvent.objects.all().delete()


def test_two_colleagues_write_the_same_platform(operator: Actor) -> None:
    colleague = make_actor(Role.OPERATOR, operator.zone, organization=operator.organization)
    for seed in ROUNDS:
        platform = PlatformFactory.create(zone=operator.zone, organization=operator.organization)
        seen = platform_seen(platform)

        def save(actor: Actor, name: str, platform: Platform = platform, seen: str = seen) -> None:
            entry = PlatformEntry(head={"name": name, "country": "CN"})
            platform_save(actor=actor, platform=Platform.objects.get(pk=platform.pk), entry=entry, seen=seen)

        outcomes = race([lambda: save(operator, "甲平台"), lambda: save(colleague, "乙平台")], seed)

        platform.refresh_from_db()
        assert sorted(outcomes) == ["lost_race", "won"]
        assert platform.name == ("甲平台" if outcomes[0] == "won" else "乙平台")
        assert Capability.objects.filter(platform=platform).count() == 0
