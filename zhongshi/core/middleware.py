"""What every answer passes."""

import logging
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from .moments import moment

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
logger = logging.getLogger(__name__)
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_DOCUMENTED_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'").replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class RequestIdMiddleware:
    """Every answer has a number: in its header, on error pages, and in the log beside what went wrong.

    A proxy in front may have given one already (``X-Request-ID``: 8 to 64 letters, digits or hyphens).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID, "")
        number = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        request.META["REQUEST_ID"] = number
        response = self.get_response(request)
        response.headers[REQUEST_ID] = number
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Name the request whose failure Django logs next; a refusal is no failure."""
        if isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation | BadRequest):
            return
        logger.error("request %s failed: %s", request.META.get("REQUEST_ID", ""), type(exception).__name__)


class StorableInputMiddleware:
    """PostgreSQL fails at a NUL: one in an address is refused (400), one in a form is dropped.

    No person types one, but text pasted from a document may hide it, and nobody is to lose what was typed.
    Programs' bodies are looked at by `CheckedJSONParser`, which answers in the API's shape.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, arguments: object, named: object) -> None:
        """Look once the body has been read for its token, and before the view. Raises BadRequest."""
        if request.path.startswith("/api/"):
            return
        if _holds_nul(request.GET):
            raise BadRequest("NUL in the address")
        if _holds_nul(request.POST):
            entered = request.POST.copy()
            for name, values in request.POST.lists():
                del entered[name]
                entered.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
            request.POST = entered  # type: ignore[assignment]


def _holds_nul(entered: QueryDict) -> bool:
    return any("\0" in text for name, values in entered.lists() for text in (name, *values))


class MomentMiddleware:
    """A page that only reads sees the catalogue of one moment, and asks once which that is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with moment():
            return self.get_response(request)


class ChosenLanguageMiddleware:
    """Chinese first: pages follow the reader's choice (``?lang=``, then cookie), not the browser's default.

    Programs say what they want in Accept-Language, so ``/api/`` follows that header.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        language = self._known(chosen) or self._known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        if language is None and request.path.startswith("/api/"):
            language = translation.get_language_from_request(request)
        translation.activate(language or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if self._known(chosen):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=31_536_000,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    @staticmethod
    def _known(code: str) -> str | None:
        return code if code in dict(settings.LANGUAGES) else None


class SecurityHeadersMiddleware:
    """What a browser must not do with an answer: on every answer, files, redirects and errors included.

    Only our own scripts and styles run, nothing inline, nothing from elsewhere; Swagger's page is the exception: its
    own files start with one inline script. What a signed-in person was shown is not kept by anybody on the way.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = _DOCUMENTED_POLICY if request.path.startswith("/api/docs/") else POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_personal(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether whoever asks may be signed in; the database is not asked for it."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
