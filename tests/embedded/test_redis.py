"""The embedded Redis: what the queue holds outlives a restart, and a password is asked for."""

import socket
from urllib.parse import urlsplit

from redis import Redis as Client

from zhongshi.embedded.ground import Ground
from zhongshi.embedded.programs import programs_for
from zhongshi.embedded.redis import start_redis


def test_a_second_start_keeps_what_was_queued(ground: Ground) -> None:
    programs = programs_for(ground)
    first = start_redis(ground, programs)
    try:
        with Client.from_url(first.url) as client:
            client.rpush("queue", "score:1")
    finally:
        first.stop()
    second = start_redis(ground, programs)
    try:
        with Client.from_url(second.url) as client:
            assert client.lrange("queue", 0, -1) == [b"score:1"]
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with socket.create_connection(("127.0.0.1", urlsplit(second.url).port), timeout=5) as stranger:
            stranger.sendall(b"LRANGE queue 0 -1\r\n")
            assert stranger.recv(100) == b"-NOAUTH Authentication required.\r\n"
    finally:
        second.stop()
    assert not second.child.alive()
