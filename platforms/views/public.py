"""Home, search, chains and rules: what any visitor may see."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from platforms.enums import FactKind
from platforms.models import Capability, Fact, Platform
from platforms.search import Search, count_everything, find_capabilities, found_by_text, listed
from zhongshi.core.fragments import page_or_part
from zhongshi.core.page_views import page_links

from .comparing import tray_for
from .facets import dropping, free_choices, groups_of, in_force, keeping
from .pricing import price_entry
from .rows import service_rows
from .searches import address_of, search_from
from .sizes import size_entry

PER_PAGE = 20
SHOWN_AT_HOME = 6
COMMON_SEARCHES = 6
_SORT_LABELS = {
    "relevance": _("As listed"),
    "soonest": _("Earliest free slot first"),
    "name": _("By name"),
    "newest": _("Newest source first"),
}


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The three doors, what there is in figures, the chains, and the newest listings."""
    everything = count_everything()
    sizes = Fact.objects.standing().filter(capability=OuterRef("pk"), kind=FactKind.PARAMETER)
    newest = find_capabilities(Search()).exclude(platform__source_date="")
    # Those that state a size say most; of these the newest first.
    newest = newest.annotate(says_sizes=Exists(sizes)).order_by("-says_sizes", "-platform__source_date", "pk")
    context = {
        "capability_count": Capability.objects.published().count(),
        "platform_count": Platform.objects.published().count(),
        "chains": list(everything["chain"].items()),
        "common_processes": list(everything["process"])[:COMMON_SEARCHES],
        "rows": service_rows(newest.select_related("platform")[:SHOWN_AT_HOME]),
        **tray_for(request),
    }
    return render(request, "platforms/home.html", context)


@login_not_required
@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """Published capabilities by words and filters; an empty answer says which filter to drop.

    htmx gets filters and results alone, and the address of the search without the form's empty fields.
    """
    search = search_from(request.GET)
    answer = page_or_part(
        request, "platforms/service_list.html", "platforms/partials/browse.html", _found(request, search)
    )
    answer.headers["HX-Push-Url"] = f"{request.path}{address_of(search, request.GET.get('page', ''))}"
    return answer


def _found(request: HttpRequest, search: Search) -> dict[str, Any]:
    among = found_by_text(search)
    found = listed(search, among, Capability.objects.published().select_related("platform"))
    page, count = Paginator(found, PER_PAGE).get_page(request.GET.get("page")), len(found)
    return {
        "search": search,
        "size": size_entry(request.GET),
        "price": price_entry(request.GET),
        "count": count,
        "rows": service_rows(page),
        "groups": groups_of(search, among),
        "free_choices": free_choices(search, among),
        "chips": in_force(search),
        "dropping": dropping(search) if not count else [],
        "keeping": keeping(search) if not count else [],
        "sorts": [(name, _SORT_LABELS[name], name == search.sort) for name in _SORT_LABELS],
        "links": page_links(page, request),
        **tray_for(request),
    }


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """How matching works, in words."""
    return render(request, "platforms/rules.html")
