"""The zone's needs as its office looks through them: by state, words, campaign; in the order that helps."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from requests.disclosure import listed_name
from requests.enums import NeedStatus, Visibility
from requests.models import Campaign, Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.fragments import page_or_part
from zhongshi.core.workbooks import CONTENT_TYPE, About, Column, Kind, Sheet, workbook

from .frame import listed, workspace_page

SORTS = {
    "newest": (gettext_lazy("newest first"), ("-pk",)),
    "oldest": (gettext_lazy("oldest first"), ("pk",)),
    "changed": (gettext_lazy("last change first"), ("-updated_at", "-pk")),
}
_STATES = [status for status in NeedStatus if status != NeedStatus.DRAFT]


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def park_needs(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """`?status=&q=&campaign=&sort=` narrow and order; `&download=xlsx` gives the same as a file."""
    found = _found(request, Need.objects.visible_to(actor))
    status = request.GET.get("status", "")
    chosen = status if status in _STATES else ""
    rows = found.filter(status=chosen) if chosen else found
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "newest"
    rows = rows.select_related("organization", "campaign").order_by(*SORTS[sort][1])
    if request.GET.get("download") == "xlsx":
        return _file(rows, actor, chosen)
    counts = dict(found.order_by().values_list("status").annotate(n=Count("pk")))
    context = listed(request, rows) | {
        "statuses": [(state, counts.get(state, 0)) for state in _STATES],
        "total": sum(counts.values()),
        "chosen": chosen,
        "sort": sort,
        "sorts": [(name, label) for name, (label, _order) in SORTS.items()],
        "q": request.GET.get("q", ""),
        "campaign": request.GET.get("campaign", ""),
        "campaigns": list(Campaign.objects.run_by(actor)),
    }
    return page_or_part(request, "requests/park_needs.html", "requests/park_needs_part.html", context)


def _found(request: HttpRequest, rows: QuerySet[Need]) -> QuerySet[Need]:
    """Those that hold every word, and are in the campaign where one is named."""
    for word in request.GET.get("q", "").split()[:8]:
        # A hit tells what stands in a title: those of confidential needs are not looked through.
        titled = Q(title__icontains=word) & ~Q(visibility=Visibility.NDA)
        rows = rows.filter(Q(number__icontains=word) | titled | Q(organization__name__icontains=word))
    campaign = request.GET.get("campaign", "")
    return rows.filter(campaign_id=int(campaign)) if campaign.isdecimal() and len(campaign) < 10 else rows


def _file(rows: QuerySet[Need], actor: Actor, chosen: str) -> HttpResponseBase:
    columns = [
        Column(_("Number"), width=14),
        Column(_("Need"), width=40),
        Column(_("Enterprise"), width=30),
        Column(_("Status"), width=14),
        Column(_("Campaign"), width=30),
        Column(_("Posted"), Kind.MOMENT),
        Column(_("Last change"), Kind.MOMENT),
    ]
    lines = (
        (
            need.number,
            listed_name(need),
            need.organization.name,
            str(NeedStatus(need.status).label),
            need.campaign.title if need.campaign else "",
            need.created_at,
            need.updated_at,
        )
        for need in rows.iterator(chunk_size=500)
    )
    words = str(NeedStatus(chosen).label) if chosen else ""
    about = About(_("Needs of %(zone)s") % {"zone": actor.zone.name}, timezone.now(), filter=words)
    file = workbook([Sheet(_("Needs"), columns, lines)], about)
    name = f"zhongshi-needs-{actor.zone.code}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
