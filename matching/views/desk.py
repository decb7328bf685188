"""The operator's desk: leads by state, each with what is asked and what can be answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from matching.enums import AS_LEAD, RELEASED, MatchStatus
from matching.models import Match, MatchQuerySet
from matching.selectors import shown_leads
from requests.views.disclosed import reader_of
from requests.views.frame import listed, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.fragments import page_or_part

from .desk_deeds import DEEDS, Incomplete, forms_sent
from .desk_lead import ANSWERS, lead_context, scale_of

_NAMED_TABS: dict[str, frozenset[str]] = {
    "waiting": frozenset({MatchStatus.APPROVED}),
    "talking": frozenset({MatchStatus.ACCEPTED}),
    "quoted": frozenset({MatchStatus.QUOTED}),
    "won": RELEASED,
    "declined": frozenset({MatchStatus.DECLINED}),
}
TABS = _NAMED_TABS | {"over": AS_LEAD - frozenset().union(*_NAMED_TABS.values())}


@workspace_page(Role.OPERATOR)
@require_GET
def lead_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Leads of one state, those due first, with the first one opened beside them; `?state=` chooses the tab."""
    state = request.GET.get("state", "waiting")
    context = _inbox(request, actor, state if state in TABS else "waiting")
    first = next((match for match, _scale in context["rail"]), None)
    if first is not None:
        context |= lead_context(reader_of(request, actor), actor, first, opened="", forms={})
    return _answer(request, context | {"is_list": True})


@workspace_page(Role.OPERATOR)
@require_GET
def lead_page(request: HttpRequest, actor: Actor, match_id: UUID) -> HttpResponse:
    """One lead, as far as its stage discloses it; `?do=` opens one of the answers."""
    return _page(request, actor, _lead(actor, match_id), opened=request.GET.get("do", ""))


@workspace_page(Role.OPERATOR)
@require_POST
def lead_act(request: HttpRequest, actor: Actor, match_id: UUID, action: str) -> HttpResponse:
    """Accept, quote, ask, decline, or confirm what is open. A refused form stays as it was typed."""
    deed = DEEDS.get(action)
    if deed is None:
        raise Http404
    match = _lead(actor, match_id)
    try:
        told = deed(request, actor, match)
    except Incomplete as incomplete:
        refusal = InvalidInput() if incomplete.is_wrong else None
        return _page(request, actor, match, refusal, **incomplete.forms)
    except DomainError as refusal:
        # Read anew: where a colleague was faster the lead stands in another tab by now, and its page says so.
        return _page(request, actor, _lead(actor, match_id), refusal, **forms_sent(request, action, refusal))
    messages.success(request, told)
    return redirect("matching:lead", match_id=match_id)


def _lead(actor: Actor, match_id: UUID) -> Match:
    return get_object_or_404(_leads(Match.objects.for_operator(actor)), uuid=match_id)


def _leads(rows: MatchQuerySet) -> MatchQuerySet:
    return shown_leads(rows).prefetch_related("need__conditions", "capability__facts")


def _page(
    request: HttpRequest,
    actor: Actor,
    match: Match,
    refusal: DomainError | None = None,
    opened: str = "",
    **forms: Any,
) -> HttpResponse:
    state = next(name for name, group in TABS.items() if match.status in group)
    context = _inbox(request, actor, state)
    context |= lead_context(
        reader_of(request, actor), actor, match, opened=opened if opened in ANSWERS else "", forms=forms
    )
    return _answer(request, context | {"refusal": refusal}, status=refusal.status if refusal else 200)


def _inbox(request: HttpRequest, actor: Actor, state: str) -> dict[str, Any]:
    """The tabs with their counts, and the rail of leads of one state."""
    rows = Match.objects.for_operator(actor)
    counts = rows.aggregate(**{name: Count("id", filter=Q(status__in=sorted(group))) for name, group in TABS.items()})
    page = listed(request, _leads(rows.filter(status__in=TABS[state])))
    rail = [(match, scale_of(match)) for match in page["page"]]
    return page | {"actor": actor, "counts": counts, "state": state, "rail": rail}


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return page_or_part(request, "matching/lead_list.html", "matching/lead_inbox.html", context, status=status)
