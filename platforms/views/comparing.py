"""Comparing: up to four capabilities kept in a cookie, the tray that shows them, the page with all side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platforms.comparison import compare
from platforms.models import Capability
from zhongshi.core.fragments import wants_part

COOKIE = "compare"
LIMIT = 4
LEAST = 2
_KEPT_SECONDS = 30 * 86400


def tray_of(ids: Sequence[UUID]) -> dict[str, Any]:
    """What the tray shows: the capabilities, their ids as `data-ids`, and whether there is enough to compare."""
    rows = published_in_order(ids)
    return {
        "compared": rows,
        "compared_ids": [row.uuid for row in rows],
        "compare_limit": LIMIT,
        "can_compare": len(rows) >= LEAST,
        "compare_address": address_of(row.uuid for row in rows),
    }


def tray_for(request: HttpRequest) -> dict[str, Any]:
    """The tray of whoever asks; its page needs it in its context."""
    return tray_of(ids_in(request.COOKIES.get(COOKIE, "")))


def ids_in(text: str) -> list[UUID]:
    """The first four different ids of a comma-separated text; what is none is passed over."""
    found: dict[UUID, None] = {}
    for part in text[:1000].split(","):
        try:
            found[UUID(part.strip())] = None
        except ValueError:
            continue
    return list(found)[:LIMIT]


def address_of(ids: Iterable[UUID]) -> str:
    """The address that compares these, to be kept or sent on."""
    return f"/compare/?ids={','.join(str(one) for one in ids)}"


def published_in_order(ids: Sequence[UUID]) -> list[Capability]:
    """The published ones among them, in their order, with all that rows and tables show."""
    if not ids:
        return []
    rows = Capability.objects.published().filter(uuid__in=ids).select_related("platform")
    known = {row.uuid: row for row in rows.prefetch_related("facts", "free_periods")}
    return [known[one] for one in ids if one in known]


@login_not_required
@require_POST
def toggle(request: HttpRequest) -> HttpResponse:
    """Put `service` in or take it out, or take all out (`clear`). 404 for what is not published."""
    kept = [row.uuid for row in published_in_order(ids_in(request.COOKIES.get(COOKIE, "")))]
    if "clear" in request.POST:
        ids: list[UUID] = []
        words = _("Nothing is compared any more.")
    else:
        ids, words = _toggled(kept, request.POST.get("service", ""))
    if wants_part(request):
        answer = render(request, "platforms/partials/tray.html", tray_of(ids))
        answer.headers["HX-Trigger"] = json.dumps({"toast": words})
    else:
        messages.info(request, words)
        answer = HttpResponseRedirect(_back(request))
    answer.set_cookie(
        COOKIE,
        ",".join(str(one) for one in ids),
        max_age=_KEPT_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _toggled(kept: list[UUID], asked: str) -> tuple[list[UUID], str]:
    """The ids after the click, and what to say of it."""
    found = published_in_order(ids_in(asked)[:1])
    if not found:
        raise Http404
    row = found[0]
    if row.uuid in kept:
        return [one for one in kept if one != row.uuid], _("%(name)s is no longer compared.") % {"name": row.name}
    if len(kept) >= LIMIT:
        return kept, _("Four are compared already. Take one out first.")
    return [*kept, row.uuid], _("%(name)s is compared.") % {"name": row.name}


def _back(request: HttpRequest) -> str:
    """The page the click came from, if it is one of ours."""
    path = request.POST.get("next", "")
    return path if url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure()) else "/services/"


@login_not_required
@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """The capabilities of `ids` (else of the cookie) side by side; `only=different` leaves out what is the same.

    `first` and `second` (ids) say which two a narrow screen shows.
    """
    ids = ids_in(request.GET["ids"]) if "ids" in request.GET else ids_in(request.COOKIES.get(COOKIE, ""))
    rows = published_in_order(ids)
    in_order = _ahead(rows, request.GET.get("first", ""), request.GET.get("second", ""))
    only_different = request.GET.get("only") == "different"
    everything = compare(in_order)
    context = {
        "rows": in_order,
        "choices": rows,
        "ids": ",".join(str(row.uuid) for row in rows),
        "sections": compare(in_order, only_different=True) if only_different else everything,
        "only_different": only_different,
        "differing": sum(row.differs for section in everything for row in section.rows),
        "total": sum(len(section.rows) for section in everything),
        "can_compare": len(rows) >= LEAST,
    }
    return render(request, "platforms/compare.html", context)


def _ahead(rows: list[Capability], first: str, second: str) -> list[Capability]:
    """Those two first, the others behind them."""
    wanted = ids_in(f"{first},{second}")
    return sorted(rows, key=lambda row: wanted.index(row.uuid) if row.uuid in wanted else len(wanted))
