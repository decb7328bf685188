"""Files that programs look for at fixed places: whom to tell of a weakness, and what robots may read."""

# ruff: noqa: TID251, ARG001 - views: HTTP is their business

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# RFC 9116 wants less than a year; the file is made anew whenever it is asked for.
_VALID = timedelta(days=180)
_WORKSPACES = ("accounts", "admin", "api", "compare", "desk", "needs", "notifications", "operations", "park", "prefs")


@login_not_required
@require_safe
@cache_control(public=True, max_age=86_400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """``/.well-known/security.txt`` (RFC 9116); 404 where the installation names no contact."""
    contact = settings.SECURITY_CONTACT or settings.CONTACT_EMAIL
    if not contact:
        raise Http404
    if ":" not in contact:
        contact = f"mailto:{contact}"
    midnight = datetime.combine(timezone.now().astimezone(UTC) + _VALID, datetime.min.time(), UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {midnight:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return _text(lines)


@login_not_required
@require_safe
@cache_control(public=True, max_age=86_400)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages. It hides nothing; workspaces ask everybody to sign in."""
    return _text(["User-agent: *", *(f"Disallow: /{name}/" for name in _WORKSPACES)])


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
