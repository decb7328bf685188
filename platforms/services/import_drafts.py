"""A file before it is loaded: which sheet, what its columns mean, what is mended on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from platforms.enums import ImportState
from platforms.importing.causes import HARMLESS, is_fix
from platforms.importing.columns import COLUMNS, LEAVE_OUT, Suggestion, heading_row, headings_digest, suggestions
from platforms.importing.files import Opened, open_file
from platforms.importing.model import MAX_ROWS, too_many_rows
from platforms.importing.tables import Layout, check_columns, units_of_table
from platforms.models import ImportChange, ImportFile, ImportJob, ImportMapping, RemovedCapability
from platforms.rules import may_import
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, TooLarge

from .import_undo import UNDO_FOR
from .imports import start

_ALLOWED = {"", LEAVE_OUT, *COLUMNS}
DRAFTS_KEPT = 20
KEPT_FOR = timedelta(days=7)
# No process follows the catalogue for that long without looking.
GONE_FOR = timedelta(days=30)


def import_submit(*, actor: Actor, file_name: str, content: bytes) -> ImportJob:
    """Look at a file of listings (.xlsx, .csv, JSON Lines, also .gz) and have it loaded at once.

    Columns are taken by their names, or as this organization said last time; other ways to write numbers, dates and
    empty cells are mended. Raises NotAllowed for anyone but operators and the zone's office, TooLarge, and
    InvalidInput naming `file` where nothing in it can be used. Single bad rows are reported by the job.
    """
    opened = _opened(actor, file_name, content)
    with transaction.atomic(durable=True):
        job = _draft(actor, file_name, content, opened)
        if opened.units is None:
            job.fixes = list(HARMLESS)
            job.columns = [found.field for found in suggested(job) if not found.is_guess]
            check_columns(job.columns)
            _read(job, opened.table)
            job.save()
        start(job, actor)
    return job


def draft_create(*, actor: Actor, file_name: str, content: bytes) -> ImportJob:
    """Keep a file to be prepared step by step; raises as `import_submit`, but for columns that are still to be named.

    An organization keeps twenty such files, each for a week.
    """
    opened = _opened(actor, file_name, content)
    with transaction.atomic(durable=True):
        job = _draft(actor, file_name, content, opened)
        old = ImportJob.objects.filter(organization=actor.organization, state=ImportState.DRAFT).order_by("-pk")
        surplus = list(old.values_list("pk", flat=True)[DRAFTS_KEPT:])
        ImportJob.objects.filter(pk__in=surplus).delete()
    return job


def _opened(actor: Actor, file_name: str, content: bytes, sheet: str = "") -> Opened:
    if not may_import(actor):
        raise NotAllowed
    most = settings.IMPORT_MAX_BYTES
    if len(content) > most:
        raise TooLarge(errors={"file": [_("At most %(most)s bytes.") % {"most": most}]})
    opened = open_file(file_name, content, sheet=sheet)
    if opened.units is None and len(opened.table) - heading_row(opened.table) - 1 > MAX_ROWS:
        raise too_many_rows()
    return opened


def _draft(actor: Actor, file_name: str, content: bytes, opened: Opened) -> ImportJob:
    job = ImportJob(
        organization=actor.organization,
        created_by=actor.user,
        file_name=file_name.replace("\0", "")[-200:],
        state=ImportState.DRAFT,
    )
    if opened.units is not None:
        _take(job, [unit.as_json() for unit in opened.units])
    job.sheet, job.headings = opened.sheet[:200], _headings(opened.table)
    job.save()
    ImportFile.objects.create(job=job, content=content, sheets=list(opened.sheets), table=opened.table)
    return job


def _headings(table: Sequence[Sequence[str]]) -> list[str]:
    return [cell[:200] for cell in table[heading_row(table)]] if table else []


def _take(job: ImportJob, units: list[dict[str, Any]]) -> None:
    job.rows = units
    job.total = sum(len(unit["rows"]) for unit in units)


def _read(job: ImportJob, table: Sequence[Sequence[str]]) -> None:
    layout = Layout(job.headings, job.columns, heading_row(table), frozenset(job.fixes))
    units = units_of_table(table, layout, owner=str(job.organization.uuid))
    _take(job, [unit.as_json() for unit in units])


def suggested(job: ImportJob) -> list[Suggestion]:
    """What each column most likely means: as this organization said of the same headings, else by their words."""
    known = ImportMapping.objects.filter(organization=job.organization, headings=headings_digest(job.headings))
    columns: list[str] | None = known.values_list("columns", flat=True).first()
    if columns and len(columns) == len(job.headings):
        return [Suggestion(field if field in _ALLOWED else "") for field in columns]
    return suggestions(job.headings)


def _prepared(actor: Actor, job: ImportJob) -> ImportJob:
    """The job again, locked, while it is still being prepared."""
    if not may_import(actor) or job.organization_id != actor.organization.pk:
        raise NotAllowed
    locked: ImportJob = ImportJob.objects.select_for_update(of=("self",)).select_related("organization").get(pk=job.pk)
    if locked.state != ImportState.DRAFT:
        raise IllegalTransition(_("This import has already been started."))
    return locked


def draft_sheet(*, actor: Actor, job: ImportJob, sheet: str) -> ImportJob:
    """Take another sheet of the workbook; what was said of the columns is asked anew.

    Raises InvalidInput naming `sheet` for a sheet that is not there.
    """
    with transaction.atomic(durable=True):
        locked = _prepared(actor, job)
        file = ImportFile.objects.get(job=locked)
        if sheet not in file.sheets:
            raise InvalidInput(errors={"sheet": [_("There is no such sheet.")]})
        opened = _opened(actor, locked.file_name, bytes(file.content), sheet)
        file.table = opened.table
        file.save(update_fields=["table"])
        locked.sheet, locked.headings = sheet[:200], _headings(opened.table)
        locked.columns, locked.fixes, locked.rows, locked.total = [], [], [], 0
        locked.save()
    return locked


def draft_columns(*, actor: Actor, job: ImportJob, columns: Sequence[str]) -> ImportJob:
    """Say what the columns mean, one field (or nothing) for each heading, and read all rows by it.

    Remembered for this organization's next file with the same headings. Raises InvalidInput naming `columns`.
    """
    with transaction.atomic(durable=True):
        locked = _prepared(actor, job)
        if len(columns) != len(locked.headings) or not {*columns} <= _ALLOWED:
            raise InvalidInput(errors={"columns": [_("Say for each column what it means.")]})
        try:
            check_columns(columns)
        except InvalidInput as refusal:
            raise InvalidInput(refusal.detail, errors={"columns": [refusal.detail]}) from refusal
        locked.columns = list(columns)
        _read(locked, ImportFile.objects.values_list("table", flat=True).get(job=locked))
        locked.save()
        ImportMapping.objects.update_or_create(
            organization=locked.organization,
            headings=headings_digest(locked.headings),
            defaults={"columns": list(columns)},
        )
    return locked


def draft_fix(*, actor: Actor, job: ImportJob, fix: str, is_on: bool) -> ImportJob:
    """Mend all rows of one cause, or stop doing so, and read the rows again. Raises InvalidInput naming `fix`."""
    with transaction.atomic(durable=True):
        locked = _prepared(actor, job)
        if not is_fix(fix) or not locked.columns:
            raise InvalidInput(errors={"fix": [_("There is no such correction.")]})
        others = [known for known in locked.fixes if known != fix]
        locked.fixes = [*others, fix][-100:] if is_on else others
        _read(locked, ImportFile.objects.values_list("table", flat=True).get(job=locked))
        locked.save()
    return locked


def draft_discard(*, actor: Actor, job: ImportJob) -> None:
    """Throw a file away that was not loaded."""
    with transaction.atomic(durable=True):
        _prepared(actor, job).delete()


def imports_forget() -> int:
    """Delete drafts after a week and, of imports that cannot be undone any more, what undoing would have taken."""
    now = timezone.now()
    old = ImportChange.objects.filter(job__finished_at__lt=now - UNDO_FOR).exclude(job__state=ImportState.UNDOING)
    old.filter(fate="").delete()
    old.exclude(before=None).update(before=None)
    count, _by_model = ImportJob.objects.filter(state=ImportState.DRAFT, created_at__lt=now - KEPT_FOR).delete()
    RemovedCapability.objects.filter(removed_at__lt=now - GONE_FOR).delete()
    return count


def imports_before(moment: datetime) -> QuerySet[ImportJob]:
    """Imports that ended before `moment`, with their errors and refused rows; what they loaded is not among it."""
    return ImportJob.objects.filter(finished_at__lt=moment).exclude(state=ImportState.UNDOING)
