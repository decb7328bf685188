"""Five leaks planted on purpose, at addresses of the service: the check must find each."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from platforms.models import Capability
from requests.models import Need
from zhongshi.accounts.actors import actor_of

EXPORT = "needs/<str:number>/report.xlsx"
COUNT = "api/v1/needs/"
PREFIX = "services/"
REFUSAL = "needs/<str:number>/quotes/"
FILTER = "api/v1/capabilities/"


def export(request: HttpRequest, number: str) -> HttpResponse:
    """Forgets to ask who is asking."""
    need = Need.objects.filter(number=number).first()
    if need is None:
        raise Http404
    return HttpResponse(f"{need.number},{need.title}\n", content_type="text/csv")


def count(request: HttpRequest) -> HttpResponse:
    """Lists one's own, and counts everybody's."""
    rows = Need.objects.visible_to(actor_of(request.user)).values_list("number", flat=True)
    return JsonResponse({"count": Need.objects.count(), "results": list(rows)})


def prefix(request: HttpRequest) -> HttpResponse:
    """Offers to complete what is being typed from all titles there are; shows none of them."""
    typed = request.GET.get("q", "")
    return JsonResponse({"goes_on": bool(typed) and Need.objects.filter(title__startswith=typed).exists()})


def refusal(request: HttpRequest, number: str) -> HttpResponse:
    """Says "not for you" of what is there, "no such thing" of what is not."""
    need = Need.objects.filter(number=number).first()
    if need is None:
        raise Http404
    if not Need.objects.visible_to(actor_of(request.user)).filter(pk=need.pk).exists():
        raise PermissionDenied
    return HttpResponse(need.number)


def relational(request: HttpRequest) -> HttpResponse:
    """Hands the query on to the database: published rows only, but asked about what hangs on them."""
    asked = {key: value for key, value in request.GET.items() if key.startswith("matches__")}
    rows = Capability.objects.published().filter(**asked).distinct()
    return JsonResponse({"results": sorted(rows.values_list("name", flat=True))})


urlpatterns = [
    path(EXPORT, export),
    path(COUNT, count),
    path(PREFIX, prefix),
    path(REFUSAL, refusal),
    path(FILTER, relational),
    path("", include("zhongshi.urls")),
]
