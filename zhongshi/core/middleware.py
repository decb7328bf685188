"""What every answer passes."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


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
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax")
        return response

    @staticmethod
    def _known(code: str) -> str | None:
        return code if code in dict(settings.LANGUAGES) else None


class ContentSecurityPolicyMiddleware:
    """Only our own scripts and styles run; nothing inline, nothing from elsewhere.

    Swagger's page is the exception: its own files start with one inline script.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = POLICY
        if request.path.startswith("/api/docs/"):
            policy = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'").replace(
                "style-src 'self'", "style-src 'self' 'unsafe-inline'"
            )
        response.headers.setdefault("Content-Security-Policy", policy)
        return response
