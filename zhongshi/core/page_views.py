"""Pages that belong to no app: notices, preferences; and the links under every paged list."""

# ruff: noqa: TID251 - views: HTTP is their business

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import notifications
from .models import Notification

TEXT_SIZES = ("normal", "large", "larger")
NOTICES_PER_PAGE = 20
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class PageLink:
    """One entry under a list; `url` is None for the gap between numbers."""

    label: str
    url: str | None = None
    is_current: bool = False
    rel: str = ""


def page_links(page: Page[Any], request: HttpRequest) -> list[PageLink]:
    """Links to the pages of a list that keep all its filters; empty where there is one page only."""
    paginator = page.paginator
    if paginator.num_pages == 1:
        return []
    links = [PageLink(_("Previous"), _address(request, page.number - 1), rel="prev")] if page.has_previous() else []
    for number in paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            links.append(PageLink(str(number), _address(request, number), is_current=number == page.number))
        else:
            links.append(PageLink("…"))
    if page.has_next():
        links.append(PageLink(_("Next"), _address(request, page.number + 1), rel="next"))
    return links


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query.pop("lang", None)
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first, in the language of the page."""
    rows = Notification.objects.filter(recipient_id=request.user.pk)
    page = Paginator(rows, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    notices = [(row, *notifications.wording(row)) for row in page]
    return render(
        request,
        "notifications/list.html",
        {"notices": notices, "count": page.paginator.count, "links": page_links(page, request)},
    )


@require_POST
def notice_read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one of one's own notices as read, then go where it points. 404 for anybody else's."""
    notice = get_object_or_404(Notification, recipient_id=request.user.pk, uuid=uuid)
    notifications.mark_read(notice)
    return HttpResponseRedirect(_own_path(request, notice.path) or "/notifications/")


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember the size of the text and return to the page it was chosen on."""
    answer = redirect(_own_path(request, request.POST.get("next", "")) or "/")
    if (size := request.POST.get("text_size")) in TEXT_SIZES:
        answer.set_cookie("text_size", size, max_age=_YEAR, samesite="Lax")
    return answer


def _own_path(request: HttpRequest, path: str) -> str:
    """Return `path` if it leads to this host, else nothing: a form must not send anybody elsewhere."""
    return path if url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure()) else ""
