"""One world for each test; what it does is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.receiver import Receiver

from .comparing import held
from .telling import listen
from .world import World, build


@pytest.fixture
def two_worlds(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world everybody knows something of; `interference` adds the secrets and takes them away."""
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    clock = held(monkeypatch)
    with Receiver() as receiver:
        world = build(clock, receiver)
        listen(world)
        clock.mark()
        yield world
