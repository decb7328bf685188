"""What each request of somebody signed in passes: the gateway's word, traces of the session, codes that are due."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .models import User
from .services.gateway import gateway_user
from .services.sessions import session_note, session_seen
from .throttles import READING, PageThrottle, address_of

GetResponse = Callable[[HttpRequest], HttpResponse]
GATEWAY_MARK = "gateway"
TWO_STEP_DUE = "two_step_due"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_ALWAYS_OPEN = ("/accounts/two-step/", "/accounts/sign-out/", "/prefs/", "/healthz", "/readyz", "/metrics")


class GatewayMiddleware:
    """Sign in whom a trusted gateway names in its header; from anybody else the header means nothing.

    A gateway that names nobody any more ends the session it began.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.GATEWAY_HEADER and is_trusted(request.META.get("REMOTE_ADDR", "")):
            self._follow(request, request.headers.get(settings.GATEWAY_HEADER, "").strip())
        return self.get_response(request)

    def _follow(self, request: HttpRequest, name: str) -> None:
        began = request.session.get(GATEWAY_MARK)
        if name == began:
            return
        if began is not None:
            logout(request)
        user = gateway_user(name) if name else None
        if user is not None:
            login(request, user, backend=_BACKEND)
            request.session[GATEWAY_MARK] = name


def is_trusted(address: str) -> bool:
    """Whether the direct neighbour is a gateway: the connection's own address, never a header's."""
    try:
        neighbour = ip_address(address)
    except ValueError:
        return False
    networks = [ip_network(network, strict=False) for network in settings.GATEWAY_TRUSTED_ADDRESSES]
    return any(neighbour in network for network in networks)


class SessionTraceMiddleware:
    """Note that a session is in use; costs one query a minute. Sessions that began elsewhere have no row to note."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key
        if key and request.session.accessed and SESSION_KEY in request.session:
            session_seen(key=key, address=address_of(request))
        return response


class TwoStepDueMiddleware:
    """Where administrators need one-time codes, those without are led to setting them up, and nowhere else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REQUIRE_TOTP_FOR_ADMINS or request.path.startswith(_ALWAYS_OPEN):
            return self.get_response(request)
        if not request.session.get(TWO_STEP_DUE):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            body = {"code": "not_allowed", "detail": _("Set up one-time codes first.")}
            return JsonResponse(body, status=403)
        return redirect("two-step-set-up")


class PageRateMiddleware:
    """What one person, or one address without a person, may send to pages; programs have limits of their own.

    Far above what hands can do: it bounds a script that runs wild in somebody's session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING or request.path.startswith("/api/"):
            return self.get_response(request)
        wait = PageThrottle().seconds_to_wait(request)
        if wait is None:
            return self.get_response(request)
        refusal = render(request, "429.html", status=429)
        refusal.headers["Retry-After"] = str(ceil(wait))
        return refusal


def trace_sign_in(request: HttpRequest | None, user: User, **_rest: Any) -> None:
    """Write down the session that begins, whichever door it came through. Receiver of `user_logged_in`."""
    if request is None or not hasattr(request, "session"):
        return
    if not request.session.session_key:
        request.session.create()
    session_note(
        user=user,
        key=str(request.session.session_key),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        address=address_of(request),
    )
