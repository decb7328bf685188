"""Imports that nothing will carry on any more; see `zhongshi.core.inconsistencies`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from platforms.enums import ImportState
from platforms.models import ImportJob
from zhongshi.core import inconsistencies, outbox

_RUN = "platforms.services.imports.import_run"
_UNDO = "platforms.services.import_undo.undo_run"
_OPEN = (ImportState.WAITING, ImportState.RUNNING, ImportState.UNDOING)


def imports_forgotten(before: datetime) -> Iterator[ImportJob]:
    """Imports that wait, run or are being undone, and nothing will."""
    known = inconsistencies.unfinished(_RUN, "job_id") | inconsistencies.unfinished(_UNDO, "job_id")
    rows = ImportJob.objects.light().filter(state__in=_OPEN, started_at__lt=before).order_by("pk")
    return (job for job in rows.iterator() if job.pk not in known)


def import_mend(job: ImportJob) -> None:
    """Owe what is left of it; in the caller's transaction."""
    topic = "import.undo" if job.state == ImportState.UNDOING else "import.submitted"
    outbox.emit(topic, key=inconsistencies.mending_key(f"import:{job.uuid}"), job_id=job.pk)
