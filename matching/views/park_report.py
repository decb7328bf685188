"""The monthly report of a zone: a page, a PDF and a spreadsheet of the same figures."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from matching.reviewing.queues import waiting
from matching.statistics.periods import Period, offered_periods, period_named
from matching.statistics.printing import report_pdf, report_workbook
from matching.statistics.reports import report_of
from matching.statistics.workdays import LATE_AFTER, workdays_before
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core import printing, workbooks


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def report(request: HttpRequest, actor: Actor, month: str) -> HttpResponseBase:
    """`/park/reports/2026-11/`, also 2026-Q4 and 2026; `?download=pdf|xlsx` gives the file. 404 for the future."""
    now = timezone.now()
    period = _period(month)
    found = report_of(actor.zone, period, now)
    name = f"zhongshi-{actor.zone.code}-{period.code}"
    wanted = request.GET.get("download", "")
    if wanted == "pdf":
        pages = report_pdf(actor.zone, found, now)
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return HttpResponse(pages, content_type=printing.CONTENT_TYPE, headers=headers)
    queue = waiting(actor.zone, now, late_before=workdays_before(now, LATE_AFTER))
    if wanted == "xlsx":
        file = report_workbook(actor.zone, found, queue, now)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=workbooks.CONTENT_TYPE)
    context: dict[str, Any] = {
        "report": found,
        "period": period,
        "periods": offered_periods(timezone.localdate(now)),
        "waiting": queue,
        "is_running": period.is_running(now),
        "now": now,
    }
    return show(request, "matching/park_report.html", context)


def _period(code: str) -> Period:
    period = period_named(code)
    if period is None or period.span.start > timezone.now():
        raise Http404
    return period
