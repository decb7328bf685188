"""Where the broker is asked."""

from typing import Any

from zhongshi.core import broker


def test_by_its_address() -> None:
    client = broker._connected("redis://:word@10.0.0.1:6380/3", {"socket_timeout": 0.5})
    named = client.connection_pool.connection_kwargs
    assert (named["host"], named["port"], named["db"], named["password"]) == ("10.0.0.1", 6380, 3, "word")


def test_as_the_sentinels_say(settings: Any) -> None:
    settings.REDIS_MASTER_NAME = "zhongshi"
    client = broker._connected("sentinel://:word@10.0.0.1:26380/3;sentinel://10.0.0.2", {"socket_timeout": 0.5})
    pool = client.connection_pool
    guards = [one.connection_pool.connection_kwargs for one in pool.sentinel_manager.sentinels]
    assert pool.service_name == "zhongshi"
    assert (pool.connection_kwargs["db"], pool.connection_kwargs["password"]) == (3, "word")
    assert [(one["host"], one["port"]) for one in guards] == [("10.0.0.1", 26380), ("10.0.0.2", 26379)]


def test_sentinels_that_do_not_answer_are_a_broker_that_is_away(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "sentinel://127.0.0.1:1/0"
    assert (broker.state(), broker.lengths()) == ("away", {})
