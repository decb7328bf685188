"""What is owed is done once, and nothing owed is lost."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhongshi.accounts.models import User
from zhongshi.core import nudger, outbox, tasks
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

    before = timezone.now()
    assert outbox.run(event.pk) is False
    after = timezone.now()

    event.refresh_from_db()
    assert (event.state, event.attempts, event.last_error) == ("pending", 1, "RuntimeError: not today")
    # The first pause is a second, of which chance may take half.
    assert before + timedelta(seconds=0.5) <= event.available_at <= after + timedelta(seconds=1)
    OutboxEvent.objects.update(available_at=after + timedelta(hours=1))
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


def test_a_commit_without_an_answer_stays_done(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed("tests.core.handlers.hear_no_answer")
    event = _emit(person)

    outbox.run(event.pk)

    event.refresh_from_db()
    assert (event.state, event.last_error) == ("done", "")
    assert Notification.objects.count() == 1


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


def test_a_handler_with_its_own_patience_is_tried_as_often_as_it_asks(
    person: User, subscribed: Callable[[str], None]
) -> None:
    outbox.subscribe("test", FAIL, retry=outbox.Retry(attempts=2, first=45, ceiling=28_800))
    try:
        event = _emit(person)
        outbox.run(event.pk)
        event.refresh_from_db()
        pause = (event.available_at - timezone.now()).total_seconds()
        OutboxEvent.objects.update(available_at=timezone.now())
        outbox.run(event.pk)
    finally:
        outbox._subscribers.pop("test")
        outbox._retries.pop(FAIL)

    assert 44 < pause <= 90
    assert event.state == "pending"
    assert OutboxEvent.objects.get().state == "dead"


def test_outside_is_tried_twelve_times_within_a_day_or_so() -> None:
    pauses = [min(2**attempt * outbox.OUTSIDE.first, outbox.OUTSIDE.ceiling) for attempt in range(1, 12)]

    assert outbox.OUTSIDE.attempts == 12
    assert pauses == sorted(pauses)
    assert 12 * 3600 < sum(pauses) / 2 < sum(pauses) < 30 * 3600


def test_who_is_told_to_come_back_later_does(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed("tests.core.handlers.come_back")
    event = _emit(person)

    assert not outbox.run(event.pk)

    event.refresh_from_db()
    assert (event.state, event.attempts) == ("pending", 1)
    assert event.available_at > timezone.now() + timedelta(seconds=3500)


def test_what_is_owed_later_is_not_done_now(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    tomorrow = timezone.now() + timedelta(days=1)
    with transaction.atomic():
        outbox.emit("test", key="k", available_at=tomorrow, user_id=person.pk)
    event = OutboxEvent.objects.get()

    assert (event.available_at, event.payload) == (tomorrow, {"user_id": person.pk})
    assert not outbox.run(event.pk)
    assert outbox.due_ids() == []
    OutboxEvent.objects.update(available_at=timezone.now(), dispatched_at=timezone.now() - timedelta(days=1))
    assert outbox.due_ids() == [event.pk]


def test_a_postponed_row_has_lost_no_attempt(person: User, subscribed: Callable[[str], None]) -> None:
    subscribed("tests.core.handlers.rest")
    event = _emit(person)

    outbox.run(event.pk)

    event.refresh_from_db()
    assert (event.state, event.attempts, event.lease_token is None) == ("pending", 0, False)
    assert event.available_at > timezone.now() + timedelta(hours=23)


def test_what_calls_other_servers_goes_to_the_workers_that_may(person: User, subscribed: Callable[[str], None]) -> None:
    outbox.subscribe("test", FAIL, queue=outbox.OUTSIDE_QUEUE)
    subscribed(MARK)
    try:
        with transaction.atomic():
            outbox.emit("test", key="k", user_id=person.pk)
        rows = dict(OutboxEvent.objects.values_list("pk", "handler"))
        found = {rows[pk]: queue for pk, queue in outbox.queues_of(rows)}
    finally:
        outbox._queues.pop(FAIL)

    assert found == {FAIL: "notify", MARK: ""}
    assert outbox.queues_of([]) == []


@pytest.mark.parametrize("topic", ["delivery.owed", "digest.owed", "account_mail.owed"])
def test_mail_and_robots_leave_by_the_outside_queue(topic: str) -> None:
    handlers = outbox.subscribers_of(topic)

    assert [outbox._queues.get(handler) for handler in handlers] == ["notify"]


def test_in_a_crowd_only_what_was_sent_a_minute_ago_is_sent_again(
    person: User, subscribed: Callable[[str], None]
) -> None:
    subscribed(MARK)
    recent, old, never = (_emit(person, key) for key in ("recent", "old", "never"))
    now = timezone.now()
    OutboxEvent.objects.filter(pk=recent.pk).update(
        dispatched_at=now - timedelta(seconds=30), available_at=now - timedelta(minutes=1)
    )
    OutboxEvent.objects.filter(pk=old.pk).update(
        dispatched_at=now - timedelta(seconds=61), available_at=now - timedelta(minutes=2)
    )
    OutboxEvent.objects.filter(pk=never.pk).update(dispatched_at=None)

    assert outbox.due_ids(queued=201) == [never.pk, old.pk]
    assert outbox.due_ids(queued=200) == [recent.pk]


def test_the_sweep_takes_what_was_sent_longest_ago_first(person: User, subscribed: Callable[[str], None]) -> None:
    """Rows that are sent in vain again and again do not stand before the others."""
    subscribed(MARK)
    stuck, waiting = (_emit(person, key) for key in ("stuck", "waiting"))
    now = timezone.now()
    OutboxEvent.objects.update(available_at=now - timedelta(hours=1))
    OutboxEvent.objects.filter(pk=stuck.pk).update(dispatched_at=now - timedelta(seconds=11))
    OutboxEvent.objects.filter(pk=waiting.pk).update(dispatched_at=now - timedelta(seconds=20))

    assert outbox.due_ids(limit=1) == [waiting.pk]
    assert outbox.due_ids(limit=1) == [stuck.pk]


def test_a_claim_does_not_wait_for_the_disk_and_the_next_write_does(
    person: User, subscribed: Callable[[str], None]
) -> None:
    subscribed(MARK)
    event = _emit(person)

    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        outbox.claim(event.pk)
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("off",)

    claiming = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(claiming) == 3, "one to lock, one to write, one of this test"


@pytest.mark.django_db(transaction=True)
def test_what_follows_a_claim_waits_for_the_disk_again(subscribed: Callable[[str], None]) -> None:
    subscribed(MARK)
    event = _emit(User.objects.create_user("someone"))
    with connection.cursor() as cursor:
        # A server made for tests may have it off from the start.
        cursor.execute("SET synchronous_commit = on")
        outbox.claim(event.pk)
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_pruning_goes_on_until_nothing_is_left(
    person: User, subscribed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(MARK)
    long_ago = timezone.now() - timedelta(days=8)
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic="t", handler="h", key=f"{n}", state="done", done_at=long_ago, available_at=long_ago)
        for n in range(1001)
    )

    tasks.prune_outbox()

    assert OutboxEvent.objects.count() == 0
