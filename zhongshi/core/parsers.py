"""JSON bodies that PostgreSQL can store: not too deep, no NUL, no half characters, no infinite numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 20


class CheckedJSONParser(JSONParser):
    """DRF's parser, which lets through what would fail later inside the database."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the body. Raises ParseError for what is not storable JSON."""
        try:
            body = super().parse(stream, media_type, dict(parser_context or {}))
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        _check(body)
        return body


def _check(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str):
        if not is_storable(value):
            raise ParseError(_("The body has characters that cannot be stored."))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ParseError(_("The body has a number that is not finite."))
    elif isinstance(value, dict):
        for key, part in value.items():
            _check(key, depth + 1)
            _check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth + 1)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
