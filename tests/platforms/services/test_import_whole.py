"""Five thousand rows: the good ones go in, each bad one is named with its reason, and undoing leaves no trace."""

from __future__ import annotations

from collections import Counter
from typing import Any

from platforms.models import Capability, ImportJob, Platform
from platforms.services.import_drafts import draft_columns, draft_create, import_submit, suggested
from platforms.services.import_snapshots import TABLES
from platforms.services.import_undo import import_undo
from platforms.services.imports import import_start
from tests.platforms.importing.sample import book, row, rows
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.models import AuditEntry, OutboxEvent

GOOD, BAD = 4_800, 200


def run_all(*topics: str) -> None:
    """Do what is owed on these topics, as a worker does."""
    while event := OutboxEvent.objects.filter(topic__in=topics, state="pending").order_by("pk").first():
        assert outbox.run(event.pk) is True


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row of the catalogue, but for the clock, which never goes back."""
    found = {}
    for name, (model, _path) in TABLES.items():
        rows: Any = model._default_manager.order_by("pk").values()
        found[name] = [{column: value for column, value in row.items() if column != "version"} for row in rows]
    return found


def prepared(actor: Actor, content: bytes) -> ImportJob:
    """A file with its columns named as suggested."""
    job = draft_create(actor=actor, file_name="服务能力.xlsx", content=content)
    return draft_columns(actor=actor, job=job, columns=[found.field for found in suggested(job)])


def test_five_thousand_rows_of_which_two_hundred_are_bad(operator: Actor, zone_admin: Actor) -> None:
    # Something is there already: a platform that the file adds to, with a line that it changes and one that it leaves.
    first = [row(0), [*row(1)[:4], "旧线", *row(1)[5:]]]
    run = import_submit(actor=operator, file_name="old.xlsx", content=book(first))
    run_all("import.submitted")
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"created": 2})
    before = dump()

    made, wrong = rows(GOOD, BAD)
    made[0] = row(0)
    made[0][5] = "说明改过了"
    wrong.pop(2)
    made[2499][4] = ""
    wrong[2501] = ("能力名称", "missing")
    job = prepared(operator, book(made))
    import_start(actor=operator, job=job)
    run_all("import.submitted")
    job.refresh_from_db()

    assert (job.state, job.done, job.total) == ("done", GOOD + BAD, GOOD + BAD)
    assert {error["row"]: (error["column"], error["cause"]) for error in job.errors} == wrong
    assert len(wrong) == BAD
    assert all(error["problem"] for error in job.errors)
    assert job.counts == {"created": GOOD - 1, "updated": 1, "failed": BAD}
    names = Counter(cells[4] for number, cells in enumerate(made, start=2) if number not in wrong)
    assert Counter(Capability.objects.exclude(name="旧线").values_list("name", flat=True)) == names
    assert sorted(map(int, job.failed_rows)) == sorted(wrong)

    import_undo(actor=operator, job=job)
    run_all("import.undo")
    job.refresh_from_db()
    assert job.state == "undone"
    assert dump() == before
    assert Platform.objects.count() == 1
    assert AuditEntry.objects.filter(action="import.undone", actor=operator.user).count() == 1
