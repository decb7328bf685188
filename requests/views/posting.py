"""Posting and editing a need: one form, several buttons, nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests.courses import history_of, return_note
from requests.enums import NeedStatus
from requests.models import Need
from requests.rules import is_editable, may_submit
from requests.samples import sample
from requests.services import NeedInput, need_edit, need_post, need_submit
from requests.services.suggesting import can_suggest
from requests.words import addable_kinds, question_words, suggestions, unit_suggestions
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, IllegalTransition, InvalidInput, KeyReused, StaleTransition
from zhongshi.vocabulary.assistant import NoAnswer

from .answering import MOST_ASKED, is_answered, question_label, with_answers
from .campaigns import campaign_asked, join_asked
from .changes import Change, changes_since, differences
from .counting import live_count
from .disclosed import is_disclosed
from .frame import workspace_page
from .keeping import autosave, draft_behind, saves_of, settled
from .sheet import Sheet, asked_again, blank_sheet, read_again, sent_sheet, sheet_of, with_row, with_suggestions
from .uploading import with_brief

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
    if not is_disclosed(request, actor, need):
        messages.info(request, _("Say first why you open this confidential need."))
        return redirect("needs:detail", number=number)
    if request.method == "POST":
        return _answer(request, actor, need)
    if not is_editable(need):
        messages.error(request, str(IllegalTransition.default_detail))
        return redirect("needs:detail", number=need.number)
    return _page(request, actor, sheet_of(need), need)


def _answer(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    action, _colon, wanted = request.POST.get("action", "").partition(":")
    if action == "autosave":
        if need is not None and need.status != NeedStatus.DRAFT:
            return HttpResponse(status=204)
        return autosave(request, actor, need, sent_sheet(request.POST), made=partial(join_asked, request, actor))
    if action == "count":
        sheet = sent_sheet(request.POST)
        return _count(request, sheet) if _is_htmx(request) else _page(request, actor, sheet, need)
    if action == "upload" or request.FILES.get("brief"):
        # A file that was chosen is meant, whichever button was pressed.
        return _upload(request, actor, need)
    if action == "answer" or is_answered(request.POST):
        return _take_answers(request, actor, need)
    if action in {"save", "submit"}:
        return _store(request, actor, need, is_final=action == "submit")
    if action == "add":
        return _add(request, actor, need, wanted or request.POST.get("add_kind", ""))
    act = _ACTS.get(action, _read)
    return act(request, actor, need)


def _is_htmx(request: HttpRequest) -> bool:
    # Asked with hx-select, so that neither a sign-in page nor an error ends up in the bar: not a "partial" request.
    return request.headers.get("HX-Request") == "true"


def _count(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The line that counts, alone."""
    return render(request, "requests/_live_count.html", {"sheet": sheet, "live": live_count(sheet)})


def _add(request: HttpRequest, actor: Actor, need: Need | None, wanted: str) -> HttpResponse:
    kind, _colon, quantity = wanted.partition(":")
    return _page(request, actor, with_row(request.POST, kind, quantity), need, is_moved=True)


