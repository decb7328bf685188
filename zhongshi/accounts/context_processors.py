"""What every page's frame shows of the person looking at it."""

from typing import Any

from django.http import HttpRequest

from zhongshi.core.models import Notification

from .actors import actor_of


def workspace(request: HttpRequest) -> dict[str, Any]:
    """The actor and the number of unread notices."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"actor": None, "unread_count": 0}
    unread = Notification.objects.filter(recipient=user, read_at__isnull=True).count()
    return {"actor": actor_of(user), "unread_count": unread}
