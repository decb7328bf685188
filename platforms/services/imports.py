"""Imports: a file's rows are stored at once and loaded in the background, bit by bit, wherever it was left."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import ImportState
from platforms.importing.causes import Cause
from platforms.models import ImportChange, ImportFile, ImportJob
from platforms.rules import may_import
from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.core import outbox
from zhongshi.core.audit import record as audit
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, NotAllowed
from zhongshi.core.models import OutboxEvent

from .import_plan import FAILED, Plan, plans_of
from .import_snapshots import digest_of, take, to_undo
from .import_write import hold_clock, write

logger = logging.getLogger(__name__)

Record = dict[str, Any]
UNITS_AT_ONCE = 50
# Below the tasks' time limit: a long file is handed on to a fresh message instead of being killed half-way.
SECONDS_AT_ONCE = 15.0
MAX_ERRORS = 10_000
_BROKEN = (DataError, IntegrityError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def import_start(*, actor: Actor, job: ImportJob) -> ImportJob:
    """Have a prepared file loaded; asked twice, it is loaded once.

    Raises NotAllowed for anybody but its organization, IllegalTransition where no row could go in.
    """
    if not may_import(actor) or job.organization_id != actor.organization.pk:
        raise NotAllowed
    with transaction.atomic(durable=True):
        locked: ImportJob = ImportJob.objects.select_for_update().get(pk=job.pk)
        if locked.state != ImportState.DRAFT:
            return locked
        if not any(unit["record"] for unit in locked.rows):
            raise IllegalTransition(_("No row of this file can go in."))
        start(locked, actor)
    return locked


def start(job: ImportJob, actor: Actor) -> None:
    """Owe the work; in the caller's transaction."""
    job.state, job.started_at, job.created_by = ImportState.WAITING, timezone.now(), actor.user
    job.total = sum(len(unit["rows"]) for unit in job.rows)
    job.save(update_fields=["state", "started_at", "created_by", "total"])
    audit("import.submitted", job, actor=actor.user, zone_code=actor.zone.code, note=job.file_name)
    _owe(job, 0)


def _owe(job: ImportJob, position: int) -> None:
    outbox.emit("import.submitted", key=f"import:{job.uuid}:{position}", job_id=job.pk)


