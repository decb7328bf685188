"""Where people write, and what somebody might write there to run a script in another's browser."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from matching.models import Match, Question
from platforms.models import Capability, Certificate, Platform
from requests.models import Campaign, Condition, Need
from zhongshi.accounts.models import Organization, User
from zhongshi.core.models import Robot

PLANTED = "'\"><img src=x onerror=alert(1)></script>"
WRITTEN: tuple[type[models.Model], ...] = (
    Need, Condition, Match, Question, Platform, Capability, Certificate, Campaign, Organization, User,
    Robot,
)  # fmt: skip
# What is chosen from a list, computed, or an address of the service itself: nobody types it.
_CHOSEN = {"username", "password", "number", "country", "region", "body_digest", "idempotency_key", "unit", "quantity"}


def written_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column people write text into that has room for `PLANTED`; a constraint may still refuse it."""
    for model in WRITTEN:
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
            fits = getattr(field, "max_length", None) is None or (field.max_length or 0) >= len(PLANTED)
            if is_text and fits and field.name not in _CHOSEN and not isinstance(field, models.URLField):
                yield model, field
