"""Imports: a file's rows are stored at once and loaded in the background, bit by bit, wherever it was left."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import ImportState, ListingStatus
from platforms.importing.files import read_units
from platforms.models import Capability, ImportJob, Platform
from platforms.rules import may_import
from platforms.selectors import platform_record
from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.core import outbox
from zhongshi.core.audit import record as audit
from zhongshi.core.errors import DomainError, InvalidInput, NotAllowed, TooLarge
from zhongshi.core.models import OutboxEvent
from zhongshi.core.transitions import advance

from .listings import platform_load

logger = logging.getLogger(__name__)

UNITS_AT_ONCE = 20
# Below the tasks' time limit: a long file is handed on to a fresh message instead of being killed half-way.
SECONDS_AT_ONCE = 15.0
MAX_ERRORS = 1_000


def import_submit(*, actor: Actor, file_name: str, content: bytes) -> ImportJob:
    """Look at a file of listings (.xlsx, .csv, JSON Lines, also .gz) and have it loaded.

    Raises NotAllowed for anyone but operators and the zone's office, TooLarge, and InvalidInput naming `file` where
    nothing in it can be used. Single bad rows are reported by the job.
    """
    if not may_import(actor):
        raise NotAllowed
    most = settings.IMPORT_MAX_BYTES
    if len(content) > most:
        raise TooLarge(errors={"file": [_("At most %(most)s bytes.") % {"most": most}]})
    units = [unit.as_json() for unit in read_units(file_name, content, owner=str(actor.organization.uuid))]
    with transaction.atomic(durable=True):
        job = ImportJob.objects.create(
            organization=actor.organization,
            created_by=actor.user,
            file_name=file_name.replace("\0", "")[-200:],
            rows=units,
            total=sum(len(unit["rows"]) for unit in units),
        )
        audit("import.submitted", job, actor=actor.user, zone_code=actor.zone.code, note=job.file_name)
        _owe(job, 0)
    return job


def _owe(job: ImportJob, position: int) -> None:
    outbox.emit("import.submitted", key=f"import:{job.uuid}:{position}", job_id=job.pk)


def import_run(*, event: OutboxEvent, job_id: int) -> None:
    """Load what is left of a job. Outbox handler; may run twice, late, or beside itself.

    Each small transaction locks the job, takes the next rows and says how far it came, so a row is loaded once
    however often the worker dies. After some seconds the rest is owed anew.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    deadline = time.monotonic() + SECONDS_AT_ONCE
    units: list[dict[str, Any]] = ImportJob.objects.values_list("rows", flat=True).get(pk=job_id)
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
    jobs = ImportJob.objects.defer("rows").select_for_update(of=("self",))
    job: ImportJob = jobs.select_related("organization__zone", "created_by").get(pk=job_id)
    return job


def _load_some(job: ImportJob, units: list[dict[str, Any]]) -> bool:
    """Load the next of `units`; False if none were left."""
    if not units:
        return False
    actor = actor_of(job.created_by)
    for unit in units[:UNITS_AT_ONCE]:
        job.errors += _loaded(job, actor, unit)
        job.done += len(unit["rows"])
    del job.errors[MAX_ERRORS:]
    job.state = ImportState.RUNNING
    job.save(update_fields=["state", "done", "errors"])
    return True


def _left(units: list[dict[str, Any]], done: int) -> list[dict[str, Any]]:
    """What comes after the first `done` rows."""
    passed = 0
    for position, unit in enumerate(units):
        if passed >= done:
            return units[position:]
        passed += len(unit["rows"])
    return []


def _close(job: ImportJob) -> None:
    """Say that the job is over: failed where not one row went in. The rows are not kept any longer."""
    if job.finished_at:
        return
    refused = {error["row"] for error in job.errors}
    job.state = ImportState.FAILED if len(refused) >= job.total else ImportState.DONE
    job.finished_at, job.errors = timezone.now(), sorted(job.errors, key=lambda error: error["row"])
    job.rows = []
    job.save(update_fields=["state", "finished_at", "errors", "rows"])


def _loaded(job: ImportJob, actor: Actor | None, unit: dict[str, Any]) -> list[dict[str, Any]]:
    """Load one platform; what was wrong with its rows, or with all of it."""
    if unit["record"] is None:
        return list(unit["problems"])
    try:
        with transaction.atomic():
            _store(job, actor, unit)
    except DomainError as refusal:
        return [*unit["problems"], *_refused(unit, refusal)]
    except (DataError, IntegrityError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        logger.exception("import %s: rows %s could not be stored", job.pk, unit["rows"])
        return [*unit["problems"], *_refused(unit, InvalidInput(_("This row could not be stored.")))]
    return list(unit["problems"])


def _refused(unit: dict[str, Any], refusal: DomainError) -> list[dict[str, Any]]:
    """Report the refusal once for each row of the unit that had no problem of its own."""
    known = {problem["row"] for problem in unit["problems"]}
    texts = [(column, str(text)) for column, found in (refusal.errors or {}).items() for text in found]
    return [
        {"row": row, "column": column, "problem": text}
        for row in unit["rows"]
        if row not in known
        for column, text in texts or [("", str(refusal.detail))]
    ]


def _store(job: ImportJob, actor: Actor | None, unit: dict[str, Any]) -> None:
    if actor is None or not may_import(actor) or actor.organization.pk != job.organization_id:
        raise NotAllowed
    known = Platform.objects.filter(external_id=unit["record"]["id"]).first()
    if known and known.zone_id != actor.zone.pk:
        raise NotAllowed(_("A platform with this id belongs to another zone."))
    record = unit["record"] if unit["is_whole"] or known is None else _added_to(known, unit["record"])
    is_office = actor.is_zone_admin
    platform_load(
        record=record,
        zone=actor.zone,
        organization=None if is_office else actor.organization,
        publish=is_office,
        actor=actor,
    )
    if not is_office:
        _submit(Platform.objects.get(external_id=record["id"]), actor)


def _added_to(known: Platform, record: dict[str, Any]) -> dict[str, Any]:
    """A sheet adds and replaces; capabilities it does not name stay as they are."""
    named = {capability["id"] for capability in record["capabilities"]}
    others = [part for part in platform_record(known)["capabilities"] if part["id"] not in named]
    return {**record, "capabilities": [*record["capabilities"], *others]}


def _submit(platform: Platform, actor: Actor) -> None:
    """Have what an operator brought in reviewed by the zone's office."""
    rows: list[Platform | Capability] = [platform, *platform.capabilities.all()]
    for row in rows:
        if row.status in {ListingStatus.DRAFT, ListingStatus.RETURNED}:
            advance(row, ListingStatus.SUBMITTED, actor=actor.user, zone_code=platform.zone.code)
