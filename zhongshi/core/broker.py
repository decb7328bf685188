"""Is the broker there, and how long are its queues? Nothing on the request path depends on the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from redis.sentinel import Sentinel

QUEUES = ("score", "notify", "sweep", "celery")


def state() -> str:
    """Return "ok", or "away" when Redis gives no answer within half a second."""
    try:
        with _client() as client:
            client.ping()
    except redis.RedisError:
        return "away"
    return "ok"


def lengths() -> dict[str, int]:
    """Messages waiting in each queue, by its name; empty when Redis gives no answer within half a second."""
    try:
        with _client() as client:
            return {name: client.llen(name) for name in QUEUES}
    except redis.RedisError:
        return {}


@contextmanager
def _client() -> Iterator["redis.Redis"]:
    client = _connected(settings.CELERY_BROKER_URL, {"socket_timeout": 0.5, "socket_connect_timeout": 0.5})
    try:
        yield client
    finally:
        client.close()


def _connected(url: str, patience: dict[str, Any]) -> "redis.Redis":
    """By its address, or as the sentinels say: addresses with `;` between, the first one's password and number."""
    if not url.startswith("sentinel://"):
        return redis.Redis.from_url(url, **patience)
    guards = [urlsplit(part) for part in url.split(";")]
    places = [(guard.hostname or "localhost", guard.port or 26379) for guard in guards]
    number = int(guards[0].path.strip("/") or 0)
    sentinel: Any = Sentinel(places, **patience)  # type: ignore[no-untyped-call]
    found: redis.Redis = sentinel.master_for(
        settings.REDIS_MASTER_NAME, db=number, password=guards[0].password, **patience
    )
    return found
