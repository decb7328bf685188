"""Figures counted from rows: how long work took lately, who is silent."""

from __future__ import annotations

from datetime import timedelta
from math import inf, isnan
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from matching.models import ScoringRun
from matching.timing import scoring_seconds
from requests.models import Need
from tests.core.telemetry.test_counters import value
from zhongshi.core import broker, metrics, pulses
from zhongshi.core.models import OutboxEvent, Pulse

pytestmark = pytest.mark.django_db


def test_quantiles_are_numbers_that_occurred() -> None:
    assert metrics.spread([4, 1, 3, 2]) == {"0.5": 2, "0.95": 4, "1": 4}
    assert metrics.quantile([7], 0.95) == 7
    assert isnan(metrics.quantile([], 0.5))


def test_cause_to_effect_by_topic_lately() -> None:
    now = timezone.now()
    for topic, took, ago in (("a", 2, 1), ("a", 8, 2), ("b", 1, 3), ("a", 99, 16)):
        done = now - timedelta(minutes=ago)
        row = OutboxEvent.objects.create(
            topic=topic, handler="h", key=f"{topic}{took}", state="done", available_at=done, done_at=done
        )
        OutboxEvent.objects.filter(pk=row.pk).update(created_at=done - timedelta(seconds=took))
    OutboxEvent.objects.create(topic="c", handler="h", key="waits", available_at=now)

    assert metrics.done_seconds() == {"a": 8, "b": 1}


def test_scoring_lately(need: Need) -> None:
    assert isnan(scoring_seconds()["0.95"])
    for revision, duration in enumerate((10, 30, 20, 5000)):
        ScoringRun.objects.create(need=need, revision=revision, duration_ms=duration, candidates=1)
    old = timezone.now() - timedelta(hours=1)
    ScoringRun.objects.filter(duration_ms=5000).update(scored_at=old)

    assert scoring_seconds() == {"0.5": 0.02, "0.95": 0.03, "1": 0.03}


def test_the_exposition_has_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = timezone.now()
    pulses.beat(pulses.of_queue("score"))
    text = client.get("/metrics").content.decode()
    lasted = (timezone.now() - begun).total_seconds()

    assert value(text, "zhongshi_queue_silent_seconds", queue="score") <= lasted
    # What never happened is older than every limit.
    assert value(text, "zhongshi_queue_silent_seconds", queue="notify") == inf
    assert value(text, "zhongshi_backup_age_seconds") == inf
    # No broker in tests: said, and no reason to fail.
    assert value(text, "zhongshi_broker_up") == 0
    assert "zhongshi_queue_messages{" not in text
    assert value(text, "zhongshi_catalogue_version") >= 0


def test_a_worker_is_alive_while_its_queues_are(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for queue in ("score", "celery"):
        pulses.beat(pulses.of_queue(queue))
    call_command("worker_alive", "score", "celery")

    assert capsys.readouterr().out == "alive\n"


def test_a_silent_queue_fails_the_check_while_the_broker_is_there(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pulses.beat(pulses.of_queue("score"))
    Pulse.objects.create(name=pulses.of_queue("celery"), at=timezone.now() - timedelta(seconds=61))
    call_command("worker_alive", "score", "celery")
    assert capsys.readouterr().out.startswith("unknown: the broker is away")
    monkeypatch.setattr(broker, "state", lambda: "ok")
    with pytest.raises(SystemExit) as ended:
        call_command("worker_alive", "score", "celery")

    assert ended.value.code == 1
    assert capsys.readouterr().err == "silent: celery\n"
