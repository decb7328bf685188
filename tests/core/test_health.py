"""Is it alive, can it serve."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from zhongshi.core.models import OutboxEvent, Pulse
from zhongshi.core.tasks import sweep_outbox

pytestmark = pytest.mark.django_db


def test_alive(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_reports_the_broker_without_needing_it(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "oldest_due_seconds": 0.0,
        "dead": 0,
        "workers": "silent",
        "broker": "away",
    }


def test_ready_tells_how_long_work_has_been_owed(client: Client) -> None:
    due = timezone.now() - timedelta(seconds=90)
    OutboxEvent.objects.create(topic="t", handler="h", key="k", available_at=due)
    told = client.get("/readyz").json()["oldest_due_seconds"]

    assert 90 <= told <= (timezone.now() - due).total_seconds() + 0.1  # It is rounded.


def test_ready_tells_whether_workers_live(client: Client) -> None:
    sweep_outbox()
    assert client.get("/readyz").json()["workers"] == "ok"

    Pulse.objects.update(at=timezone.now() - timedelta(seconds=31))
    assert client.get("/readyz").json()["workers"] == "silent"


def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'core' AND name = "
            "(SELECT max(name) FROM django_migrations WHERE app = 'core')"
        )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["migrations"]) == ("not ready", "1 not applied")
