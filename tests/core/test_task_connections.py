"""A worker keeps its connection from task to task, as a web process does from request to request."""

from __future__ import annotations

import time

import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import connection

from zhongshi.celery import app
from zhongshi.core.tasks import run_outbox


@pytest.fixture
def opened_now(transactional_db: None) -> None:
    """A connection of this test's own: one left by another test may be older than CONN_MAX_AGE, and is then closed."""
    connection.close()


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _pass_a_task() -> None:
    for signal in (task_prerun, task_postrun):
        signal.send(sender=run_outbox)


def test_celery_itself_closes_none() -> None:
    assert DjangoWorkerFixup(app).db_reuse_max == settings.CELERY_DB_REUSE_MAX > 1_000_000


@pytest.mark.usefixtures("opened_now")
def test_a_good_connection_is_kept() -> None:
    first = _backend()
    _pass_a_task()

    assert _backend() == first


@pytest.mark.usefixtures("opened_now")
def test_an_old_connection_is_closed() -> None:
    first = _backend()
    connection.close_at = time.monotonic() - 1
    _pass_a_task()

    assert connection.connection is None
    assert _backend() != first


@pytest.mark.usefixtures("opened_now")
def test_a_connection_the_server_dropped_is_opened_anew() -> None:
    first = _backend()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [first])
    other.close()
    _pass_a_task()

    assert _backend() != first
