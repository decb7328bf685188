"""The capacity calendar: weeks stated by a form or pasted, and the private feed of what is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from platforms.desk.grid import SHOWN_WEEKS, Unit, grid_of, lines_of, units_of, weeks_from
from platforms.desk.ical import feed_of
from platforms.desk.pasting import pasted_entries
from platforms.desk_forms import TableForm, WeeksForm
from platforms.models import CalendarFeed
from platforms.services.capacity import SlotEntry, slots_state
from platforms.services.feeds import feed_open, feed_revoke, token_digest
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import workspace_page
from zhongshi.core.errors import DomainError
from zhongshi.core.fragments import page_or_part

_FAR = timedelta(weeks=104)


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Twelve weeks of all lines and devices; `?from=` turns the pages. What was typed wrongly stays typed."""
    first = _first(request)
    lines = lines_of(actor, weeks_from(first))
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("do", ""))
        if deed is None:
            raise Http404
        return deed(request, actor, units_of(lines), first)
    return _show(request, actor, first)


@login_not_required
@require_safe
def capacity_feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address; 404 for one that was revoked or never was."""
    feed = CalendarFeed.objects.live().select_related("organization").filter(token_digest=token_digest(token)).first()
    if feed is None:
        raise Http404
    answer = HttpResponse(feed_of(feed.organization), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    answer["Content-Disposition"] = 'inline; filename="capacity.ics"'
    return answer


def _first(request: HttpRequest) -> date:
    """The first week shown: as asked for, else this one."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return min(max(asked, today - _FAR), today + _FAR)


def _show(
    request: HttpRequest, actor: Actor, first: date, refusal: DomainError | None = None, **parts: Any
) -> HttpResponse:
    weeks = weeks_from(first)
    lines = lines_of(actor, weeks)
    step = timedelta(weeks=SHOWN_WEEKS)
    context = {
        "actor": actor,
        "rows": grid_of(lines, weeks),
        "weeks": weeks,
        "earlier": weeks[0] - step,
        "later": weeks[0] + step,
        "feed": CalendarFeed.objects.visible_to(actor).live().first(),
        "form": WeeksForm(units=units_of(lines), initial={"first": max(weeks[0], timezone.localdate())}),
        "table": TableForm(),
        "refusal": refusal,
        **parts,
    }
    status = refusal.status if refusal else 400 if parts.get("is_wrong") else 200
    return page_or_part(
        request, "platforms/desk/capacity.html", "platforms/desk/capacity_part.html", context, status=status
    )


def _weeks(request: HttpRequest, actor: Actor, units: Sequence[Unit], first: date) -> HttpResponse:
    form = WeeksForm(request.POST, units=units)
    if not form.is_valid():
        return _show(request, actor, first, form=form, is_wrong=True)
    return _stated(request, actor, first, form.entries(), form=form)


def _table(request: HttpRequest, actor: Actor, units: Sequence[Unit], first: date) -> HttpResponse:
    form = TableForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, first, table=form, is_wrong=True)
    try:
        entries = pasted_entries(form.cleaned_data["table"], units, today=timezone.localdate())
    except DomainError as refusal:
        return _show(request, actor, first, refusal, table=form)
    return _stated(request, actor, first, entries, table=form)


def _stated(request: HttpRequest, actor: Actor, first: date, entries: Sequence[SlotEntry], **form: Any) -> HttpResponse:
    try:
        count = slots_state(actor=actor, entries=entries)
    except DomainError as refusal:
        return _show(request, actor, first, refusal, **form)
    told = ngettext("%(n)s week changed.", "%(n)s weeks changed.", count) % {"n": count}
    messages.success(request, told if count else _("Nothing changed: this is what the calendar said already."))
    return redirect(f"{reverse('desk-capacity')}?from={weeks_from(first)[0]}")


def _open(request: HttpRequest, actor: Actor, _units: Sequence[Unit], first: date) -> HttpResponse:
    """The address is on this answer only: what is kept of it cannot be turned back into it."""
    _feed, token = feed_open(actor=actor)
    return _show(request, actor, first, address=request.build_absolute_uri(reverse("capacity-feed", args=[token])))


def _revoke(request: HttpRequest, actor: Actor, _units: Sequence[Unit], _first_day: date) -> HttpResponse:
    if feed_revoke(actor=actor):
        messages.success(request, _("The address is revoked; calendars that used it get nothing any more."))
    return redirect("desk-capacity")


_DEEDS: dict[str, Callable[[HttpRequest, Actor, Sequence[Unit], date], HttpResponse]] = {
    "state": _weeks,
    "paste": _table,
    "feed": _open,
    "revoke": _revoke,
}
