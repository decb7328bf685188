"""Lines of the log as JSON, one object each, with secrets and personal data left out."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from zhongshi.core.masking import masked

from .context import known

_LEFT_OUT = "…"
# Passwords in addresses; tokens and cookies in headers and in `name=value`; the row PostgreSQL quotes in a refusal;
# what was asked for after a question mark.
_SECRETS = [
    (re.compile(r"(\w://[^\s:/@]*):[^\s@/]+@"), rf"\1:{_LEFT_OUT}@"),
    (re.compile(r"(?i)\b(bearer|basic|token)(\s+)[\w.~+/=-]{8,}"), rf"\1\2{_LEFT_OUT}"),
    (
        re.compile(r"(?i)([\"']?\b[\w-]*(?:password|passwd|secret|token|sessionid|csrf\w*|authorization|cookie|key)\b"
                   r"[\"']?\s*[=:]\s*)(?:[\"'][^\"']*[\"']|[^\s,;&]+)"),
        rf"\1{_LEFT_OUT}",
    ),
    (re.compile(r"(DETAIL:).*"), rf"\1 {_LEFT_OUT}"),
    (re.compile(r"(\S/\S*)\?\S+"), rf"\1?{_LEFT_OUT}"),
]  # fmt: skip


def scrubbed(text: str) -> str:
    """Return `text` without credentials, quoted rows, queries, telephone numbers and mail addresses."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return masked(text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the work in hand, and what went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
            **known(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
