"""What is owed is done once, and nothing owed is lost."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from zhongshi.accounts.models import User
from zhongshi.core import nudger, outbox
from zhongshi.core.models import Notification, OutboxEvent

MARK, FAIL, REFUSE, LOSE = (f"tests.core.handlers.{name}" for name in ("leave_mark", "fail", "refuse", "lose_lease"))


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("person", password="irrelevant-here")


@pytest.fixture
def subscribed() -> Iterator[Callable[[str], None]]:
    """Subscribe a handler to the topic `test` for one test."""
    yield lambda handler: outbox.subscribe("test", handler)
    outbox._subscribers.pop("test", None)


def _emit(person: User, key: str = "k") -> OutboxEvent:
    with transaction.atomic():
        outbox.emit("test", key=key, user_id=person.pk)
    return OutboxEvent.objects.get(key=key)


def test_emit_writes_one_row_per_handler_and_key(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    subscribed(FAIL)
    with transaction.atomic():
        outbox.emit("test", key="a", user_id=person.pk)
        outbox.emit("test", key="a", user_id=person.pk)

    assert sorted(OutboxEvent.objects.values_list("handler", "key", "state")) == [
        (FAIL, "a", "pending"),
        (MARK, "a", "pending"),
    ]


def test_emit_is_undone_with_its_transaction(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)

    def write_and_break() -> None:
        with transaction.atomic():
            outbox.emit("test", key="a", user_id=person.pk)
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError):
        write_and_break()

    assert OutboxEvent.objects.count() == 0


def test_run_commits_effect_and_done_together(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    event = _emit(person)

    assert outbox.run(event.pk) is True

    event.refresh_from_db()
    assert (event.state, event.attempts) == ("done", 1)
    assert event.done_at is not None
    assert Notification.objects.count() == 1


def test_run_twice_has_one_effect(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    event = _emit(person)

    assert [outbox.run(event.pk), outbox.run(event.pk)] == [True, False]
    assert Notification.objects.count() == 1


def test_failure_puts_the_row_back_with_a_pause(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(FAIL)
    event = _emit(person)

    assert outbox.run(event.pk) is False

    event.refresh_from_db()
    assert (event.state, event.attempts, event.last_error) == ("pending", 1, "RuntimeError: not today")
    assert event.available_at > timezone.now()
    assert outbox.run(event.pk) is False
    event.refresh_from_db()
    assert event.attempts == 1


def test_poison_ends_dead_after_the_last_attempt(
    person: User, subscribed: Callable[[str], None], settings: pytest.FixtureRequest
) -> None:
    subscribed(FAIL)
    settings.OUTBOX_MAX_ATTEMPTS = 2  # type: ignore[attr-defined]
    event = _emit(person)
    for _ in range(2):
        OutboxEvent.objects.update(available_at=timezone.now())
        outbox.run(event.pk)

    event.refresh_from_db()
    assert (event.state, event.attempts) == ("dead", 2)


def test_permanent_failure_is_dead_at_once(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(REFUSE)
    event = _emit(person)

    outbox.run(event.pk)

    event.refresh_from_db()
    assert (event.state, event.attempts, event.last_error) == ("dead", 1, "Permanent: never")


def test_a_row_that_kills_its_workers_ends_dead(
    person: User, subscribed: Callable[[str], None], settings: pytest.FixtureRequest
) -> None:
    """A killed worker leaves a lease that expires; each such claim counts as a crash."""
    subscribed(MARK)
    settings.OUTBOX_MAX_CRASHES = 2  # type: ignore[attr-defined]
    event = _emit(person)
    for _ in range(3):
        outbox.claim(event.pk)
        OutboxEvent.objects.filter(state="leased").update(lease_until=timezone.now() - timedelta(seconds=1))

    event.refresh_from_db()
    assert (event.state, event.crashes) == ("dead", 2)


def test_a_lost_lease_rolls_the_effect_back(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(LOSE)
    event = _emit(person)

    assert outbox.run(event.pk) is False
    assert Notification.objects.count() == 0


def test_sweep_sends_what_was_never_announced_and_not_what_was_just_sent(
    person: User, subscribed: Callable[[str], None]
) -> None:
    subscribed(MARK)
    fresh, forgotten, late = (_emit(person, key) for key in ("fresh", "forgotten", "late"))
    OutboxEvent.objects.filter(pk=forgotten.pk).update(dispatched_at=None)
    OutboxEvent.objects.filter(pk=late.pk).update(dispatched_at=timezone.now() - timedelta(seconds=11))

    assert outbox.due_ids() == [forgotten.pk, late.pk]
    assert outbox.due_ids() == []
    assert fresh.pk not in outbox.due_ids()


def test_sweep_takes_up_an_expired_lease(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    event = _emit(person)
    outbox.claim(event.pk)
    assert outbox.due_ids() == []

    OutboxEvent.objects.update(lease_until=timezone.now() - timedelta(seconds=1), dispatched_at=None)
    OutboxEvent.objects.update(dispatched_at=timezone.now() - timedelta(minutes=2))

    assert outbox.due_ids() == [event.pk]


def test_prune_forgets_old_done_rows_and_keeps_dead_ones(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    done, dead = _emit(person, "done"), _emit(person, "dead")
    long_ago = timezone.now() - timedelta(days=8)
    OutboxEvent.objects.filter(pk=done.pk).update(state="done", done_at=long_ago)
    OutboxEvent.objects.filter(pk=dead.pk).update(state="dead", created_at=long_ago)

    assert outbox.prune() == 1
    assert list(OutboxEvent.objects.values_list("pk", flat=True)) == [dead.pk]


@pytest.mark.django_db(transaction=True)
def test_six_workers_on_one_row_have_one_effect(subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    event = _emit(User.objects.create_user("someone"))
    outcomes: list[bool] = []
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        outcomes.append(outbox.run(event.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False] * 5 + [True]
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_the_caller_nothing(subscribed: Callable[[str], None]) -> None:
    """The broker address of the test settings answers nobody; the fact is kept, the caller is not told."""
    subscribed(MARK)
    started = timezone.now()
    event = _emit(User.objects.create_user("someone"))

    assert timezone.now() - started < timedelta(seconds=5)
    event.refresh_from_db()
    assert event.state == "pending"


def test_nudger_never_blocks_when_its_queue_is_full() -> None:
    nudger.put(range(20_000))

    assert nudger._waiting.qsize() <= nudger._waiting.maxsize
    nudger._drop_waiting()
