"""Imports beside each other: nothing twice, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest
from django.db import connection

from platforms.models import Capability, ImportJob, Platform
from platforms.services.import_drafts import draft_columns, draft_create, import_submit, suggested
from platforms.services.imports import import_start
from tests.platforms.importing.sample import book, row
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(attempts: Iterable[Callable[[], object]]) -> None:
    attempts = list(attempts)
    start = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> None:
        try:
            start.wait()
            attempt()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_runs_of_one_organization_load_the_same_platforms_once(operator: Actor) -> None:
    content = book([row(number) for number in range(60)])
    jobs = [import_submit(actor=operator, file_name=f"{name}.xlsx", content=content) for name in "ab"]
    events = list(OutboxEvent.objects.filter(topic="import.submitted").values_list("pk", flat=True))

    _at_once(lambda pk=pk: outbox.run(pk) for pk in events)

    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == ["done", "done"]
    assert [job.errors for job in jobs] == [[], []]
    assert sorted(job.counts.get("created", 0) + job.counts.get("unchanged", 0) for job in jobs) == [60, 60]
    assert sum(job.counts.get("created", 0) for job in jobs) == 60
    assert (Platform.objects.count(), Capability.objects.count()) == (30, 60)


def test_eight_clicks_start_one_run(operator: Actor) -> None:
    job = draft_create(actor=operator, file_name="a.xlsx", content=book([row(0)]))
    draft_columns(actor=operator, job=job, columns=[found.field for found in suggested(job)])
    copies = [ImportJob.objects.get(pk=job.pk) for _copy in range(8)]

    _at_once(lambda copy=copy: import_start(actor=operator, job=copy) for copy in copies)

    assert OutboxEvent.objects.filter(topic="import.submitted").count() == 1
    assert ImportJob.objects.get().state == "waiting"
