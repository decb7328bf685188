"""An enterprise's needs with what has come of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from matching.enums import RELEASED, MatchStatus
from requests.enums import NeedStatus
from requests.models import Need
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

_ANSWERS = sorted({MatchStatus.ACCEPTED, MatchStatus.QUOTED, MatchStatus.DECLINED, MatchStatus.NOT_CHOSEN, *RELEASED})
STAGES: dict[str, frozenset[str]] = {
    "running": frozenset({NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.OPEN}),
    "draft": frozenset({NeedStatus.DRAFT}),
    "won": frozenset({NeedStatus.CONTRACTED, NeedStatus.COMPLETED}),
    "over": frozenset({NeedStatus.WITHDRAWN, NeedStatus.EXPIRED}),
}


@workspace_page(Role.ENTERPRISE)
@require_GET
def need_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The enterprise's own needs, newest first; `?stage=` narrows."""
    own = Need.objects.visible_to(actor)
    chosen = request.GET.get("stage", "")
    rows = own.filter(status__in=STAGES[chosen]) if chosen in STAGES else own
    rows = rows.annotate(
        match_count=Count("matches", filter=~Q(matches__status=MatchStatus.WITHDRAWN)),
        answer_count=Count("matches", filter=Q(matches__status__in=_ANSWERS)),
    )
    context: dict[str, Any] = listed(request, rows.order_by("-id"))
    counts = own.aggregate(
        **{stage: Count("id", filter=Q(status__in=sorted(group))) for stage, group in STAGES.items()}
    )
    return show(request, "matching/need_list.html", context | {"counts": counts, "chosen": chosen})
