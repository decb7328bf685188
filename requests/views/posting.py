"""Posting and editing a need: one form, several buttons, nothing typed is lost."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from requests.enums import NeedStatus
from requests.models import Need
from requests.rules import is_editable, may_submit
from requests.services import NeedInput, need_edit, need_post, need_submit
from requests.services.suggesting import can_suggest
from requests.words import addable_kinds, question_words, suggestions, unit_suggestions
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, KeyReused, StaleTransition
from zhongshi.vocabulary.assistant import NoAnswer

from .counting import live_count
from .frame import workspace_page
from .sheet import Sheet, blank_sheet, read_again, sent_sheet, sheet_of, with_row, with_suggestions

_SUBMITTABLE = frozenset({NeedStatus.DRAFT, NeedStatus.RETURNED})


@workspace_page(Role.ENTERPRISE)
def need_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An empty sheet, and everything that is done with it before it becomes a need."""
    if request.method != "POST":
        return _page(request, actor, blank_sheet())
    return _answer(request, actor, None)


@workspace_page(Role.ENTERPRISE, Role.ZONE_ADMIN)
def need_change(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The stored need on the same sheet, for owner and zone office; `revision` tells whether another was faster."""
    need = get_object_or_404(Need.objects.visible_to(actor), number=number)
    if request.method == "POST":
        return _answer(request, actor, need)
    if not is_editable(need):
        messages.error(request, str(IllegalTransition.default_detail))
        return redirect("needs:detail", number=need.number)
    return _page(request, actor, sheet_of(need), need)


def _answer(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    action, _colon, wanted = request.POST.get("action", "").partition(":")
    if action == "add":
        kind, _colon, quantity = (wanted or request.POST.get("add_kind", "")).partition(":")
        return _page(request, actor, with_row(request.POST, kind, quantity), need)
    if action == "count":
        return _page(request, actor, sent_sheet(request.POST), need)
    if action in {"save", "submit"}:
        return _store(request, actor, need, is_final=action == "submit")
    return _suggest(request, actor, need) if action == "suggest" and can_suggest() else _read(request, actor, need)


def _suggest(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    """Ask the assistant, for the words as they are now; without an answer the sheet is as after reading it again."""
    try:
        sheet, number = with_suggestions(request.POST)
    except (DomainError, NoAnswer) as problem:
        if isinstance(problem, NoAnswer):
            messages.warning(request, _("No suggestions at the moment; go on without them."))
        return _read(request, actor, need)
    if number:
        messages.info(request, _("Suggestions stand below your conditions. None of them counts until you tick it."))
    else:
        messages.info(request, _("Nothing further was suggested."))
    return _page(request, actor, sheet, need)


def _read(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    try:
        return _page(request, actor, read_again(request.POST), need)
    except DomainError as refusal:
        sheet = sent_sheet(request.POST)
        sheet.refuse(refusal)
        return _page(request, actor, sheet, need)


def _store(request: HttpRequest, actor: Actor, need: Need | None, *, is_final: bool) -> HttpResponse:
    sheet = sent_sheet(request.POST)
    entered = sheet.entered(country=need.country if need else "CN")
    if entered is None:
        sheet.refusal = InvalidInput()
        return _page(request, actor, sheet, need)
    try:
        if need is None:
            need = _posted(actor, entered, key=sheet.head.cleaned_data["key"], is_final=is_final)
        else:
            need = _edited(actor, need, entered, sheet, is_final=is_final)
    except KeyReused:
        return _page(request, actor, _under_new_key(sheet), need)
    except StaleTransition as refusal:
        return _page(request, actor, *_over_newest(sheet, need, refusal))
    except DomainError as refusal:
        sheet.refuse(refusal)
        return _page(request, actor, sheet, need)
    return _done(request, need)


def _posted(actor: Actor, entered: NeedInput, *, key: str, is_final: bool) -> Need:
    need, created = need_post(actor=actor, entered=entered, idempotency_key=key, as_draft=not is_final)
    if is_final and not created and need.status == NeedStatus.DRAFT:
        # Saved as a draft, then back and submitted: the same sheet, hence the same need, one step further.
        need = need_submit(actor=actor, need=need)
    return need


def _edited(actor: Actor, need: Need, entered: NeedInput, sheet: Sheet, *, is_final: bool) -> Need:
    need = need_edit(actor=actor, need=need, revision=sheet.head.cleaned_data["revision"] or 0, entered=entered)
    sheet.set_hidden("revision", need.revision)
    if is_final and need.status in _SUBMITTABLE:
        need = need_submit(actor=actor, need=need)
    return need


def _under_new_key(sheet: Sheet) -> Sheet:
    sheet.set_hidden("key", str(uuid.uuid4()))
    sheet.refusal = KeyReused(
        _("This sheet was already sent once with other words. Send it again to post it as a second need.")
    )
    return sheet


def _over_newest(sheet: Sheet, need: Need | None, refusal: StaleTransition) -> tuple[Sheet, Need | None]:
    """Show the newest version beside what was typed; sending again writes over it, knowingly."""
    assert need is not None  # noqa: S101 - only an edit can be stale
    need.refresh_from_db()
    sheet.set_hidden("revision", need.revision)
    sheet.refusal, sheet.newest = refusal, need
    return sheet, need


def _done(request: HttpRequest, need: Need) -> HttpResponse:
    if need.status == NeedStatus.DRAFT:
        messages.success(request, _("Draft %(number)s is saved.") % {"number": need.number})
        return redirect("needs:detail", number=need.number)
    if need.status == NeedStatus.OPEN:
        messages.success(request, _("%(number)s is open and is being matched.") % {"number": need.number})
        return redirect("matching:result", number=need.number)
    messages.success(request, _("%(number)s is submitted; the zone office looks at it.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


def _page(request: HttpRequest, actor: Actor, sheet: Sheet, need: Need | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "sheet": sheet,
        "live": live_count(sheet),
        "need": need,
        "kinds": addable_kinds(),
        "suggestions": suggestions({row.kind_now for row in sheet.rows or ()}),
        "units": unit_suggestions() if sheet.rows else [],
        "questions": [(question, question_words(question)) for question in sheet.open_questions],
        "can_suggest": can_suggest(),
        "is_draft": need is None or need.status == NeedStatus.DRAFT,
        "is_submittable": need is None or (may_submit(actor, need) and need.status in _SUBMITTABLE),
    }
    status = sheet.refusal.status if sheet.refusal else 200
    return render(request, "requests/need_form.html", context, status=status)
