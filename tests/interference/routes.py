"""Every address of the service, from the resolver: a new route is in here before anybody thought of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ANY = {"GET", "POST"}


def routes(*, without: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each route as the resolver writes it, with its view; none that begins with one of `without`."""
    yield from _below(get_resolver(), "", without)


def _below(resolver: URLResolver, prefix: str, without: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if without and route.startswith(without):
            continue
        if isinstance(entry, URLResolver):
            yield from _below(entry, route, without)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def methods_of(view: Any) -> set[str]:
    """What the view answers; a function may answer both reading and writing."""
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return set(_ANY)
    own = {name for name in ("get", "post", "put", "patch", "delete") if hasattr(cls, name)}
    return {name.upper() for name in own} or {"GET"}
