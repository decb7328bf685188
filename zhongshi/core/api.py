"""Every error of the API in one shape: ``{"code", "detail", "errors"?: {field: [..]}}``."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .errors import DomainError, InvalidInput, TooLarge

_CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn refusals of the business and of DRF into the contract's shape; anything else is a 500."""
    if isinstance(error, DomainError):
        return _domain_answer(error)
    if isinstance(error, SuspiciousOperation):
        # Django's own limits on bodies and forms, raised while the body is read.
        return _domain_answer(TooLarge() if isinstance(error, RequestDataTooBig) else InvalidInput())
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {
            "code": "invalid",
            "detail": str(exceptions.ValidationError.default_detail),
            "errors": _by_field(error.detail),
        }
    else:
        fallback = exceptions.NotFound() if isinstance(error, Http404) else error
        detail = str(getattr(fallback, "detail", error))
        response.data = {"code": _CODES.get(response.status_code, "error"), "detail": detail}
    return response


def _domain_answer(error: DomainError) -> Response:
    body: dict[str, Any] = {"code": error.code, "detail": str(error.detail)}
    if error.errors:
        body["errors"] = {field: [str(message) for message in messages] for field, messages in error.errors.items()}
    return Response(body, status=error.status)


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten DRF's nested error lists to ``{"conditions.2.unit": ["…"]}``."""
    if isinstance(detail, dict):
        nested = [(f"{prefix}.{name}" if prefix else str(name), part) for name, part in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        nested = [(f"{prefix}.{position}" if prefix else str(position), part) for position, part in enumerate(detail)]
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {prefix or "non_field_errors": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, part in nested:
        if part:
            flat |= _by_field(part, name)
    return flat
