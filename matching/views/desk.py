"""The operator's desk: leads by state, each with what is asked and what can be answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from matching.enums import AS_LEAD, IN_TALKS, RELEASED, MatchStatus
from matching.forms import AskForm, DeclineForm, QuoteForm, QuoteLineFormSet, offer_of
from matching.models import Match, MatchQuerySet
from matching.selectors import lead_record, shown_leads
from matching.services.leads import lead_accept, lead_ask, lead_decline, lead_quote
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput

from .cards import cards_of

_OPEN_TABS: dict[str, frozenset[str]] = {
    "waiting": frozenset({MatchStatus.APPROVED}),
    "talking": frozenset({MatchStatus.ACCEPTED}),
    "quoted": frozenset({MatchStatus.QUOTED}),
    "won": RELEASED,
}
TABS = _OPEN_TABS | {"over": AS_LEAD - frozenset().union(*_OPEN_TABS.values())}
_RAIL = 12


@workspace_page(Role.OPERATOR)
@require_GET
def lead_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Leads of one state, those due first; `?state=` chooses the tab."""
    rows = Match.objects.for_operator(actor)
    state = request.GET.get("state", "waiting")
    state = state if state in TABS else "waiting"
    page = listed(request, shown_leads(rows.filter(status__in=TABS[state])))
    leads = [(match, lead_record(match)) for match in page["page"]]
    return show(request, "matching/lead_list.html", page | _tabs(rows, state) | {"leads": leads})


@workspace_page(Role.OPERATOR)
@require_GET
def lead_page(request: HttpRequest, actor: Actor, match_id: UUID) -> HttpResponse:
    """One lead, as far as its stage discloses it."""
    return _page(request, actor, _lead(actor, match_id))


@workspace_page(Role.OPERATOR)
@require_POST
def lead_act(request: HttpRequest, actor: Actor, match_id: UUID, action: str) -> HttpResponse:
    """Accept, quote, ask or decline. A refused form stays as it was typed."""
    deed = _DEEDS.get(action)
    if deed is None:
        raise Http404
    match = _lead(actor, match_id)
    try:
        told = deed(request, actor, match)
    except _Incomplete as incomplete:
        return _page(request, actor, match, InvalidInput(), **incomplete.forms)
    except DomainError as refusal:
        return _page(request, actor, match, refusal, **_forms_sent(request, action, refusal))
    messages.success(request, told)
    return redirect("matching:lead", match_id=match_id)


class _Incomplete(Exception):
    """A form whose fields are not readable yet."""

    def __init__(self, **forms: BaseForm) -> None:
        super().__init__()
        self.forms = forms


def _accept(_request: HttpRequest, actor: Actor, match: Match) -> str:
    lead_accept(actor=actor, match=match)
    return _("Accepted. The enterprise knows; send your quote when it is ready.")


def _quote(request: HttpRequest, actor: Actor, match: Match) -> str:
    form, lines = QuoteForm(request.POST), QuoteLineFormSet(request.POST, prefix="lines")
    if not (form.is_valid() & lines.is_valid()):
        raise _Incomplete(quote=form, lines=lines)  # type: ignore[arg-type]
    lead_quote(actor=actor, match=match, offer=offer_of(form, lines))
    return _("Your quote is on its way to the enterprise.")


def _ask(request: HttpRequest, actor: Actor, match: Match) -> str:
    lead_ask(actor=actor, match=match, text=request.POST.get("question", ""))
    return _("Your question is on its way; the clock goes on.")


def _decline(request: HttpRequest, actor: Actor, match: Match) -> str:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        raise _Incomplete(decline=form)
    lead_decline(actor=actor, match=match, reason=form.reason_in_words())
    return _("Declined. The enterprise reads your reason.")


_DEEDS: dict[str, Callable[[HttpRequest, Actor, Match], str]] = {
    "accept": _accept,
    "quote": _quote,
    "ask": _ask,
    "decline": _decline,
}


def _forms_sent(request: HttpRequest, action: str, refusal: DomainError) -> dict[str, Any]:
    """What was typed, again, with the service's complaints beside the fields they name."""
    if action == "accept":
        return {}
    form: Any = {"quote": QuoteForm, "ask": AskForm, "decline": DeclineForm}[action](request.POST)
    for name, complaints in (refusal.errors or {}).items():
        for complaint in complaints:
            form.add_error(name if name in form.fields else None, str(complaint))
    sent = {action: form}
    return sent | ({"lines": QuoteLineFormSet(request.POST, prefix="lines")} if action == "quote" else {})


def _lead(actor: Actor, match_id: UUID) -> Match:
    return get_object_or_404(shown_leads(Match.objects.for_operator(actor)), uuid=match_id)


def _page(
    request: HttpRequest, actor: Actor, match: Match, refusal: DomainError | None = None, **forms: Any
) -> HttpResponse:
    rows = Match.objects.for_operator(actor)
    state = next(name for name, group in TABS.items() if match.status in group)
    rail = rows.filter(status__in=TABS[state]).select_related("need", "capability__platform")
    context: dict[str, Any] = {
        "card": cards_of([match])[0],
        "lead": lead_record(match),
        "rail": rail.order_by("answer_due_at", "id")[:_RAIL],
        "may": _possible(match),
        "quote": forms.get("quote") or QuoteForm(),
        "lines": forms.get("lines") or QuoteLineFormSet(prefix="lines"),
        "ask": forms.get("ask") or AskForm(),
        "decline": forms.get("decline") or DeclineForm(),
        "opened": next(iter(forms), ""),
    }
    return show(request, "matching/lead.html", context | _tabs(rows, state), refusal)


def _possible(match: Match) -> dict[str, bool]:
    targets = Match.TRANSITIONS[match.status]
    return {
        "accept": MatchStatus.ACCEPTED in targets,
        "quote": MatchStatus.QUOTED in targets,
        "decline": MatchStatus.DECLINED in targets,
        "ask": match.status in IN_TALKS,
    }


def _tabs(rows: MatchQuerySet, state: str) -> dict[str, Any]:
    counts = rows.aggregate(**{name: Count("id", filter=Q(status__in=sorted(group))) for name, group in TABS.items()})
    return {"counts": counts, "state": state}
