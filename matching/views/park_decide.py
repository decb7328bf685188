"""One thing that waits for the office: what was handed in, what is new in it, what to look at, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from matching.enums import MatchStatus
from matching.exposure import held_back
from matching.models import Match
from matching.review_forms import DecisionForm
from matching.reviewing.checks import checks_of
from matching.reviewing.queues import QUEUES
from matching.rules import may_review
from matching.services.deciding import decide, reviewed_row
from matching.zone_rules import rules_in_force
from platforms.enums import CertificateStatus
from platforms.listing_words import compared, listing_words
from platforms.models import Certificate, ListingVersion
from requests.disclosure import is_confidential, unworded
from requests.models import Need
from requests.records import condition_record
from requests.views.frame import show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.models import AuditEntry

from .cards import cards_of

_LISTINGS = ("platform", "capability", "certificate")


@workspace_page(Role.ZONE_ADMIN)
def review_item(request: HttpRequest, actor: Actor, kind: str, item_id: UUID) -> HttpResponse:
    """The page of one card; a POST decides: `decision` approve or return, `reason`, `note`, `seen`, `next`."""
    row = reviewed_row(actor, kind, item_id)
    if row is None:
        raise Http404
    if request.method != "POST":
        return _page(request, actor, kind, row, DecisionForm(kind=kind, initial={"seen": row.status}))
    form = DecisionForm(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, actor, kind, row, form, InvalidInput())
    try:
        decide(
            actor=actor, kind=kind, row=row, approve=form.is_approval, note=form.words, seen=form.cleaned_data["seen"]
        )
    except DomainError as refusal:
        return _refused(request, actor, kind, row, form, refusal)
    messages.success(request, _done(row, form))
    return redirect(_back(request))


def review_match(request: HttpRequest, match_id: UUID) -> HttpResponseBase:
    """A match by the address notices have always used; the same page, the same rights."""
    return review_item(request, kind="match", item_id=match_id)


def _refused(
    request: HttpRequest, actor: Actor, kind: str, row: Any, form: DecisionForm, refusal: DomainError
) -> HttpResponse:
    for complaint in (refusal.errors or {}).get("note", ()):
        form.add_error("note", str(complaint))
    row.refresh_from_db()
    return _page(request, actor, kind, row, form, refusal)


def _done(row: Any, form: DecisionForm) -> str:
    if not form.is_approval:
        return _("Rejected.") if isinstance(row, Match) else _("Returned; your reason is on its way.")
    if isinstance(row, Match):
        return _("Approved. The operator has the lead now.")
    if isinstance(row, Certificate) and row.status == CertificateStatus.SUBMITTED:
        return _("Checked. A second person publishes it.")
    return _("Approved.")


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own and wanted.startswith("/park/") else "/park/review/"


def _page(
    request: HttpRequest, actor: Actor, kind: str, row: Any, form: DecisionForm, refusal: DomainError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"kind": kind, "row": row, "form": form, "next": request.POST.get("next", "")}
    if kind == "match":
        return show(request, "matching/review.html", context | _match(actor, row), refusal)
    context |= {
        "checks": checks_of(row),
        "fields": _fields(kind, row),
        "records": _records(row) if kind == "need" else [],
        "is_open": row.status in {*QUEUES[kind].columns.get("new", ()), *QUEUES[kind].columns.get("second", ())},
        "is_second": kind == "certificate" and row.status == CertificateStatus.CHECKED,
        "is_same_person": kind == "certificate" and row.checked_by_id == actor.user.pk,
        "history": AuditEntry.objects.filter(object_id=row.uuid)
        .exclude(action="disclosed")
        .select_related("actor")
        .order_by("id"),
    }
    return show(request, "matching/park_item.html", context, refusal)


def _records(need: Need) -> list[Mapping[str, Any]]:
    """The conditions, without their original words where these are confidential."""
    records = [condition_record(row) for row in need.conditions.all()]
    return [unworded(record) for record in records] if is_confidential(need) else [*records]


def _fields(kind: str, row: Any) -> Any:
    if kind not in _LISTINGS:
        return []
    published = ListingVersion.objects.filter(kind=kind, listing=row.uuid).first()
    return compared(listing_words(row), published.record if published else None)


def _match(actor: Actor, match: Match) -> dict[str, Any]:
    is_open = match.status == MatchStatus.PROPOSED
    return {
        "card": cards_of([match])[0],
        "held": held_back([match], rules_in_force(actor.zone).policy.lead_limit),
        "is_open": is_open and may_review(actor, match),
        "is_party": is_open and not may_review(actor, match),
    }