def _fill_in(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    """Show how a description can look; never over words that are there."""
    sent = request.POST.copy()
    if sent.get("text", "").strip():
        messages.info(request, _("The example was not filled in: your own words are there."))
    else:
        sent["title"], sent["text"] = sample()
    return _page(request, actor, sent_sheet(sent), need)


def _take_answers(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    sheet, unclear = with_answers(request.POST)
    for said in unclear:
        messages.warning(request, _("“%(said)s” could not be read; please fill in its row.") % {"said": said})
    if request.POST.get("action") in {"save", "submit"}:
        messages.info(request, _("Your answers stand among the conditions now. Check them, then go on."))
    return _page(request, actor, sheet, need, is_moved=True)


def _upload(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    """Put the words of the file into the sheet and read them; a file that is refused changes nothing."""
    upload = request.FILES.get("brief")
    try:
        sent, brief, is_cut = with_brief(request.POST, upload if not isinstance(upload, list) else None)
        sheet = read_again(sent)
    except DomainError as refusal:
        sheet = sent_sheet(request.POST)
        sheet.refuse(refusal)
        return _page(request, actor, sheet, need)
    length = len(brief.text)
    said = ngettext("Taken from the file: %(number)s character.", "Taken from the file: %(number)s characters.", length)
    messages.success(request, said % {"number": length})
    if is_cut:
        messages.warning(request, _("The file says more than a description can hold; its end was left out."))
    return _page(request, actor, sheet, need, is_moved=True)


def _suggest(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    """Ask the assistant, for the words as they are now; without an answer the sheet is as after reading it again."""
    if not can_suggest():
        return _read(request, actor, need)
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
    return _page(request, actor, sheet, need, is_moved=True)


def _read(request: HttpRequest, actor: Actor, need: Need | None) -> HttpResponse:
    try:
        return _page(request, actor, read_again(request.POST), need, is_moved=True)
    except DomainError as refusal:
        sheet = sent_sheet(request.POST)
        sheet.refuse(refusal)
        return _page(request, actor, sheet, need)


_ACTS: dict[str, Callable[[HttpRequest, Actor, Need | None], HttpResponse]] = {"sample": _fill_in, "suggest": _suggest}


def _store(request: HttpRequest, actor: Actor, need: Need | None, *, is_final: bool) -> HttpResponse:
    sheet = sent_sheet(request.POST)
    entered = sheet.entered(country=need.country if need else "CN")
    if entered is None:
        sheet.refusal = InvalidInput()
        return _page(request, actor, sheet, need)
    try:
        stored = _stored(actor, need, entered, sheet, is_final=is_final)
    except KeyReused:
        return _page(request, actor, _under_new_key(sheet), need)
    except StaleTransition as refusal:
        return _over_newest(request, actor, sheet, need, refusal)
    except DomainError as refusal:
        sheet.refuse(refusal)
        return _page(request, actor, sheet, need)
    if need is None:
        join_asked(request, actor, stored)
    return _done(request, stored)


def _stored(actor: Actor, need: Need | None, entered: NeedInput, sheet: Sheet, *, is_final: bool) -> Need:
    draft = draft_behind(actor, need, sheet)
    if draft is not None or (need is None and not is_final):
        kept = settled(actor, draft, sheet, entered)
        return need_submit(actor=actor, need=kept) if is_final else kept
    if need is None:
        return _posted(actor, entered, sheet)
    return _edited(actor, need, entered, sheet, is_final=is_final)


def _posted(actor: Actor, entered: NeedInput, sheet: Sheet) -> Need:
    try:
        need, _created = need_post(actor=actor, entered=entered, idempotency_key=sheet.head.cleaned_data["key"])
    except KeyReused:
        # The race: what the page keeps by itself became a draft after we looked.
        draft = draft_behind(actor, None, sheet)
        if draft is None:
            raise
        need = settled(actor, draft, sheet, entered)
    return need_submit(actor=actor, need=need) if need.status == NeedStatus.DRAFT else need


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


def _over_newest(
    request: HttpRequest, actor: Actor, sheet: Sheet, need: Need | None, refusal: StaleTransition
) -> HttpResponse:
    """Show what changed meanwhile beside what was typed; sending again writes over it, knowingly."""
    newest = need or draft_behind(actor, None, sheet)
    assert newest is not None  # noqa: S101 - only what exists can be stale
    newest.refresh_from_db()
    meanwhile = changes_since(newest, sheet.head.cleaned_data["revision"] or 0)
    own = differences(newest, sheet.as_draft())
    sheet.set_hidden("revision", newest.revision)
    sheet.set_hidden("saves", saves_of(newest))
    sheet.refusal, sheet.newest = refusal, newest
    return _page(request, actor, sheet, newest, changes=(meanwhile, own))


def _done(request: HttpRequest, need: Need) -> HttpResponse:
    if need.status == NeedStatus.DRAFT:
        messages.success(request, _("Draft %(number)s is saved.") % {"number": need.number})
        return redirect("needs:detail", number=need.number)
    if need.status == NeedStatus.OPEN:
        messages.success(request, _("%(number)s is open and is being matched.") % {"number": need.number})
        return redirect("matching:result", number=need.number)
    messages.success(request, _("%(number)s is submitted; the zone office looks at it.") % {"number": need.number})
    return redirect("needs:detail", number=need.number)


def _page(
    request: HttpRequest,
    actor: Actor,
    sheet: Sheet,
    need: Need | None = None,
    *,
    changes: tuple[list[Change], list[Change]] | None = None,
    is_moved: bool = False,
) -> HttpResponse:
    """The sheet. `is_moved`: the conditions are what is new, so that is where the reader is taken."""
    questions = asked_again(sheet).open_questions[:MOST_ASKED]
    context: dict[str, Any] = {
        "sheet": sheet,
        "live": live_count(sheet),
        "need": need,
        "kinds": addable_kinds(),
        "suggestions": suggestions({row.kind_now for row in sheet.rows or ()}),
        "units": unit_suggestions() if sheet.rows else [],
        "questions": [(one, question_label(one), question_words(one)) for one in questions],
        "can_suggest": can_suggest(),
        "is_draft": need is None or need.status == NeedStatus.DRAFT,
        "is_submittable": need is None or (may_submit(actor, need) and need.status in _SUBMITTABLE),
        "changes": changes,
        "is_moved": is_moved and sheet.refusal is None,
        "campaign": campaign_asked(request, actor) if need is None else None,
        "returned": return_note(need, history_of(need)) if need and need.status == NeedStatus.RETURNED else "",
        "drafts": _drafts(actor) if request.method == "GET" and need is None else [],
    }
    status = sheet.refusal.status if sheet.refusal else 200
    return render(request, "requests/need_form.html", context, status=status)


def _drafts(actor: Actor) -> list[Need]:
    """What was begun and not sent yet, newest first, as far as a line can say it."""
    rows = Need.objects.visible_to(actor).filter(status=NeedStatus.DRAFT)
    return list(rows.order_by("-updated_at")[:3])
