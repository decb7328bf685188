"""The sheet as a draft: kept by itself while it is written, and by the button."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from requests.enums import NeedStatus
from requests.models import Need, NeedDraft
from requests.services.drafts import Page, draft_keep, draft_of
from requests.services.needs import NeedInput
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError, IllegalTransition, StaleTransition

from .sheet import Sheet


def page_of(sheet: Sheet) -> Page:
    """Which open page sent the sheet, and what it has seen."""
    return Page(
        form=str(sheet.head["key"].value() or "")[:100],
        revision=_number(sheet.head["revision"].value()),
        saves=_number(sheet.head["saves"].value()),
    )


def _number(sent: object) -> int:
    return int(str(sent)) if str(sent).isascii() and str(sent).isdigit() and len(str(sent)) < 9 else 0


def draft_behind(actor: Actor, need: Need | None, sheet: Sheet) -> Need | None:
    """The draft this sheet writes: the need of the address, or what a page for a new one has made so far."""
    if need is not None:
        return need if need.status == NeedStatus.DRAFT else None
    return draft_of(actor, page_of(sheet).form)


def settled(actor: Actor, need: Need | None, sheet: Sheet, entered: NeedInput) -> Need:
    """Store the sheet as a draft because its owner pressed the button; the sheet knows what it has seen then."""
    kept = draft_keep(
        actor=actor, entered=entered, typed=sheet.typed(), page=page_of(sheet), need=need, is_settled=True
    )
    sheet.set_hidden("revision", kept.revision)
    sheet.set_hidden("saves", saves_of(kept))
    return kept


def saves_of(need: Need) -> int:
    """How often the draft's sheet was written; 0 for one that has none."""
    return NeedDraft.objects.filter(need=need).values_list("saves", flat=True).first() or 0


def autosave(
    request: HttpRequest, actor: Actor, need: Need | None, sheet: Sheet, *, made: Callable[[Need], None]
) -> HttpResponse:
    """Keep the sheet unasked and say so in a line; nothing while it is bare or its need is no draft any more.

    `made` is called with a draft that was not there before.
    """
    page = page_of(sheet)
    if sheet.is_bare or not page.form:
        return HttpResponse(status=204)
    try:
        kept = draft_keep(actor=actor, entered=sheet.as_draft(), typed=sheet.typed(), page=page, need=need)
    except IllegalTransition:
        return HttpResponse(status=204)
    except StaleTransition:
        newest = need or draft_of(actor, page.form)
        return render(request, "requests/_kept.html", {"newest": newest, "is_stale": True})
    except DomainError as refusal:
        return render(request, "requests/_kept.html", {"refusal": refusal})
    saves = saves_of(kept)
    if need is None and saves == 1:
        made(kept)
    answer = render(request, "requests/_kept.html", {"kept": kept, "saves": saves})
    answer.headers["HX-Replace-Url"] = reverse("needs:edit", args=[kept.number])
    return answer
