"""Parts of pages: the same address and view as the whole page, and only what changed."""

# ruff: noqa: TID251 - views: HTTP is their business

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece to be swapped in, and not for the page (as it does when it goes back)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") == "partial"


def page_or_part(
    request: HttpRequest, page: str, part: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render the template `page`, or `part` where htmx asks for it. One address has two answers: caches are told."""
    response = render(request, part if wants_part(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response
