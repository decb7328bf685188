"""Pages that belong to no app: preferences; and the links under every paged list."""

# ruff: noqa: TID251 - views: HTTP is their business

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

TEXT_SIZES = ("normal", "large", "larger")
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


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember the size of the text and return to the page it was chosen on."""
    answer = HttpResponseRedirect(own_path(request, request.POST.get("next", "")) or "/")
    if (size := request.POST.get("text_size")) in TEXT_SIZES:
        answer.set_cookie("text_size", size, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer


def own_path(request: HttpRequest, path: str) -> str:
    """Return `path` if it leads to this host, else nothing: a form must not send anybody elsewhere."""
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure())
    return path if is_own else ""
