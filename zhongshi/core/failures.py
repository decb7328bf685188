"""The answer when a request failed: what passes by itself is told apart from what does not."""

# ruff: noqa: TID251 - views: HTTP is their business

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_AGAIN_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """The page, or for programs the body, of a crash. Needs no database; names the request as its line in the log does.

    503 where the database is away, restarting, or was waited for too long (a statement or lock past its time): the same
    request may work in seconds. Whether it was written after all (the answer to a commit was lost) nobody can say, so
    neither do the words; what is sent with a key is not written twice. Else 500.
    """
    passes = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    number = request.META.get("REQUEST_ID", "")
    status = 503 if passes else 500
    if request.path.startswith("/api/"):
        words = _("Please try again in a few seconds.") if passes else _("Something went wrong on our side")
        body = {"code": "unavailable" if passes else "error", "detail": words, "request_id": number}
        answer: HttpResponse = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        answer = HttpResponse(render_to_string("500.html", {"request_id": number, "passes": passes}), status=status)
    if passes:
        answer.headers["Retry-After"] = str(_AGAIN_SECONDS)
    return answer
