"""The zone office: matches to review, and the trail of who did what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.enums import MatchStatus
from matching.forms import ReviewForm
from matching.models import Match
from matching.rules import may_review
from matching.services.review import match_review
from requests.models import Need
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.models import AuditEntry
from zhongshi.vocabulary.models import UnknownWord

from .cards import cards_of

_AUDIT_PAGE = 50


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def review_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Proposed matches of the zone, grouped by need, newest need first."""
    rows = (
        Match.objects.for_review(actor)
        .filter(status=MatchStatus.PROPOSED)
        .select_related("need__organization", "capability__platform", "run")
        .order_by("-need_id", "rank", "id")
    )
    context = listed(request, rows)
    return show(request, "matching/review_list.html", context | {"cards": cards_of(context["page"])})


@workspace_page(Role.ZONE_ADMIN)
def review_page(request: HttpRequest, actor: Actor, match_id: UUID) -> HttpResponse:
    """One match with everything a decision needs, and the decision."""
    rows = Match.objects.for_review(actor).select_related(
        "need__organization", "capability__platform__organization", "run", "reviewed_by"
    )
    match = get_object_or_404(rows, uuid=match_id)
    if request.method != "POST":
        return _page(request, actor, match, ReviewForm())
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, match, form, InvalidInput())
    return _decide(request, actor, match, form)


def _decide(request: HttpRequest, actor: Actor, match: Match, form: ReviewForm) -> HttpResponse:
    approve = form.cleaned_data["decision"] == "approve"
    try:
        match_review(actor=actor, match=match, approve=approve, note=form.cleaned_data["note"])
    except DomainError as refusal:
        for complaint in (refusal.errors or {}).get("note", ()):
            form.add_error("note", str(complaint))
        return _page(request, actor, match, form, refusal)
    messages.success(request, _("Approved. The operator has the lead now.") if approve else _("Rejected."))
    return redirect("matching:review")


def _page(
    request: HttpRequest, actor: Actor, match: Match, form: ReviewForm, refusal: DomainError | None = None
) -> HttpResponse:
    is_open = match.status == MatchStatus.PROPOSED
    context: dict[str, Any] = {
        "card": cards_of([match])[0],
        "form": form,
        "is_open": is_open and may_review(actor, match),
        "is_party": is_open and not may_review(actor, match),
    }
    return show(request, "matching/review.html", context, refusal)


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def audit_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The zone's trail, newest first."""
    rows = AuditEntry.objects.filter(zone_code=actor.zone.code).select_related("actor")
    context = listed(request, rows, _AUDIT_PAGE)
    known = _subjects(context["page"])
    entries = [(entry, known.get(entry.object_id, ("", str(entry.object_id)))) for entry in context["page"]]
    return show(request, "matching/audit.html", context | {"entries": entries})


def _subjects(entries: Iterable[AuditEntry]) -> dict[UUID, tuple[str, str]]:
    """Number and name for every need, match and word the entries speak of."""
    ids = {entry.object_id for entry in entries}
    needs = Need.objects.filter(uuid__in=ids).values_list("uuid", "number", "title")
    matches = Match.objects.filter(uuid__in=ids).values_list("uuid", "need__number", "capability__name")
    words = ((uuid, "", word) for uuid, word in UnknownWord.objects.filter(uuid__in=ids).values_list("uuid", "word"))
    return {uuid: (number, name) for rows in (needs, matches, words) for uuid, number, name in rows}
