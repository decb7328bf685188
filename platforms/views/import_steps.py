"""The steps of a file before it is loaded: what its columns mean, what is wrong with it, what loading it would do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from platforms.enums import ImportState
from platforms.importing.causes import fix_words
from platforms.importing.columns import COLUMNS, LEAVE_OUT, heading_row
from platforms.importing.reports import groups_of
from platforms.models import ImportFile, ImportJob
from platforms.services.import_drafts import draft_columns, draft_fix, draft_sheet, suggested
from platforms.services.import_preview import preview_of
from platforms.services.imports import import_start
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError
from zhongshi.core.fragments import page_or_part

from .imports import import_page, own_job

_EXAMPLES = 3
_METHODS = ["GET", "HEAD", "POST"]


@import_page
@require_http_methods(_METHODS)
def columns_page(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """Say which column means what; another sheet of the workbook may be taken instead."""
    job = own_job(actor, uuid)
    if job.state != ImportState.DRAFT or not job.headings:
        return redirect(f"{base}{job.uuid}/")
    refusal = None
    if request.method == "POST":
        try:
            return redirect(f"{base}{job.uuid}/{_taken(request, actor, job)}/")
        except DomainError as refused:
            refusal = refused
            job.refresh_from_db()
    context = _of_columns(request, job, base) | {"refusal": refusal}
    status = refusal.status if refusal else 200
    return page_or_part(
        request, "platforms/imports/columns.html", "platforms/imports/_columns.html", context, status=status
    )


def _taken(request: HttpRequest, actor: Actor, job: ImportJob) -> str:
    """Do what the form says; the step that comes next."""
    if "sheet" in request.POST:
        draft_sheet(actor=actor, job=job, sheet=request.POST["sheet"])
        return "columns"
    draft_columns(actor=actor, job=job, columns=_chosen(request, job))
    return "check"


def _chosen(request: HttpRequest, job: ImportJob) -> list[str]:
    return [request.POST.get(f"column-{index}", "") for index in range(len(job.headings))]


def _of_columns(request: HttpRequest, job: ImportJob, base: str) -> dict[str, Any]:
    file = ImportFile.objects.only("sheets", "table").get(job=job)
    first = heading_row(file.table)
    below = [row for row in file.table[first + 1 :] if any(row)]
    guesses = suggested(job)
    is_posted = request.method == "POST" and "sheet" not in request.POST
    chosen = _chosen(request, job) if is_posted else job.columns or [guess.field for guess in guesses]
    columns = [
        {
            "index": index,
            "heading": heading,
            "field": field,
            "is_guess": guesses[index].is_guess and guesses[index].field == field,
            "examples": list(dict.fromkeys(row[index][:40] for row in below if index < len(row) and row[index]))[
                :_EXAMPLES
            ],
        }
        for index, (heading, field) in enumerate(zip(job.headings, chosen, strict=True))
    ]
    return {
        "job": job,
        "base": base,
        "sheets": file.sheets,
        "columns": columns,
        "fields": COLUMNS,
        "leave_out": LEAVE_OUT,
        "row_count": len(below),
        "heading_row": first + 1,
    }


@import_page
@require_http_methods(_METHODS)
def check_page(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """Mistakes by cause with their rows; one click mends all of a kind."""
    job = own_job(actor, uuid)
    if job.state != ImportState.DRAFT or (job.headings and not job.columns):
        return redirect(f"{base}{job.uuid}/")
    refusal = None
    if request.method == "POST":
        try:
            job = draft_fix(actor=actor, job=job, fix=request.POST.get("fix", ""), is_on="on" in request.POST)
            # The part is answered at once; a page is asked for anew, so that going back does not mend twice.
            if request.headers.get("HX-Request") != "true":
                return redirect(f"{base}{job.uuid}/check/")
        except DomainError as refused:
            refusal = refused
    context = _of_check(job, base) | {"refusal": refusal}
    status = refusal.status if refusal else 200
    return page_or_part(
        request, "platforms/imports/check.html", "platforms/imports/_check.html", context, status=status
    )


def _of_check(job: ImportJob, base: str) -> dict[str, Any]:
    problems = [problem for unit in job.rows for problem in unit["problems"]]
    bad = len({problem["row"] for problem in problems})
    return {
        "job": job,
        "base": base,
        "groups": groups_of(problems),
        "bad": bad,
        "good": job.total - bad,
        "fixes": [(fix, fix_words(fix)) for fix in job.fixes],
        "kept": [heading for heading, field in zip(job.headings, job.columns, strict=False) if heading and not field],
        "may_go_on": any(unit["record"] for unit in job.rows),
    }


@import_page
@require_http_methods(_METHODS)
def preview_page(request: HttpRequest, actor: Actor, base: str, uuid: UUID) -> HttpResponse:
    """What would be created, updated and skipped; then the run is started."""
    job = own_job(actor, uuid)
    if job.state != ImportState.DRAFT or not job.rows:
        return redirect(f"{base}{job.uuid}/")
    refusal = None
    if request.method == "POST":
        try:
            import_start(actor=actor, job=job)
            return redirect(f"{base}{job.uuid}/")
        except DomainError as refused:
            refusal = refused
    preview = preview_of(job, actor)
    context = {
        "job": job,
        "base": base,
        "preview": preview,
        "counts": preview.counts,
        "refused": groups_of(preview.refused),
        "to_load": preview.counts["created"] + preview.counts["updated"],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return page_or_part(
        request, "platforms/imports/preview.html", "platforms/imports/_preview.html", context, status=status
    )
