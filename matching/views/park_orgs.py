"""The organizations of a zone, as its office looks through them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from platforms.models import Platform
from requests.enums import NeedStatus
from requests.models import Need
from requests.views.frame import listed, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus, Role
from zhongshi.accounts.models import Membership, Organization
from zhongshi.core.fragments import page_or_part
from zhongshi.core.workbooks import CONTENT_TYPE, About, Column, Kind, Sheet, workbook

_SORTS = {"name": ("name", "pk"), "newest": ("-pk",)}


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def org_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """`?status=&kind=&q=&sort=` narrow and order the zone's organizations; `&download=xlsx` gives them as a file."""
    get = request.GET.get
    rows = Organization.objects.visible_to(actor).exclude(kind=OrganizationKind.ZONE)
    for word in get("q", "").split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(credit_code__icontains=word))
    kind = get("kind", "") if get("kind") in OrganizationKind.values else ""
    rows = rows.filter(kind=kind) if kind else rows
    counts = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    status = get("status", "") if get("status") in OrganizationStatus.values else ""
    sort = get("sort", "") if get("sort") in _SORTS else "name"
    shown = _counted(rows.filter(status=status) if status else rows).order_by(*_SORTS[sort])
    if get("download") == "xlsx":
        return _file(shown, actor)
    context: dict[str, Any] = listed(request, shown) | {
        "statuses": [(one, counts.get(one, 0)) for one in OrganizationStatus],
        "total": sum(counts.values()),
        "kinds": [(one.value, one.label) for one in OrganizationKind if one != OrganizationKind.ZONE],
        "kind": kind,
        "chosen": status,
        "sort": sort,
        "q": get("q", ""),
    }
    return page_or_part(request, "matching/park_orgs.html", "matching/park_orgs_part.html", context)


def _file(rows: QuerySet[Organization], actor: Actor) -> HttpResponseBase:
    columns = [
        Column(_("Name"), width=36),
        Column(_("Kind"), width=16),
        Column(_("Status"), width=16),
        Column(_("Unified social credit code"), width=22),
        Column(_("People"), Kind.INTEGER),
        Column(_("Needs"), Kind.INTEGER),
        Column(_("Platforms"), Kind.INTEGER),
    ]
    lines: Any = (
        (
            row.name,
            row.get_kind_display(),
            row.get_status_display(),
            row.credit_code,
            row.people,  # type: ignore[attr-defined]
            row.needs_posted,  # type: ignore[attr-defined]
            row.listings,  # type: ignore[attr-defined]
        )
        for row in rows.iterator(chunk_size=500)
    )
    about = About(_("Organizations of %(zone)s") % {"zone": actor.zone.name}, timezone.now())
    file = workbook([Sheet(_("Organizations"), columns, lines)], about)
    name = f"zhongshi-organizations-{actor.zone.code}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _counted(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """With how many people, needs handed in and platforms each has."""
    needs = Need.objects.exclude(status=NeedStatus.DRAFT)
    return rows.annotate(
        people=_number(Membership.objects.all()), needs_posted=_number(needs), listings=_number(Platform.objects.all())
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(organization=OuterRef("pk")).order_by().values("organization").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)
