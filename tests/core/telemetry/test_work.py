"""Lines of workers carry the outbox row and the request that caused it; workers leave a pulse for each queue."""

from __future__ import annotations

import importlib
import logging
import queue
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from matching.models import ScoringRun
from requests.models import Need
from tests.core.telemetry.test_logs import Lines, lines
from zhongshi.accounts.actors import Actor
from zhongshi.core import batches, broker, nudger, outbox, pulses, tasks
from zhongshi.core.models import OutboxEvent, Pulse
from zhongshi.core.telemetry import context, counters

pytestmark = pytest.mark.django_db
__all__ = ["lines"]


def speak(*, event: OutboxEvent, **payload: Any) -> None:
    """A handler that says something, owes more work, and fails when told to."""
    logging.getLogger("planted").info("at work")
    if payload.get("fails"):
        raise ValueError("no")
    assert event.lease_token
    outbox.emit("planted.second", key=f"{event.key}:2")
    outbox.finish(event.pk, event.lease_token)


@pytest.fixture
def planted() -> None:
    for topic in ("planted.first", "planted.second"):
        outbox.subscribe(topic, "tests.core.telemetry.test_work.speak")


@pytest.mark.usefixtures("planted")
def test_a_worker_tells_which_row_it_works_on_and_for_which_request(lines: Lines) -> None:
    with context.about(request="req-12345678", user=3):
        outbox.emit("planted.first", key="a")
    first = OutboxEvent.objects.get(topic="planted.first")
    outbox.run(first.pk)
    second = OutboxEvent.objects.get(topic="planted.second")
    (line,) = lines.of("planted")
    (done,) = lines.of("zhongshi.core.outbox")

    assert (first.cause, second.cause) == ("req-12345678", "req-12345678")
    told = {"request": "req-12345678", "outbox": first.pk, "topic": "planted.first", "attempt": 1}
    assert told.items() <= line.items()
    assert told.items() <= done.items()
    assert done["ms"] >= 0
    assert "user" not in line
    assert context.known() == {}


@pytest.mark.usefixtures("planted")
def test_a_failure_names_row_attempt_and_request(lines: Lines) -> None:
    with context.about(request="req-12345678"):
        outbox.emit("planted.first", key="a", fails=True)
    row = OutboxEvent.objects.get()
    outbox.run(row.pk)
    (line,) = lines.of("zhongshi.core.outbox")

    assert (line["level"], line["outbox"], line["attempt"], line["request"]) == ("ERROR", row.pk, 1, "req-12345678")
    assert "ValueError: no" in line["exception"]


def test_a_posted_need_carries_the_number_of_its_request(client: Client, enterprise: Actor, zone: object) -> None:
    client.force_login(enterprise.user)
    answer = client.post(
        "/api/v1/needs/",
        {"title": "中试", "text": "需要500升发酵罐，预算50万元以内。"},
        content_type="application/json",
        headers={"x-request-id": "abcdef0123456789", "idempotency-key": "k-1"},
    )

    assert answer.status_code == 201, answer.content
    assert set(OutboxEvent.objects.values_list("cause", flat=True)) == {"abcdef0123456789"}
    assert Need.objects.count() == 1
    assert ScoringRun.objects.count() == 0


@pytest.mark.usefixtures("planted")
def test_many_at_once_carry_it_too() -> None:
    with context.about(request="req-12345678"):
        batches.emit_all("planted.first", {"a": {}, "b": {}})

    assert list(OutboxEvent.objects.values_list("cause", flat=True)) == ["req-12345678"] * 2


def test_each_queue_has_a_pulse_of_its_own() -> None:
    beats = {name: entry for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if name.startswith("pulse-")}

    assert {entry["options"]["queue"] for entry in beats.values()} == set(broker.QUEUES)
    for entry in beats.values():
        assert entry["kwargs"] == {"queue": entry["options"]["queue"]}
        assert entry["options"]["expires"] < entry["schedule"]


def _seconds_since(begun: datetime) -> float:
    return (timezone.now() - begun).total_seconds()


def test_a_pulse_shows_that_somebody_works_on_the_queue() -> None:
    assert pulses.age_seconds(pulses.of_queue("score")) is None
    begun = timezone.now()
    tasks.beat_pulse(queue="score")
    age = pulses.age_seconds(pulses.of_queue("score"))

    assert age is not None
    assert age <= _seconds_since(begun)
    assert pulses.age_seconds(pulses.of_queue("notify")) is None


def test_work_done_is_a_sign_of_life_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a long line the sign itself would come too late."""
    monkeypatch.setattr(pulses, "_beaten", {})
    begun = timezone.now()
    tasks.run_outbox.apply(kwargs={"event_id": 0}, routing_key="celery")
    age = pulses.age_seconds(pulses.of_queue("celery"))
    assert age is not None
    assert age <= _seconds_since(begun)
    Pulse.objects.all().delete()
    tasks.run_outbox.apply(kwargs={"event_id": 0}, routing_key="celery")
    assert not Pulse.objects.exists()


# Outside a transaction: within one Django closes no connection anyway.
@pytest.mark.django_db(transaction=True)
def test_a_task_run_in_place_leaves_the_connection_of_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    # Looking after connections is part of the application, not of the tasks.
    importlib.import_module("zhongshi.celery")
    connection.ensure_connection()
    callers = connection.connection
    monkeypatch.setattr(connection, "close_at", 0.0)
    tasks.run_outbox.apply(kwargs={"event_id": 0}, routing_key="celery")

    assert connection.connection is callers
    assert not callers.closed


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = counters.NUDGES.labels("overflowed")._value.get()
    # Another queue: a nudger that an earlier test started listens to the usual one.
    monkeypatch.setattr(nudger, "_waiting", queue.Queue(maxsize=1))
    monkeypatch.setattr(nudger, "_start", lambda: None)
    nudger.put([1, 2, 3])

    assert counters.NUDGES.labels("overflowed")._value.get() == before + 1
    assert nudger._drop_waiting() == 1
