"""One need: what it says, how it came about, what can be done with it now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests.enums import NeedStatus
from requests.marking import marked
from requests.models import Need
from requests.records import condition_record
from requests.rules import is_editable, may_edit, may_return, may_submit, may_withdraw
from requests.services import need_open, need_return, need_submit, need_withdraw
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError
from zhongshi.core.models import AuditEntry

from .frame import listed, show, workspace_page

_BOTH = (Role.ENTERPRISE, Role.ZONE_ADMIN)
_MATCHED = frozenset({NeedStatus.OPEN, NeedStatus.CONTRACTED, NeedStatus.COMPLETED})


def _need(actor: Actor, number: str) -> Need:
    rows = Need.objects.visible_to(actor).select_related("organization", "zone", "created_by")
    return get_object_or_404(rows, number=number)


@workspace_page(*_BOTH)
@require_GET
def need_detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The need for its owner and its zone's office."""
    return _detail(request, actor, _need(actor, number))


@workspace_page(Role.ENTERPRISE)
@require_POST
def need_send(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Submit a draft or a returned need."""
    need = _need(actor, number)
    try:
        need = need_submit(actor=actor, need=need)
    except DomainError as refusal:
        return _detail(request, actor, need, refusal)
    messages.success(request, _("%(number)s is submitted.") % {"number": need.number})
    return redirect("matching:result" if need.status == NeedStatus.OPEN else "needs:detail", number=need.number)


@workspace_page(*_BOTH)
def need_take_back(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    need, note = _need(actor, number), request.POST.get("note", "")
    context = {"need": need, "note": note}
    if request.method != "POST":
        return show(request, "requests/need_withdraw.html", context)
    try:
        need_withdraw(actor=actor, need=need, note=note)
    except DomainError as refusal:
        return show(request, "requests/need_withdraw.html", context, refusal)
    messages.success(request, _("%(number)s is withdrawn.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def park_needs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The zone's needs, newest first; `?status=` narrows."""
    rows = Need.objects.visible_to(actor).select_related("organization")
    chosen = request.GET.get("status", "")
    if chosen in NeedStatus.values:
        rows = rows.filter(status=chosen)
    statuses = [status for status in NeedStatus if status != NeedStatus.DRAFT]
    context = listed(request, rows) | {"statuses": statuses, "chosen": chosen}
    return show(request, "requests/park_needs.html", context)


@workspace_page(Role.ZONE_ADMIN)
@require_POST
def park_need_return(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Send a need back with a note for its owner."""
    need, note = _need(actor, number), request.POST.get("note", "")
    try:
        need_return(actor=actor, need=need, note=note)
    except DomainError as refusal:
        return _detail(request, actor, need, refusal, note=note)
    messages.success(request, _("%(number)s is returned; its owner reads your note.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


@workspace_page(Role.ZONE_ADMIN)
@require_POST
def park_need_open(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Open a submitted need."""
    need = _need(actor, number)
    try:
        need_open(actor=actor, need=need, note=request.POST.get("note", ""))
    except DomainError as refusal:
        return _detail(request, actor, need, refusal)
    messages.success(request, _("%(number)s is open and is being matched.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


def _detail(
    request: HttpRequest, actor: Actor, need: Need, refusal: DomainError | None = None, *, note: str = ""
) -> HttpResponse:
    records = [condition_record(row) for row in need.conditions.all()]
    title, text = marked(need.title, need.text, records)
    context: dict[str, Any] = {
        "need": need,
        "records": records,
        "title_pieces": title,
        "text_pieces": text,
        "revisions": need.revisions.select_related("created_by").order_by("-number"),
        "history": _history(need),
        "note": note,
        "may": _possible(actor, need),
    }
    return show(request, "requests/need_detail.html", context, refusal)


def _history(need: Need) -> Any:
    rows = AuditEntry.objects.filter(object_kind="need", object_id=need.uuid)
    return rows.select_related("actor").order_by("id")


def _possible(actor: Actor, need: Need) -> dict[str, bool]:
    """Which buttons this person finds on the page."""
    status, targets = need.status, Need.TRANSITIONS[need.status]
    return {
        "edit": may_edit(actor, need) and is_editable(need),
        "submit": may_submit(actor, need) and status in {NeedStatus.DRAFT, NeedStatus.RETURNED},
        "withdraw": may_withdraw(actor, need) and NeedStatus.WITHDRAWN in targets,
        "return": may_return(actor, need) and NeedStatus.RETURNED in targets,
        "open": may_return(actor, need) and NeedStatus.OPEN in targets,
        "see_matches": status in _MATCHED,
    }
