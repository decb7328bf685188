"""Signed links of mails: what they are for, whom they concern, and until when they work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from zhongshi.core.errors import DomainError

REGISTRATION = "registration"
INVITATION = "invitation"
EMAIL = "email"
LIFE = {REGISTRATION: timedelta(days=3), INVITATION: timedelta(days=7), EMAIL: timedelta(days=1)}


class LinkInvalid(DomainError):
    """The link was used, taken back, changed, or its time is over; which of these is nobody's business."""

    code = "link_invalid"
    status = 410
    default_detail = _("This link no longer works. It may have been used already, or its time is over.")


def sign(purpose: str, value: Any) -> str:
    """Make the last part of a link's address from a JSON value; it cannot be used for another purpose."""
    return signing.dumps(value, salt=f"accounts.{purpose}")


def read(purpose: str, token: str) -> Any:
    """Return what was signed. Raises LinkInvalid."""
    try:
        return signing.loads(token, salt=f"accounts.{purpose}", max_age=LIFE[purpose])
    except signing.BadSignature as error:
        raise LinkInvalid from error
