"""Search and posting at 1, 4, 8 and 16 connections beside bare Django views; posting while Redis breaks."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from . import mix
from .accounts import token_of
from .calling import arrive, ask, post, posted
from .measured import Measured, Promise
from .service import Service, World, drained, forget_owed, processor_seconds, running

CONNECTIONS = (1, 4, 8, 16)
# As many web processes as cores.
WEB, WORKERS = 2, 2
ARRIVALS = 10.0
BARE = "bare view, the same 20 rows"
PAGE, API = "search page", "search API"
POST = "post a need"


def reading(world: World, seconds: float, connections: Sequence[int], say: Callable[[str], None]) -> list[Measured]:
    """Search page, search call and the bare views; nothing else runs but the stores."""
    kinds = {
        "bare view, no row (healthz)": ["/healthz"],
        BARE: ["/bare/capabilities/"],
        PAGE: mix.pages(),
        API: mix.calls(),
    }
    found = []
    with running(world, web=WEB) as service:
        for name, paths in kinds.items():
            ask(service.url, name, paths, 4, 3)
            for number in connections:
                found.append(_using(service, partial(ask, service.url, name, paths, number, seconds)))
                say(" ".join(found[-1].row()))
    return found


def _using(service: Service, measure: Callable[[], Measured]) -> Measured:
    """What was measured, with the processor time of web and PostgreSQL for one call."""
    pids = (service.children["web"].pid, service.world.postgres)
    before = processor_seconds(*pids)
    found = measure()
    return replace(found, cpu=1000 * (processor_seconds(*pids) - before) / max(1, found.calls))


def _posted(service: Service, bodies: Sequence[str], token: str, connections: int, seconds: float) -> Measured:
    prefix = f"load-{time.time_ns()}-"
    return _using(service, lambda: post(service.url, POST, bodies, token, prefix, connections, seconds))


def posting(world: World, bodies: Sequence[str], seconds: float, connections: Sequence[int]) -> list[Measured]:
    """How fast needs are taken; no worker runs, and what they would have done is dropped afterwards."""
    found = []
    with running(world, web=WEB) as service:
        token = token_of(service.url, "load-enterprise0")
        for number in connections:
            found.append(_posted(service, bodies, token, number, seconds))
            forget_owed(world)
    return found


def posting_in_life(world: World, bodies: Sequence[str], seconds: float) -> tuple[list[Measured], float]:
    """Ten needs a second with workers and clock beside them: Redis up, hung, dead; then how long until all is done."""
    found = []
    with running(world, web=WEB, workers=WORKERS) as service:
        forget_owed(world)
        tokens = [token_of(service.url, f"load-enterprise{number}") for number in range(4)]
        _arrivals(service, "warm", bodies, tokens, 10)
        found.append(_arrivals(service, f"{POST}, Redis up", bodies, tokens, seconds))
        pid = world.redis.child.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            found.append(_arrivals(service, f"{POST}, Redis hung", bodies, tokens, seconds))
        finally:
            os.kill(pid, signal.SIGCONT)
        world.crash_redis()
        found.append(_arrivals(service, f"{POST}, Redis dead", bodies, tokens, seconds))
        world.revive_redis()
        return found, drained(world, 120)


def _arrivals(service: Service, name: str, bodies: Sequence[str], tokens: Sequence[str], seconds: float) -> Measured:
    prefix = f"load-{time.time_ns()}-"
    return arrive(
        service.url, name, ARRIVALS, seconds,
        lambda number: posted(bodies, tokens[number % len(tokens)], f"{prefix}{number}", number),
    )  # fmt: skip


def promises(read: Sequence[Measured], posts: Sequence[Measured], life: Sequence[Measured]) -> list[Promise]:
    """What two cores are to keep."""
    kept = []
    for one in read:
        if one.name == PAGE and one.connections == 8:
            kept += [
                Promise("search page, calls a second at 8 connections", 60, one.per_second, at_least=True),
                Promise("search page, p95 ms at 8 connections", 200, one.p95),
            ]
    kept += [Promise("post, p95 ms at 8 connections", 150, one.p95) for one in posts if one.connections == 8]
    for one in life:
        bound = 150 if one.name.endswith("up") else 300
        kept.append(Promise(f"{one.name}, p95 ms at {ARRIVALS:.0f} a second", bound, one.p95))
    kept.append(Promise("errors", 0, sum(one.errors for one in (*read, *posts, *life))))
    return kept


def bodies_of(needs: Sequence[dict[str, str]]) -> list[str]:
    """Each as one line of JSON."""
    return [json.dumps(need, ensure_ascii=False) for need in needs]
