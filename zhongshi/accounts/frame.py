"""What all pages of the workspace share: who acts, what a refusal becomes, which page of a list."""

# ruff: noqa: TID251 - views: HTTP is their business

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from zhongshi.core.errors import DomainError, NotAllowed
from zhongshi.core.page_views import page_links

from .actors import Actor, actor_of, require_role
from .enums import Role

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]


def workspace_page(*roles: Role) -> Callable[[View], View]:
    """Give the view its actor as second argument; 403 for people of another role, 405 for what no page answers."""

    def wrap(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                actor: Actor = require_role(actor_of(request.user), *roles)
            except NotAllowed as refusal:
                raise PermissionDenied(str(refusal.detail)) from refusal
            return view(request, actor, *args, **kwargs)

        return answer

    return wrap


def show(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: DomainError | None = None
) -> HttpResponse:
    """Render the page; where the service refused, with its reason on top and its status."""
    status = refusal.status if refusal else 200
    return render(request, template, {**context, "refusal": refusal}, status=status)


def listed(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> dict[str, Any]:
    """The page of a list the address asks for, and the links to the others, for a template."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    return {"page": page, "links": page_links(page, request)}
