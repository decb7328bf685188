"""Whom a trusted gateway means."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction

from zhongshi.accounts.models import User
from zhongshi.core.audit import record


def gateway_user(name: str) -> User | None:
    """Return the active account the gateway knows as `name`; None where there is none.

    With GATEWAY_CREATES one is opened, without organization and without a password: it sees what visitors see until
    somebody gives it a membership.
    """
    user = User.objects.filter(external_id=name).first() if name else None
    if user is None and name and settings.GATEWAY_CREATES:
        user = _opened(name)
    return user if user is not None and user.is_active else None


def _opened(name: str) -> User | None:
    if len(name) > 150:
        return None
    try:
        with transaction.atomic():
            # An account that has this name by chance stays its owner's: the gateway gets none.
            user = User.objects.create_user(name, external_id=name)
            record("opened_by_gateway", user, actor=None)
    except IntegrityError:
        return User.objects.filter(external_id=name).first()
    return user
