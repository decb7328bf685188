"""A need's matches as a file for a manager: PDF or spreadsheet, the same rows as the page's choice."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from matching.selectors import newest_run, shown_matches
from requests.enums import Medium
from requests.models import Need
from requests.views.disclosed import disclosed
from requests.views.frame import workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.core import printing, workbooks

from . import report_content
from .arranging import Choice, arranged
from .cards import cards_of
from .needs import BOTH, need_of
from .report_content import Content


@workspace_page(*BOTH)
@require_GET
def report_pdf(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The report on paper; 404 while nothing is scored."""
    content = _content(request, actor, need_of(actor, number), Medium.PDF)
    made = printing.report(report_content.cover(content), report_content.blocks(content))
    return _attached(made, printing.CONTENT_TYPE, f"{content.need.number}.pdf")


@workspace_page(*BOTH)
@require_GET
def report_xlsx(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The report as a workbook; 404 while nothing is scored."""
    content = _content(request, actor, need_of(actor, number), Medium.XLSX)
    with workbooks.workbook(report_content.sheets(content), report_content.about(content)) as file:
        return _attached(file.read(), workbooks.CONTENT_TYPE, f"{content.need.number}.xlsx")


def _attached(made: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, and nothing for a cache on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=content_type, headers=headers)


def _content(request: HttpRequest, actor: Actor, need: Need, medium: Medium) -> Content:
    run = newest_run(need)
    if run is None:
        raise Http404
    shape = disclosed(request, actor, need, medium)
    conditions = list(shape.conditions)
    cards = cards_of(shown_matches(need), need=need)
    return Content(need, shape.name, run, conditions, arranged(cards, need, conditions, Choice.of(request.GET)))
