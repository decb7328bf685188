"""Imports: the list of runs, a file coming in, a run while it goes and when it is over, undoing it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platforms.enums import ImportState
from platforms.importing.columns import COLUMNS
from platforms.importing.model import MAX_ROWS
from platforms.importing.reports import failed_sheet, groups_of
from platforms.importing.template import how_to, template
from platforms.models import ImportJob
from platforms.services.import_drafts import draft_create, draft_discard
from platforms.services.import_undo import UNDO_FOR, import_undo, may_undo
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import listed, show, workspace_page
from zhongshi.core.errors import DomainError, InvalidInput, TooLarge
from zhongshi.core.fragments import page_or_part, wants_part
from zhongshi.core.workbooks import CONTENT_TYPE

RUNNING = {ImportState.WAITING, ImportState.RUNNING, ImportState.UNDOING}
_SHOWN_CHANGES = 50
View = Callable[..., HttpResponseBase]


def import_page(view: View) -> View:
    """Give the view its actor and the address of the section; 403 for people of the other workspace."""

    @wraps(view)
    def answer(request: HttpRequest, *, office: bool, **named: Any) -> HttpResponseBase:
        role, base = (Role.ZONE_ADMIN, "/park/imports/") if office else (Role.OPERATOR, "/desk/services/import/")
        return workspace_page(role)(view)(request, base, **named)

    # The decorated view gets (request, actor, base).
    return answer


def own_job(actor: Actor, uuid: UUID) -> ImportJob:
    """An import of one's own organization; 404 for any other."""
    job: ImportJob = get_object_or_404(ImportJob.objects.visible_to(actor).select_related("organization"), uuid=uuid)
    return job


@import_page
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, actor: Actor, base: str) -> HttpResponse:
    """The template, a file to choose, and all runs with who, when and what became of them."""
    refusal = None
    if request.method == "POST":
        try:
            return redirect(f"{base}{_uploaded(request, actor).uuid}/")
        except DomainError as refused:
            refusal = refused
    runs = ImportJob.objects.visible_to(actor).light().select_related("created_by")
    context = {
        "base": base,
        "columns": [(column, how_to(column.kind, str(column.help))) for column in COLUMNS.values()],
        "most_rows": MAX_ROWS,
        "most_megabytes": settings.IMPORT_MAX_BYTES // 1_000_000,
    }
    return show(request, "platforms/imports/overview.html", context | listed(request, runs), refusal)


def _uploaded(request: HttpRequest, actor: Actor) -> ImportJob:
    upload = request.FILES.get("file")
    if upload is None:
        raise InvalidInput(errors={"file": [_("Choose a file.")]})
    most = settings.IMPORT_MAX_BYTES
    if upload.size is None or upload.size > most:
        raise TooLarge(errors={"file": [_("At most %(most)s bytes.") % {"most": most}]})
    return draft_create(actor=actor, file_name=str(upload.name), content=upload.read())


@import_page
@require_safe
def template_file(_request: HttpRequest, _actor: Actor, _base: str) -> HttpResponse:
    """The sheet to fill in."""
    answer = HttpResponse(template(), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E4%B8%AD%E8%AF%95%E4%BA%91%E5%AF%BC%E5%85%A5%E6%A8%A1%E6%9D%BF.xlsx"
    )
    return answer


@import_page
@require_safe
def run_page(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """How far an import is, then what became of it; one that is still prepared goes on where it was left."""
    job = own_job(actor, uuid)
    if job.state == ImportState.DRAFT:
        is_table = bool(job.headings)
        return redirect(f"{base}{job.uuid}/{'columns' if is_table and not job.columns else 'check'}/")
    context = _of_run(job, base) | {"is_part": wants_part(request)}
    return page_or_part(request, "platforms/imports/run.html", "platforms/imports/_run.html", context)


def _of_run(job: ImportJob, base: str) -> dict[str, Any]:
    is_running = job.state in RUNNING
    context: dict[str, Any] = {"job": job, "base": base, "is_running": is_running, "is_undoing": job.state == "undoing"}
    if is_running:
        done, total = _progress(job)
        share = int(100 * done / total) if total else 0
        return context | {"done": done, "total": total, "share": share}
    fates: dict[str, list[Any]] = {"removed": [], "restored": [], "suspended": [], "changed": []}
    if job.state == ImportState.UNDONE:
        for change in job.changes.exclude(fate="").defer("before").order_by("pk"):
            fates[change.fate].append(change)
    return context | {
        "groups": groups_of(job.errors),
        "failed": len({error["row"] for error in job.errors}),
        "may_undo": may_undo(job),
        "undo_until": job.finished_at + UNDO_FOR if job.finished_at else None,
        "fates": fates,
        "shown_changes": _SHOWN_CHANGES,
        "now": timezone.now(),
    }


def _progress(job: ImportJob) -> tuple[int, int]:
    if job.state != ImportState.UNDOING:
        return job.done, job.total
    total = job.changes.count()
    return total - job.changes.filter(fate="").count(), total


@import_page
@require_safe
def failed_file(_request: HttpRequest, actor: Actor, _base: str, uuid: UUID) -> FileResponse:
    """The rows that failed, each with its reason, as a sheet that can be mended and imported. 404 where none did."""
    job = own_job(actor, uuid)
    if not job.errors:
        raise Http404
    title = _("Rows of %(file)s that could not be imported") % {"file": job.file_name}
    sheet = failed_sheet(job.headings, job.failed_rows, job.errors, title=title)
    name = f"{job.file_name.rpartition('.')[0] or job.file_name}-failed.xlsx"
    return FileResponse(sheet, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@import_page
@require_POST
def undo(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """Have an import undone, and go to where that is seen."""
    job = own_job(actor, uuid)
    try:
        import_undo(actor=actor, job=job)
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
    return redirect(f"{base}{job.uuid}/")


@import_page
@require_POST
def discard(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """Throw a file away that was not loaded."""
    job = own_job(actor, uuid)
    try:
        draft_discard(actor=actor, job=job)
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return redirect(f"{base}{job.uuid}/")
    messages.success(request, _("%(file)s was thrown away; nothing was imported.") % {"file": job.file_name})
    return redirect(base)
