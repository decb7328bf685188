"""A worker that is asked to end finishes what it has in hand and takes up nothing more; a real one, a real broker."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from celery import Celery
from django.db import connection
from django.utils import timezone

from tests.core.handlers import GATE
from zhongshi.accounts.models import User
from zhongshi.core.models import Notification, OutboxEvent
from zhongshi.embedded.child import Child
from zhongshi.embedded.roles import start_worker

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def database_url(db: None) -> str:
    """The suite's own database of this process."""
    at = connection.settings_dict
    secret = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{secret}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def queue() -> str:
    """A queue nobody else knows."""
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def gate(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection that holds the gate shut; closing it opens the gate."""
    with psycopg.connect(database_url.replace("postgres://", "postgresql://"), autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [GATE])
        yield holder


@pytest.fixture
def worker(database_url: str, queue: str) -> Iterator[Child]:
    env = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "zhongshi.settings.development",
        "SECRET_KEY": "stop-only-" + "x" * 50,
    }
    child = start_worker(env, queues=queue, concurrency=1)
    try:
        yield child
    finally:
        child.kill()


def _until(met: Callable[[], bool], child: Child, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, child.tail()
        child.wait(0.05)


def _owe(person: User, key: str) -> OutboxEvent:
    return OutboxEvent.objects.create(
        topic="test",
        handler="tests.core.handlers.wait_at_gate",
        key=key,
        payload={"user_id": person.pk},
        available_at=timezone.now(),
        dispatched_at=timezone.now(),
    )


def _state(event: OutboxEvent) -> str:
    return OutboxEvent.objects.values_list("state", flat=True).get(pk=event.pk)


def test_sigterm_lets_running_work_finish_and_begins_none(queue: str, gate: psycopg.Connection, worker: Child) -> None:
    person = User.objects.create_user("someone")
    running, next_one = _owe(person, "running"), _owe(person, "next")
    broker = Celery(set_as_current=False, broker=os.environ["REDIS_URL"])
    _until(lambda: any("ready." in line for line in worker.tail()), worker)
    for event in (running, next_one):
        broker.send_task("core.run_outbox", kwargs={"event_id": event.pk}, queue=queue, ignore_result=True)
    _until(lambda: _state(running) == "leased", worker)

    worker.ask()
    _until(lambda: any("Warm shutdown" in line for line in worker.tail()), worker)
    assert worker.alive(), "it has work in hand"
    gate.close()

    assert worker.wait(30), worker.tail()
    assert worker.exit_code == 0
    assert (_state(running), _state(next_one)) == ("done", "pending")
    assert Notification.objects.count() == 1
    broker.close()
