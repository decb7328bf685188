"""Telephone numbers and e-mail addresses, shown so that their owner knows them and nobody else learns them."""

from __future__ import annotations

import logging
import re

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[- ])\d{3,4}(\d{4})(?!\d)")
_FORMATTER = logging.Formatter()
_MAIL = re.compile(r"(?<![\w.+-])([\w+])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")


def masked(text: str) -> str:
    """Return `text` with the middle of every telephone number and e-mail address left out."""
    text = _MOBILE.sub(r"\1****\2", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    return _MAIL.sub(r"\1***@\2", text)


class MaskingFilter(logging.Filter):
    """Keeps numbers and addresses out of every line of the log, whoever writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the finished message and what went wrong; always lets the line pass."""
        said = record.getMessage()
        hidden = masked(said)
        if hidden != said:
            record.msg, record.args = hidden, None
        if record.exc_info and not record.exc_text:
            # A refusal of the database quotes the row it refuses.
            record.exc_text = masked(_FORMATTER.formatException(record.exc_info))
        return True
