"""Pages for whoever runs the service: what waits, and the dead letters with what can be done about them."""

# ruff: noqa: TID251 - views: HTTP is their business

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from . import backlog, broker, deadletters, outbox, pulses
from .errors import DomainError, InvalidInput
from .fragments import page_or_part
from .models import OutboxEvent
from .page_views import page_links

LIST = "dead-letters"
ROWS = 50
LONGEST = 10
View = Callable[..., HttpResponse]


def for_operators(view: View) -> View:
    """Whoever runs the service: staff who may see the outbox. 404 for everybody else, offices of zones among them:
    what waits belongs to all zones. 403 for staff who may look and not change."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not (user.is_staff and user.has_perm("core.view_outboxevent")):
            raise Http404
        if request.method == "POST" and not user.has_perm("core.change_outboxevent"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def dead_list(request: HttpRequest) -> HttpResponse:
    """What waits, and the dead letters; `?work=&given_up=1&sort=oldest` narrow. POST has ticked ones tried again."""
    if request.method == "POST":
        return _retried(request)
    counts = deadletters.counts()
    given_up = request.GET.get("given_up") == "1"
    page = Paginator(_asked(request), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "links": page_links(page, request),
        "items": [(row, outbox.words_of(row.handler)) for row in page],
        "works": [(work, outbox.words_of(work), found[given_up]) for work, found in counts.items() if found[given_up]],
        "work": request.GET.get("work", ""),
        "given_up": given_up,
        "oldest_first": request.GET.get("sort") == "oldest",
        "undecided": sum(still for still, _gone in counts.values()),
        "dismissed": sum(gone for _still, gone in counts.values()),
    } | _standing()
    return page_or_part(request, "operations/dead_list.html", "operations/_dead_list.html", context)


def _standing() -> dict[str, Any]:
    return {
        "standing": backlog.standing(),
        "kinds": [(kind, outbox.words_of(kind.handler)) for kind in backlog.kinds()],
        "longest": [(row, outbox.words_of(row.handler)) for row in backlog.due()[:LONGEST]],
        "queues": broker.lengths(),
        "workers": pulses.state(pulses.WORKERS),
    }


def _asked(request: HttpRequest) -> QuerySet[OutboxEvent]:
    rows = deadletters.dead().filter(dismissed_at__isnull=request.GET.get("given_up") != "1")
    if work := request.GET.get("work"):
        rows = rows.filter(handler=work)
    return rows.order_by("id" if request.GET.get("sort") == "oldest" else "-id")


def _retried(request: HttpRequest) -> HttpResponse:
    """Have what was ticked tried again, or all that fits the filter, a few hundred at a time."""
    every = request.POST.get("all") == "1"
    ticked = [int(text) for text in request.POST.getlist("event") if text.isdecimal() and len(text) < 19]
    ids = list(_asked(request).values_list("pk", flat=True)[: deadletters.AT_ONCE]) if every else ticked
    if not ids:
        messages.warning(request, _("Nothing was ticked."))
        return redirect(request.get_full_path())
    done = deadletters.retry_many(actor=_person(request), ids=ids[: deadletters.AT_ONCE])
    if done:
        words = ngettext("%(number)s is tried again.", "%(number)s are tried again.", done)
        messages.success(request, words % {"number": done})
    if late := len(set(ids)) - done:
        words = ngettext(
            "%(number)s was not dead any more: somebody else has seen to it.",
            "%(number)s were not dead any more: somebody else has seen to them.",
            late,
        )
        messages.warning(request, words % {"number": late})
    return redirect(request.get_full_path())


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def dead_detail(request: HttpRequest, event_id: int) -> HttpResponse:
    """One dead letter: what it was, how often it was tried, its last error. POST `deed` is retry or give_up."""
    event = get_object_or_404(OutboxEvent, pk=event_id)
    if request.method != "POST":
        if event.state != OutboxEvent.State.DEAD and not deadletters.trail(event).exists():
            raise Http404
        return _shown(request, event)
    try:
        done = _decided(request, event)
    except DomainError as refusal:
        event.refresh_from_db()
        return _shown(request, event, refusal)
    messages.success(request, done)
    return redirect(LIST)


def _decided(request: HttpRequest, event: OutboxEvent) -> str:
    deed = request.POST.get("deed")
    if deed == "retry":
        deadletters.retry(actor=_person(request), event=event)
        return _("It is tried again.")
    if deed == "give_up":
        deadletters.give_up(actor=_person(request), event=event, note=request.POST.get("note", ""))
        return _("It is given up, with your note.")
    raise InvalidInput


def _shown(request: HttpRequest, event: OutboxEvent, refusal: DomainError | None = None) -> HttpResponse:
    context = {
        "event": event,
        "words": outbox.words_of(event.handler),
        "things": deadletters.things_of(event.payload),
        "trail": deadletters.trail(event).select_related("actor"),
        "note": request.POST.get("note", ""),
        "note_length": deadletters.NOTE_LENGTH,
        "refusal": refusal,
        "is_dead": event.state == OutboxEvent.State.DEAD,
    }
    return render(request, "operations/dead_detail.html", context, status=refusal.status if refusal else 200)


def _person(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)  # noqa: S101 - the middleware lets nobody else in
    return request.user
