"""Is the broker there? Reported by health pages; nothing on the request path depends on the answer."""

import redis
from django.conf import settings


def state() -> str:
    """Return "ok", or "away" when Redis gives no answer within half a second."""
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
    try:
        client.ping()
    except redis.RedisError:
        return "away"
    finally:
        client.close()
    return "ok"
