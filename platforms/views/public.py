"""Home, search, chains and rules: what any visitor may see."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from platforms.coverage import count_coverage, stage_codes
from platforms.models import Capability, Platform
from platforms.search import SORTS, Search, count_facets, find_capabilities, found_by_text
from zhongshi.core.page_views import page_links

from .facets import dropping, groups_of, in_force, keeping
from .rows import service_row
from .searches import search_from
from .sizes import size_entry

PER_PAGE = 20
SHOWN_AT_HOME = 6
COMMON_SEARCHES = 6
_SORT_LABELS = {"relevance": _("As listed"), "name": _("By name"), "newest": _("Newest source first")}
_HEAT = (1, 3, 6, 11, 21)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The three doors, what there is in figures, the chains, and the newest listings."""
    everything = count_facets(Search())
    newest = find_capabilities(Search(sort="newest")).exclude(platform__source_date="")
    context = {
        "capability_count": Capability.objects.published().count(),
        "platform_count": Platform.objects.published().count(),
        "chains": list(everything["chain"].items()),
        "common_processes": list(everything["process"])[:COMMON_SEARCHES],
        "rows": [service_row(row) for row in _with_parts(newest)[:SHOWN_AT_HOME]],
    }
    return render(request, "platforms/home.html", context)


@login_not_required
@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """Published capabilities by words and filters; an empty answer says which filter to drop."""
    search = search_from(request.GET)
    among = found_by_text(search)
    page = Paginator(_with_parts(find_capabilities(search, among)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "size": size_entry(request.GET),
        "count": page.paginator.count,
        "rows": [service_row(row) for row in page],
        "groups": groups_of(search, among),
        "chips": in_force(search),
        "dropping": dropping(search) if not page.paginator.count else [],
        "keeping": keeping(search) if not page.paginator.count else [],
        "sorts": [(name, _SORT_LABELS[name], name == search.sort) for name in SORTS],
        "links": page_links(page, request),
    }
    return render(request, "platforms/service_list.html", context)


def _with_parts(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("platform").prefetch_related("facts", "free_periods")


@login_not_required
@require_safe
def chain_list(request: HttpRequest) -> HttpResponse:
    """Chains against stages: how many published capabilities, and where nobody is."""
    stages = stage_codes()
    rows = [(row, [(stage, *_cell(row.stages.get(stage, 0))) for stage in stages]) for row in count_coverage()]
    return render(request, "platforms/chain_list.html", {"stages": stages, "rows": rows})


def _cell(number: int) -> tuple[int, int]:
    """The number and its level of the heat scale, 0 (gap) to 5."""
    return number, sum(number >= bound for bound in _HEAT)


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """How matching works, in words."""
    return render(request, "platforms/rules.html")
