"""Whoever is awake works off the queue: a backlog needs no call for each row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from zhongshi.accounts.models import User
from zhongshi.core import outbox, tasks
from zhongshi.core.models import Notification, OutboxEvent

MARK, FAIL = "tests.core.handlers.leave_mark", "tests.core.handlers.fail"

pytestmark = pytest.mark.usefixtures("usual")


@pytest.fixture
def usual() -> Iterator[None]:
    """MARK in the usual queue, FAIL among what calls other servers."""
    outbox.subscribe("test", MARK)
    outbox.subscribe("test.outside", FAIL, queue=outbox.OUTSIDE_QUEUE)
    yield
    outbox._subscribers.pop("test")
    outbox._subscribers.pop("test.outside")
    outbox._queues.pop(FAIL)


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("person", password="irrelevant-here")


def owe(person: User, *keys: str, topic: str = "test") -> None:
    with transaction.atomic():
        for key in keys:
            outbox.emit(topic, key=key, user_id=person.pk)


def states() -> dict[str, str]:
    return dict(OutboxEvent.objects.values_list("key", "state"))


def test_one_call_works_off_the_rows_of_its_queue_and_of_no_other(person: User) -> None:
    owe(person, "a", "b", "c")
    owe(person, "outside", topic="test.outside")

    tasks.run_outbox.apply(kwargs={"event_id": OutboxEvent.objects.get(key="b").pk}, routing_key="celery")

    assert states() == {"a": "done", "b": "done", "c": "done", "outside": "pending"}
    assert Notification.objects.count() == 3


def test_the_oldest_comes_first_and_what_is_not_due_waits(person: User) -> None:
    owe(person, "new", "old", "later")
    now = timezone.now()
    OutboxEvent.objects.filter(key="old").update(available_at=now - timedelta(hours=1))
    OutboxEvent.objects.filter(key="later").update(available_at=now + timedelta(hours=1))

    assert outbox.work_off("celery", seconds=60) == 2

    marks = Notification.objects.order_by("pk").values_list("dedupe_key", flat=True)
    numbers = dict(OutboxEvent.objects.values_list("key", "pk"))
    assert list(marks) == [f"mark:{numbers['old']}", f"mark:{numbers['new']}"]
    assert states()["later"] == "pending"


def test_a_row_that_fails_is_tried_once_and_rests(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox._retries, FAIL, outbox.Retry(attempts=8, first=60))
    owe(person, "fails", topic="test.outside")

    assert outbox.work_off(outbox.OUTSIDE_QUEUE, seconds=60) == 1

    row = OutboxEvent.objects.get()
    assert (row.state, row.attempts) == ("pending", 1)
    assert row.available_at > timezone.now()


def test_a_row_out_of_crashes_dies_and_keeps_nobody(person: User) -> None:
    owe(person, "poison", "good")
    OutboxEvent.objects.filter(key="poison").update(
        state="leased",
        crashes=3,
        lease_token="00000000-0000-4000-8000-000000000000",
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    outbox.work_off("celery", seconds=60)

    assert states() == {"poison": "dead", "good": "done"}


def test_it_ends_when_its_time_is_over(person: User) -> None:
    owe(person, "a", "b")

    assert outbox.work_off("celery", seconds=0) == 0
    assert states() == {"a": "pending", "b": "pending"}
