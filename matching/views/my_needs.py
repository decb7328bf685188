"""An enterprise's needs with what has come of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, DateField, F, Max, Min, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from matching.enums import AS_LEAD, MatchStatus
from matching.models import Quote
from requests.enums import NeedStatus
from requests.models import Need, NeedQuerySet
from requests.samples import sample
from requests.views.frame import PAGE_SIZE, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.fragments import page_or_part
from zhongshi.core.page_views import page_links

_ASKED = sorted(AS_LEAD - {MatchStatus.WITHDRAWN})
STAGES: dict[str, tuple[Any, frozenset[str]]] = {
    "running": (_("running"), frozenset({NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.OPEN})),
    "draft": (_("drafts"), frozenset({NeedStatus.DRAFT})),
    "won": (_("contracted"), frozenset({NeedStatus.CONTRACTED, NeedStatus.COMPLETED})),
    "over": (_("ended"), frozenset({NeedStatus.WITHDRAWN, NeedStatus.EXPIRED})),
}
# A score or a deadline that is not there comes last, whichever way one looks.
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "changed": (_("last change"), ("-updated_at", "-id")),
    "number": (_("newest"), ("-id",)),
    "deadline": (_("next deadline"), (F("deadline").asc(nulls_last=True), "-id")),
    "score": (_("best score"), (F("best").desc(nulls_last=True), "-id")),
}


@workspace_page(Role.ENTERPRISE)
@require_GET
def need_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The enterprise's own needs; `?stage=` narrows, `?sort=` orders, `?page=` turns."""
    own = Need.objects.visible_to(actor)
    stage, sort = _one_of(STAGES, request, "stage", ""), _one_of(SORTS, request, "sort", "changed")
    rows = own.filter(status__in=STAGES[stage][1]) if stage else own
    page = Paginator(_with_progress(rows).order_by(*SORTS[sort][1]), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "links": page_links(page, request),
        "tabs": _tabs(own, request.GET, stage),
        "sorts": [(key, label) for key, (label, _order) in SORTS.items()],
        "chosen": stage,
        "sort": sort,
        "sample": sample(),
    }
    return page_or_part(request, "matching/need_list.html", "matching/_need_rows.html", context)


def _one_of(known: dict[str, Any], request: HttpRequest, name: str, otherwise: str) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else otherwise


def _tabs(own: NeedQuerySet, query: QueryDict, stage: str) -> list[tuple[str, Any, int, bool]]:
    """Address, words, count and whether it is the present one, for all and for each stage. One query."""
    counts = own.aggregate(
        all=Count("id"), **{key: Count("id", filter=Q(status__in=sorted(group))) for key, (_, group) in STAGES.items()}
    )
    labels = {"": _("all")} | {key: label for key, (label, _group) in STAGES.items()}
    return [(_address(query, key), label, counts[key or "all"], key == stage) for key, label in labels.items()]


def _address(query: QueryDict, stage: str) -> str:
    kept = query.copy()
    for name in ("page", "lang", "stage"):
        kept.pop(name, None)
    if stage:
        kept["stage"] = stage
    return f"?{kept.urlencode()}"


def _with_progress(rows: NeedQuerySet) -> NeedQuerySet:
    """Each need with its best score, how many were asked and answered, and the next day something is due."""
    standing = Quote.objects.filter(match__need=OuterRef("pk"), match__status=MatchStatus.QUOTED).order_by(
        "valid_until"
    )
    return rows.annotate(
        match_count=Count("matches", filter=~Q(matches__status=MatchStatus.WITHDRAWN)),
        best=Max("matches__score", filter=~Q(matches__status=MatchStatus.WITHDRAWN)),
        asked=Count("matches", filter=Q(matches__status__in=_ASKED, matches__reviewed_at__isnull=False)),
        answered=Count("matches", filter=Q(matches__status__in=_ASKED, matches__answered_at__isnull=False)),
        deadline=Min("matches__answer_due_at", filter=Q(matches__status=MatchStatus.APPROVED)),
        quote_until=Subquery(standing.values("valid_until")[:1], output_field=DateField()),
    )
