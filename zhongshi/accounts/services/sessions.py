"""Sessions: from where somebody is signed in, and how that ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.authtoken.models import Token

from zhongshi.accounts.models import User, UserSession

SEEN_EVERY = timedelta(minutes=1)
_AGENT_LENGTH = 300


def session_note(*, user: User, key: str, user_agent: str, address: str | None) -> UserSession:
    """Write down a session that has just begun. `key` must be stored already."""
    cache.set(f"seen:{key}", True, SEEN_EVERY.total_seconds())
    row, _ = UserSession.objects.update_or_create(
        session_id=key,
        defaults={
            "user": user,
            "user_agent": user_agent[:_AGENT_LENGTH],
            "address": address,
            "seen_at": timezone.now(),
        },
    )
    return row


def session_seen(*, key: str, address: str | None) -> None:
    """Note that a session is in use: one UPDATE a minute and process at most, else no query at all."""
    if cache.add(f"seen:{key}", True, SEEN_EVERY.total_seconds()):
        now = timezone.now()
        UserSession.objects.filter(session_id=key, seen_at__lt=now - SEEN_EVERY).update(seen_at=now, address=address)


def session_end(*, session: UserSession) -> None:
    """Sign out this one: its cookie is worth nothing from now on."""
    Session.objects.filter(pk=session.session_id).delete()


def sessions_end(*, user: User, keep: str = "") -> int:
    """Sign out all sessions of `user` except the one with the key `keep`; how many were ended."""
    keys = UserSession.objects.filter(user=user).exclude(session_id=keep).values_list("session_id", flat=True)
    ended = list(keys)
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def access_end(*, user: User, keep: str = "") -> None:
    """End sessions and the token of programs; in the caller's transaction."""
    sessions_end(user=user, keep=keep)
    Token.objects.filter(user=user).delete()


def tokens_before(moment: datetime) -> QuerySet[Token]:
    """Tokens of programs that were given out before `moment`: their time is over."""
    return Token.objects.filter(created__lt=moment)
