"""Undoing an import within a day: what it made goes, what it changed is put back exactly, what changed since stays."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import ChangeFate, ImportState, ListingStatus
from platforms.models import (
    Capability,
    Equipment,
    ImportChange,
    ImportJob,
    Platform,
    RemovedCapability,
)
from platforms.rules import may_import
from zhongshi.accounts.actors import Actor
from zhongshi.core import outbox
from zhongshi.core.audit import record as audit
from zhongshi.core.batches import advance_all, emit_all, record_all
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.models import OutboxEvent

from .import_snapshots import TABLES, Snapshot, as_left, digest_of, put_back, take
from .import_write import hold_clock
from .listings import tick

UNDO_FOR = timedelta(hours=24)
CHANGES_AT_ONCE = 100
SECONDS_AT_ONCE = 15.0
_OWN = {model for model, _ in TABLES.values()}


def may_undo(job: ImportJob) -> bool:
    """Whether the import is over, less than a day ago, and not undone yet."""
    over = job.state in {ImportState.DONE, ImportState.FAILED} and job.finished_at is not None
    return bool(over and job.finished_at and timezone.now() < job.finished_at + UNDO_FOR)


def import_undo(*, actor: Actor, job: ImportJob) -> ImportJob:
    """Have an import undone in the background; asked twice, it is undone once.

    Raises NotAllowed for anybody but its organization, IllegalTransition when it is not over or over for a day.
    """
    if not may_import(actor) or job.organization_id != actor.organization.pk:
        raise NotAllowed
    with transaction.atomic(durable=True):
        locked: ImportJob = ImportJob.objects.light().select_for_update().get(pk=job.pk)
        if locked.state in {ImportState.UNDOING, ImportState.UNDONE}:
            return locked
        if not may_undo(locked):
            raise IllegalTransition(_("An import can be undone for 24 hours after it ended."))
        locked.state, locked.undone_by = ImportState.UNDOING, actor.user
        locked.save(update_fields=["state", "undone_by"])
        audit("import.undone", locked, actor=actor.user, zone_code=actor.zone.code, note=locked.file_name)
        _owe(locked, 0)
    return locked


def _owe(job: ImportJob, position: int) -> None:
    outbox.emit("import.undo", key=f"import.undo:{job.uuid}:{position}", job_id=job.pk)


def undo_run(*, event: OutboxEvent, job_id: int) -> None:
    """Undo what is left of an import. Outbox handler; may run twice, late, or beside itself.

    Each small transaction takes the latest changes that have no fate yet, so a killed worker is taken over.
    """
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    deadline = time.monotonic() + SECONDS_AT_ONCE
    is_over = False
    while not is_over:
        with transaction.atomic(durable=True):
            job = (
                ImportJob.objects.light()
                .select_for_update(of=("self",))
                .select_related("undone_by", "organization__zone")
                .get(pk=job_id)
            )
            changes = list(job.changes.filter(fate="").order_by("-pk")[:CHANGES_AT_ONCE])
            _undo_some(job, changes)
            is_over = not changes or time.monotonic() >= deadline
            if not changes:
                _close(job)
            elif is_over:
                _owe(job, changes[-1].pk)
            if is_over:
                outbox.finish(event.pk, event.lease_token)


def _close(job: ImportJob) -> None:
    if job.state == ImportState.UNDOING:
        job.state, job.undone_at = ImportState.UNDONE, timezone.now()
        job.save(update_fields=["state", "undone_at"])


def _undo_some(job: ImportJob, changes: Sequence[ImportChange]) -> None:
    hold_clock()
    platforms = {row.pk: row for row in _locked([change.platform_id for change in changes])}
    now = take(list(platforms))
    version = 0
    restored: list[tuple[Snapshot, Snapshot]] = []
    made: list[ImportChange] = []
    for change in changes:
        if change.platform_id not in now:
            change.fate = ChangeFate.REMOVED
        elif digest_of(now[change.platform_id]) != change.after:
            change.fate = ChangeFate.CHANGED
        elif change.before is None:
            made.append(change)
        else:
            change.fate = ChangeFate.RESTORED
            restored.append((as_left(change.before, now[change.platform_id]), now[change.platform_id]))
    if made or restored:
        version = tick()
    _take_out(job, made, platforms, version)
    _put_back(job, restored, platforms, version)
    ImportChange.objects.bulk_update(changes, ["fate"])


def _locked(pks: Sequence[int]) -> list[Platform]:
    return list(Platform.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))


def _put_back(
    job: ImportJob, pairs: Sequence[tuple[Snapshot, Snapshot]], platforms: dict[int, Platform], version: int
) -> None:
    """Restore rows; what the import added to them goes, or is suspended where something refers to it by now."""
    if not pairs:
        return
    new = [pk for old, now in pairs for pk in _made_capabilities(old, now)]
    bound = _referred(Capability, new)
    put_back([(_with(old, now, bound), now) for old, now in pairs], version=version)
    _forget([pk for pk in new if pk not in bound], version)
    _suspend(list(Capability.objects.filter(pk__in=bound)), job)
    shown = {old["platform"][0]["id"] for old, _ in pairs}
    rows = [platforms[pk] for pk in sorted(shown)]
    record_all("import.restored", rows, actor=job.undone_by, zone_code=job.organization.zone.code)
    _report(rows, version)


def _made_capabilities(old: Snapshot, now: Snapshot) -> set[int]:
    return {row["id"] for row in now["capability"]} - {row["id"] for row in old["capability"]}


def _with(old: Snapshot, now: Snapshot, bound: set[int]) -> Snapshot:
    """What to put back, with the new capabilities that something refers to left in."""
    if not bound:
        return old
    stay = [row for row in now["capability"] if row["id"] in bound]
    kept = {row["id"] for row in stay}
    parts = {name: [row for row in now[name] if row.get("capability_id") in kept] for name in now}
    return {name: old[name] + (stay if name == "capability" else parts[name]) for name in old}


def _take_out(job: ImportJob, changes: Sequence[ImportChange], platforms: dict[int, Platform], version: int) -> None:
    """Remove what the import made; what something refers to by now is suspended instead."""
    if not changes:
        return
    owners = [change.platform_id for change in changes]
    rows = dict(Capability.objects.filter(platform__in=owners).values_list("pk", "platform_id"))
    bound = {rows[pk] for pk in _referred(Capability, list(rows))} | _referred(Platform, owners)
    bound |= {rows[pk] for pk in _owners_of_devices(list(rows))}
    for change in changes:
        change.fate = ChangeFate.SUSPENDED if change.platform_id in bound else ChangeFate.REMOVED
    gone = [pk for pk in owners if pk not in bound]
    zone_code = job.organization.zone.code
    record_all("import.removed", [platforms[pk] for pk in gone], actor=job.undone_by, zone_code=zone_code)
    _forget([pk for pk, owner in rows.items() if owner not in bound], version)
    Platform.objects.filter(pk__in=gone).delete()
    held = [platforms[pk] for pk in owners if pk in bound]
    _suspend([*held, *Capability.objects.filter(platform__in=bound)], job)
    Capability.objects.filter(platform__in=bound).update(version=version)
    _report(held, version)


def _owners_of_devices(capabilities: Sequence[int]) -> set[int]:
    devices = dict(Equipment.objects.filter(capability__in=capabilities).values_list("pk", "capability_id"))
    return {devices[pk] for pk in _referred(Equipment, list(devices))}


def _referred(model: Any, pks: Sequence[int]) -> set[int]:
    """Which of these rows a table refers to that an import does not write: a match, a booking, whatever there is."""
    found: set[int] = set()
    if not pks:
        return found
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001
        other = relation.related_model
        if not (relation.auto_created and not relation.concrete) or other in _OWN:
            continue
        name = relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": pks})  # noqa: SLF001
        found.update(rows.values_list(name, flat=True))
    return found


def _suspend(rows: Iterable[Any], job: ImportJob) -> None:
    """Out of sight: suspended where it is public, back with its operator where it waits for review."""
    by_target: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.status == ListingStatus.PUBLISHED:
            by_target[ListingStatus.SUSPENDED].append(row)
        elif row.status == ListingStatus.SUBMITTED:
            by_target[ListingStatus.RETURNED].append(row)
    for target, found in by_target.items():
        note = _("The import that made this was undone.")
        advance_all(found, target, actor=job.undone_by, note=note, zone_code=job.organization.zone.code)


def _forget(capabilities: Sequence[int], version: int) -> None:
    RemovedCapability.objects.bulk_create(RemovedCapability(capability_id=pk, version=version) for pk in capabilities)


def _report(platforms: Sequence[Platform], version: int) -> None:
    shown = Platform.objects.filter(
        pk__in=[row.pk for row in platforms], status__in=[ListingStatus.PUBLISHED, ListingStatus.SUSPENDED]
    )
    facts: dict[str, dict[str, Any]] = {
        f"listing:{row.uuid}:{version}": {"platform_id": row.pk, "version": version} for row in shown
    }
    if facts:
        emit_all("listing.changed", facts)
