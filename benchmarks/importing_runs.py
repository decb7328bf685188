"""The steps that `benchmarks.importing` times; imported once Django is set up."""

from __future__ import annotations

from collections.abc import Callable

from platforms.models import ImportJob
from platforms.services.import_drafts import draft_columns, draft_create, suggested
from platforms.services.import_undo import import_undo
from platforms.services.imports import import_start
from tests.factories import ZoneFactory, make_actor
from tests.platforms.importing.sample import book, rows
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent

Timed = Callable[[str, Callable[[], object]], None]


def run(count: int, timed: Timed) -> None:
    """Load a workbook of `count` good rows, two to a platform, and undo it; as an operator, then as the office."""
    zone = ZoneFactory.create(code="bench", name="Bench")
    content = book(rows(count, 0)[0])
    for role in (Role.OPERATOR, Role.ZONE_ADMIN):
        _one(make_actor(role, zone), content, timed, f"{role.value}: ")


def _one(actor: Actor, content: bytes, timed: Timed, who: str) -> None:
    jobs: list[ImportJob] = []
    timed(f"{who}read and map", lambda: jobs.append(_prepared(actor, content)))
    job = jobs[0]
    import_start(actor=actor, job=job)
    timed(f"{who}load {job.total} rows", lambda: _work("import.submitted"))
    job.refresh_from_db()
    print(f"{who}{job.state}, {job.counts}")
    import_undo(actor=actor, job=job)
    timed(f"{who}undo", lambda: _work("import.undo"))


def _prepared(actor: Actor, content: bytes) -> ImportJob:
    job = draft_create(actor=actor, file_name="listings.xlsx", content=content)
    return draft_columns(actor=actor, job=job, columns=[found.field for found in suggested(job)])


def _work(topic: str) -> None:
    while event := OutboxEvent.objects.filter(topic=topic, state="pending").order_by("pk").first():
        outbox.run(event.pk)
