"""The end of the chain, written where whoever can rewrite the database cannot rewrite it too."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .audit_chain import last_seal
from .audit_check import anchor_line

logger = logging.getLogger("zhongshi.audit")


def anchor() -> str:
    """Write the newest link to the log, and to AUDIT_ANCHOR_FILE where one is named; the line, "" before any link."""
    last = last_seal()
    if last is None:
        return ""
    line = anchor_line(last.sequence, last.digest, timezone.now().isoformat(timespec="seconds"))
    logger.warning(line)
    if settings.AUDIT_ANCHOR_FILE:
        with Path(settings.AUDIT_ANCHOR_FILE).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    return line
