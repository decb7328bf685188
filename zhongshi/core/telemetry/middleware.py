"""One line and one measurement for each request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

from . import context, counters

logger = logging.getLogger("zhongshi.access")
# Asked every few seconds by whoever watches: measured, but no line.
QUIET = frozenset({"healthz", "readyz", "metrics"})
_QUIET_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
SLOW_SECONDS = 2.0


class TelemetryMiddleware:
    """Binds the request's number, then tells route, status, time and queries; never the address with its query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in _QUIET_PATHS:
            # Programs ask a container by its number, which no list of hosts can name; no answer here holds a link.
            request.META["HTTP_HOST"] = next(
                (host for host in settings.ALLOWED_HOSTS if host[:1] not in "*."), "localhost"
            )
        queries = _Count()
        begun = time.perf_counter()
        with context.about(request=request.META.get("REQUEST_ID", "")), connection.execute_wrapper(queries):
            response = self.get_response(request)
            _tell(request, response, time.perf_counter() - begun, queries.made)
        return response


class _Count:
    """How many queries were made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.made += 1
        return execute(*query)


def route_of(request: HttpRequest) -> str:
    """Return the name of the route, "none" for addresses that have none: names are few, addresses are not."""
    match = request.resolver_match
    return "none" if match is None else match.view_name or match.route or "none"


def _tell(request: HttpRequest, response: HttpResponse, seconds: float, queries: int) -> None:
    route = route_of(request)
    method = request.method if request.method in counters.METHODS else "other"
    counters.REQUESTS.labels(route, method, response.status_code).observe(seconds)
    counters.QUERIES.labels(route).inc(queries)
    if route in QUIET:
        return
    fields: dict[str, context.Field] = {
        "route": route,
        "method": method,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "queries": queries,
        "user": _known_user(request),
    }
    level = logging.WARNING if seconds >= SLOW_SECONDS or response.status_code >= 500 else logging.INFO
    logger.log(level, "%s %s %s", method, route, response.status_code, extra={"fields": fields})


def _known_user(request: HttpRequest) -> int | None:
    """Return the person's number if somebody asked who it is; asking now would cost a query."""
    user: Any = request.__dict__.get("user")
    if isinstance(user, LazyObject) and user.__dict__.get("_wrapped", empty) is empty:
        return None
    number: int | None = getattr(user, "pk", None)
    return number
