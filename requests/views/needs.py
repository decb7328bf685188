"""One need: what it says, how it came about, what can be done with it now."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests.courses import course_of, history_of, next_for_office, next_for_owner, return_note
from requests.disclosure import FullText, listed_name
from requests.enums import NeedStatus, ReturnReason
from requests.marking import marked
from requests.models import Need
from requests.progress import progress_of
from requests.rules import is_editable, may_edit, may_return, may_submit, may_withdraw, owns
from requests.services import need_open, need_return, need_submit, need_withdraw
from requests.services.again import need_again
from requests.services.drafts import draft_delete
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, IllegalTransition
from zhongshi.vocabulary.labels import condition_label

from .changes import edits
from .disclosed import confidential_context, disclosed
from .frame import show, workspace_page

_BOTH = (Role.ENTERPRISE, Role.ZONE_ADMIN)
_MATCHED = frozenset({NeedStatus.OPEN, NeedStatus.CONTRACTED, NeedStatus.COMPLETED})


def _need(actor: Actor, number: str) -> Need:
    rows = Need.objects.visible_to(actor).select_related("organization", "zone", "created_by")
    return get_object_or_404(rows, number=number)


@workspace_page(*_BOTH)
@require_GET
def need_detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The need for its owner and its zone's office."""
    return need_page(request, actor, _need(actor, number))


@workspace_page(Role.ENTERPRISE)
@require_POST
def need_send(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Submit a draft or a returned need."""
    need = _need(actor, number)
    try:
        need = need_submit(actor=actor, need=need)
    except DomainError as refusal:
        return need_page(request, actor, need, refusal)
    messages.success(request, _("%(number)s is submitted.") % {"number": need.number})
    return redirect("matching:result" if need.status == NeedStatus.OPEN else "needs:detail", number=need.number)


@workspace_page(*_BOTH)
def need_take_back(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    need, note = _need(actor, number), request.POST.get("note", "")
    name = need.title if owns(actor, need) else listed_name(need)
    context = {"need": need, "name": name, "note": note}
    if request.method != "POST":
        return show(request, "requests/need_withdraw.html", context)
    try:
        need_withdraw(actor=actor, need=need, note=note)
    except DomainError as refusal:
        return show(request, "requests/need_withdraw.html", context, refusal)
    messages.success(request, _("%(number)s is withdrawn.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


@workspace_page(Role.ENTERPRISE)
def need_discard(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask once more, then delete a draft for good."""
    need = _need(actor, number)
    if request.method != "POST":
        if need.status != NeedStatus.DRAFT:
            messages.error(request, str(IllegalTransition.default_detail))
            return redirect("needs:detail", number=number)
        return show(request, "requests/need_discard.html", {"need": need})
    try:
        draft_delete(actor=actor, need=need)
    except DomainError as refusal:
        return show(request, "requests/need_discard.html", {"need": need}, refusal)
    messages.success(request, _("Draft %(number)s is deleted.") % {"number": number})
    return redirect("matching:needs")


@workspace_page(Role.ENTERPRISE)
@require_POST
def need_repeat(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """A new draft with the words and conditions of an old need; `key` keeps a second press from making a second."""
    need = _need(actor, number)
    again = need_again(actor=actor, need=need, key=request.POST.get("key") or str(uuid.uuid4()))
    names = {"old": number, "new": again.need.number}
    messages.success(request, _("%(new)s is a new draft with the words of %(old)s.") % names)
    if again.dropped:
        left = _("; ").join(str(condition_label(record)) for record in again.dropped)
        messages.warning(request, _("Left out because the day has passed: %(conditions)s") % {"conditions": left})
    return redirect("needs:edit", number=again.need.number)


@workspace_page(Role.ZONE_ADMIN)
@require_POST
def park_need_return(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Send a need back with a note for its owner."""
    need, note = _need(actor, number), request.POST.get("note", "")
    try:
        need_return(actor=actor, need=need, note=ReturnReason.with_words(request.POST.get("reason", ""), note))
    except DomainError as refusal:
        return need_page(request, actor, need, refusal, note=note)
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
        return need_page(request, actor, need, refusal)
    messages.success(request, _("%(number)s is open and is being matched.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


def need_page(
    request: HttpRequest, actor: Actor, need: Need, refusal: DomainError | None = None, *, note: str = "", **more: Any
) -> HttpResponse:
    """The page of a need as far as this person may read it; `more` is what a refused form got typed."""
    shape = disclosed(request, actor, need)
    title, text = marked(shape.title, shape.text, list(shape.conditions)) if isinstance(shape, FullText) else ([], [])
    history, progress = history_of(need), progress_of(need)
    returned = return_note(need, history)
    is_office = actor.is_zone_admin
    context: dict[str, Any] = {
        "need": need,
        "name": shape.name,
        "is_full_text": isinstance(shape, FullText),
        "words_kept_back": not isinstance(shape, FullText),
        "records": shape.conditions,
        "title_pieces": title,
        "text_pieces": text,
        "edits": edits(list(need.revisions.select_related("created_by"))) if isinstance(shape, FullText) else [],
        "history": history,
        "course": course_of(need, history, progress),
        "progress": progress,
        "next": next_for_office(need) if is_office else next_for_owner(need, progress, returned),
        "returned": returned,
        "again_key": uuid.uuid4(),
        "note": note,
        "may": _possible(actor, need),
    } | confidential_context(actor, need)
    context |= more
    return show(request, "requests/need_detail.html", context, refusal)


def _possible(actor: Actor, need: Need) -> dict[str, bool]:
    """Which buttons this person finds on the page."""
    status, targets, is_draft = need.status, Need.TRANSITIONS[need.status], need.status == NeedStatus.DRAFT
    return {
        "edit": may_edit(actor, need) and is_editable(need),
        "submit": may_submit(actor, need) and status in {NeedStatus.DRAFT, NeedStatus.RETURNED},
        "withdraw": may_withdraw(actor, need) and NeedStatus.WITHDRAWN in targets and not is_draft,
        "delete": owns(actor, need) and is_draft,
        "again": owns(actor, need) and not is_draft,
        "return": may_return(actor, need) and NeedStatus.RETURNED in targets,
        "open": may_return(actor, need) and NeedStatus.OPEN in targets,
        "see_matches": status in _MATCHED,
    }
