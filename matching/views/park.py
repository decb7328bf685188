"""The zone office: matches to review, and the trail of who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.enums import MatchStatus
from matching.exposure import Full, held_back
from matching.forms import ReviewForm
from matching.models import Match, RulesVersion
from matching.rules import may_review
from matching.services.review import match_review
from matching.zone_rules import rules_in_force
from requests.models import Need
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.models import AuditEntry
from zhongshi.vocabulary.models import UnknownWord

from .cards import cards_of

_AUDIT_PAGE = 50


class Subject(NamedTuple):
    """What an entry of the trail is about: how it is called, its page, and more words."""

    name: str
    path: str
    words: str


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
    context |= {"cards": cards_of(context["page"]), "held": _held(actor, context["page"])}
    return show(request, "matching/review_list.html", context)


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
        "held": _held(actor, [match]),
        "form": form,
        "is_open": is_open and may_review(actor, match),
        "is_party": is_open and not may_review(actor, match),
    }
    return show(request, "matching/review.html", context, refusal)


def _held(actor: Actor, matches: Iterable[Match]) -> Mapping[int, Full]:
    """Matches whose operator has as many leads to answer as the zone's rules allow; a person may go beyond."""
    return held_back(matches, rules_in_force(actor.zone).policy.lead_limit)


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def audit_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The zone's trail, newest first."""
    rows = AuditEntry.objects.filter(zone_code=actor.zone.code).select_related("actor")
    context = listed(request, rows, _AUDIT_PAGE)
    known = _subjects(context["page"])
    entries = [(entry, known.get(entry.object_id, Subject("", "", str(entry.object_id)))) for entry in context["page"]]
    return show(request, "matching/audit.html", context | {"entries": entries})


def _subjects(entries: Iterable[AuditEntry]) -> dict[UUID, Subject]:
    """What the entries speak of: a need, a match, a word, a version of the rules."""
    ids = {entry.object_id for entry in entries}
    needs = Need.objects.filter(uuid__in=ids).values_list("uuid", "number", "title")
    matches = Match.objects.filter(uuid__in=ids).values_list("uuid", "need__number", "capability__name")
    subjects = {
        uuid: Subject(number, reverse("needs:detail", args=[number]), name)
        for rows in (needs, matches)
        for uuid, number, name in rows
    }
    words = UnknownWord.objects.filter(uuid__in=ids).values_list("uuid", "word")
    return subjects | {uuid: Subject("", "", word) for uuid, word in words} | _versions(entries)


def _versions(entries: Iterable[AuditEntry]) -> dict[UUID, Subject]:
    ids = {entry.object_id for entry in entries if entry.object_kind == "rulesversion"}
    rows = RulesVersion.objects.filter(uuid__in=ids) if ids else ()
    return {row.uuid: Subject(row.name, reverse("matching:rules-version", args=[row.name]), "") for row in rows}
