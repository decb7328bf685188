"""Who read what (谁看过): of one need for its owner, of the whole zone for its office; page, CSV and spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from requests.disclosure import is_confidential
from requests.disclosure_models import DisclosureQuerySet
from requests.enums import Medium, Stage
from requests.models import Disclosure, Need
from requests.readings import columns, folded, lines, readings_of
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.fragments import page_or_part
from zhongshi.core.workbooks import CONTENT_TYPE, About, Cell, Sheet, escaped, workbook

from .frame import listed, workspace_page


@workspace_page(Role.ENTERPRISE, Role.ZONE_ADMIN)
@require_GET
def need_readings(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """The whole record of one need; `&download=csv|xlsx` gives every reading as a row."""
    need = get_object_or_404(Need.objects.visible_to(actor), number=number)
    rows = Disclosure.objects.visible_to(actor).filter(need=need)
    context = {"need": need, "is_confidential": is_confidential(need)}
    return _answer(request, rows, _("Who read %(number)s") % {"number": number}, number, context)


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def zone_readings(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The zone's record; `?q=` (need or organization) `&medium=&stage=` narrow it, `&download=csv|xlsx` gives rows."""
    rows = Disclosure.objects.visible_to(actor)
    query, medium, stage = (request.GET.get(name, "").strip() for name in ("q", "medium", "stage"))
    if query:
        rows = rows.filter(need__number__iexact=query) | rows.filter(organization__name__icontains=query)
    rows = rows.filter(medium=medium) if medium in Medium.values else rows
    rows = rows.filter(stage=stage) if stage in Stage.values else rows
    context: dict[str, Any] = {
        "q": query,
        "medium": medium,
        "stage": stage,
        "media": Medium.choices,
        "stages": Stage.choices[1:],
    }
    return _answer(request, rows, _("Who read what in %(zone)s") % {"zone": actor.zone.name}, actor.zone.code, context)


def _answer(
    request: HttpRequest, rows: DisclosureQuerySet, title: str, name: str, context: dict[str, Any]
) -> HttpResponseBase:
    wanted = request.GET.get("download")
    if wanted == "xlsx":
        return _workbook(rows, title, name)
    if wanted == "csv":
        return _table(rows, name)
    context |= listed(request, folded(rows)) | {"title": title}
    context["readings"] = readings_of(context["page"])
    return page_or_part(request, "requests/readings.html", "requests/_readings_part.html", context)


def _workbook(rows: DisclosureQuerySet, title: str, name: str) -> HttpResponseBase:
    file = workbook([Sheet(_("Who read what"), columns(), lines(rows))], About(title, timezone.now()))
    return FileResponse(file, as_attachment=True, filename=f"readings-{name}.xlsx", content_type=CONTENT_TYPE)


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    return escaped(str(cell))


def _table(rows: DisclosureQuerySet, name: str) -> HttpResponse:
    made = io.StringIO()
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    made.write("\ufeff")
    writer = csv.writer(made)
    writer.writerow([str(column.header) for column in columns()])
    writer.writerows([_plain(cell) for cell in line] for line in lines(rows))
    headers = {
        "Content-Disposition": f'attachment; filename="readings-{name}.csv"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