def import_run(*, event: OutboxEvent, job_id: int) -> None:
    """Load what is left of a job. Outbox handler; may run twice, late, or beside itself.

    Each small transaction locks the job, takes the next rows and says how far it came, so a row is loaded once
    however often the worker dies. After some seconds the rest is owed anew.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    deadline = time.monotonic() + SECONDS_AT_ONCE
    units: list[Record] = ImportJob.objects.values_list("rows", flat=True).get(pk=job_id)
    is_over = False
    while not is_over:
        with transaction.atomic(durable=True):
            job = _locked(job_id)
            is_left = _load_some(job, _left(units, job.done))
            is_over = not is_left or time.monotonic() >= deadline
            if not is_left:
                _close(job)
            elif is_over:
                # Some rows were loaded just now, so this position was never owed before.
                _owe(job, job.done)
            if is_over:
                outbox.finish(event.pk, event.lease_token)


def _locked(job_id: int) -> ImportJob:
    # Without the file's rows, which never change while they are being loaded.
    jobs = ImportJob.objects.defer("rows", "failed_rows").select_for_update(of=("self",))
    job: ImportJob = jobs.select_related("organization__zone", "created_by").get(pk=job_id)
    return job


def _load_some(job: ImportJob, units: list[Record]) -> bool:
    """Load the next of `units`; False if none were left."""
    if not units:
        return False
    batch = _batch(units)
    actor = actor_of(job.created_by)
    outcomes, errors = _loaded(job, actor, batch)
    failed = {error["row"] for error in errors}
    done = Counter(outcome for row, outcome in outcomes.items() if row not in failed)
    done[FAILED] += len(failed)
    job.counts = dict(Counter(job.counts) + done)
    job.errors = [*job.errors, *errors][:MAX_ERRORS]
    job.done += sum(len(unit["rows"]) for unit in batch)
    job.state = ImportState.RUNNING
    job.save(update_fields=["state", "done", "counts", "errors"])
    return True


def _batch(units: Sequence[Record]) -> list[Record]:
    """The next units that speak of different platforms: a second one must see what the first one wrote."""
    seen: set[str] = set()
    batch: list[Record] = []
    for unit in units[:UNITS_AT_ONCE]:
        record = unit["record"]
        marks = {f"id {record['id']}", f"name {record['name']}"} if record else set()
        if marks & seen:
            break
        seen |= marks
        batch.append(unit)
    return batch


def _left(units: list[Record], done: int) -> list[Record]:
    """What comes after the first `done` rows."""
    passed = 0
    for position, unit in enumerate(units):
        if passed >= done:
            return units[position:]
        passed += len(unit["rows"])
    return []


def _close(job: ImportJob) -> None:
    """Say that the job is over: failed where not one row went in. Of the file, the rows that failed are kept."""
    if job.finished_at:
        return
    refused = {error["row"] for error in job.errors}
    job.state = ImportState.FAILED if len(refused) >= job.total else ImportState.DONE
    job.finished_at, job.errors = timezone.now(), sorted(job.errors, key=lambda error: error["row"])
    job.rows, job.failed_rows = [], _cells(job, refused)
    job.save(update_fields=["state", "finished_at", "errors", "rows", "failed_rows"])
    ImportFile.objects.filter(job=job).delete()


def _cells(job: ImportJob, rows: Collection[int]) -> dict[str, list[str]]:
    table = ImportFile.objects.filter(job=job).values_list("table", flat=True).first() or []
    return {str(row): table[row - 1] for row in sorted(rows) if row <= len(table)}


def _loaded(job: ImportJob, actor: Actor | None, units: list[Record]) -> tuple[dict[int, str], list[Record]]:
    """Load a batch: what became of each good row, and what was wrong with the others.

    Where the database refuses the batch, its halves are tried: one bad row must not keep the others out.
    """
    problems = [problem for unit in units for problem in unit["problems"]]
    if actor is None or not may_import(actor) or actor.organization.pk != job.organization_id:
        return {}, [*problems, *_refused_all(units, NotAllowed())]
    try:
        with transaction.atomic():
            outcomes, refused = _stored(job, actor, units)
    except _BROKEN:
        if len(units) > 1:
            middle = len(units) // 2
            first, second = _loaded(job, actor, units[:middle]), _loaded(job, actor, units[middle:])
            return first[0] | second[0], first[1] + second[1]
        logger.exception("import %s: rows %s could not be stored", job.pk, units[0]["rows"])
        broken = InvalidInput(_("This row could not be stored."))
        return {}, [*problems, *_refused_all(units, broken)]
    return outcomes, [*problems, *(error for unit, refusal in refused for error in refused_rows(unit, refusal))]


def _stored(
    job: ImportJob, actor: Actor, units: list[Record]
) -> tuple[dict[int, str], list[tuple[Record, DomainError]]]:
    hold_clock()
    plans, refused = plans_of(units, actor, lock=True)
    known = take([plan.platform.pk for plan in plans if not plan.is_new])
    new = {id(plan) for plan in plans if plan.is_new}
    outcomes = {row: outcome for plan in plans for row, outcome in plan.outcomes().items()}
    statuses = {id(plan): plan.platform.status for plan in plans}
    write(plans, actor)
    touched = [
        plan for plan in plans if id(plan) in new or plan.is_changed or plan.platform.status != statuses[id(plan)]
    ]
    _keep(job, touched, known)
    return outcomes, refused


def _keep(job: ImportJob, plans: Sequence[Plan], known: dict[int, Any]) -> None:
    """Note what it takes to undo this. Of a platform the file speaks of twice, the first state counts."""
    after = take([plan.platform.pk for plan in plans])
    changes = [
        ImportChange(
            job=job,
            platform_id=plan.platform.pk,
            platform_uuid=plan.platform.uuid,
            name=plan.platform.name,
            before=to_undo(known[plan.platform.pk], after[plan.platform.pk]) if plan.platform.pk in known else None,
            after=digest_of(after[plan.platform.pk]),
        )
        for plan in plans
    ]
    ImportChange.objects.bulk_create(
        changes, update_conflicts=True, unique_fields=["job", "platform_id"], update_fields=["after"]
    )


def _refused_all(units: Sequence[Record], refusal: DomainError) -> Iterator[Record]:
    for unit in units:
        if unit["record"] is not None:
            yield from refused_rows(unit, refusal)


def refused_rows(unit: Record, refusal: DomainError) -> list[Record]:
    """Report the refusal once for each row of the unit that had no problem of its own."""
    known = {problem["row"] for problem in unit["problems"]}
    texts = [(column, str(text)) for column, found in (refusal.errors or {}).items() for text in found]
    return [
        {"row": row, "column": column, "problem": text, "cause": Cause.REFUSED}
        for row in unit["rows"]
        if row not in known
        for column, text in texts or [("", str(refusal.detail))]
    ]
