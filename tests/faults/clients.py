"""Enterprises' programs that post needs and try again with the same key until they are told it is done."""

from __future__ import annotations

import queue
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

import httpx2

PASSWORD = "zhongshi-demo"
# Begins the title of a need that kills whoever scores it.
MARK = "毒"
GIVE_UP_SECONDS = 120.0
TEXT = "智能硬件样机已完成，想在成都做可靠性测试和小批量试产，第{number}批，首批{pieces}台，预算50万元以内。"


@dataclass
class Posted:
    """What clients were promised: need id for each key, and how long the promise took.

    `wanted` is how many were to be posted. `seconds` are those of the answer that was heard, `whole` those from the
    first try on. `answers` counts every try by its status, 0 where none came.
    """

    acknowledged: dict[str, str] = field(default_factory=dict)
    poison: set[str] = field(default_factory=set)
    wanted: int = 0
    seconds: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def harmless(self) -> list[str]:
        """Ids of the needs acknowledged so far that kill nobody, oldest first."""
        with self.lock:
            return [need for need in self.acknowledged.values() if need not in self.poison]


def quantiles(seconds: list[float], shares: tuple[float, ...] = (0.5, 0.95, 0.99)) -> str:
    """These shares of `seconds` (and the most) in words."""
    if len(seconds) < 2:
        return "none"
    cut = statistics.quantiles(seconds, n=1000)
    found = [cut[min(998, int(share * 1000))] for share in shares]
    return " ".join(f"{one:.3f}" for one in [*found, max(seconds)])


def client_of(url: str, username: str) -> httpx2.Client:
    """A signed-in program; it asks for its token until the service is there."""
    client = httpx2.Client(base_url=f"{url}/api/v1", timeout=20, trust_env=False)
    until = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            answer = client.post("/auth/token/", json={"username": username, "password": PASSWORD})
            answer.raise_for_status()
        except httpx2.HTTPError:
            if time.monotonic() > until:
                client.close()
                raise
            time.sleep(0.3)
        else:
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            return client


def post_needs(
    posted: Posted, url: str, *, needs: int, poison: int, seed: int, clients: int = 8, per_second: float = 0.0
) -> None:
    """Post `needs` needs, `poison` of them deadly, from `clients` threads; returns when all are acknowledged.

    The deadly ones lie in the first half, so that they are about while the others are posted.
    """
    posted.wanted = needs
    waiting: queue.Queue[int] = queue.Queue()
    for number in range(needs):
        waiting.put(number)
    deadly = set(random.Random(seed).sample(range(max(poison, needs // 2)), poison))
    pause = clients / per_second if per_second else 0.0

    def work(name: str) -> None:
        with closing(client_of(url, name)) as client, suppress(queue.Empty):
            while True:
                number = waiting.get_nowait()
                started = time.monotonic()
                _post(client, number, number in deadly, seed, posted)
                time.sleep(max(0.0, pause - (time.monotonic() - started)))

    names = ("enterprise", "enterprise2")
    threads = [threading.Thread(target=work, args=[names[n % 2]], daemon=True) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _post(client: httpx2.Client, number: int, is_deadly: bool, seed: int, posted: Posted) -> None:
    """Post one need until it is acknowledged, each time with the same key."""
    key = f"fault-{seed}-{number}"
    body = {
        "title": f"{MARK if is_deadly else ''}可穿戴设备试产 {number}",
        "text": TEXT.format(number=number, pieces=100 + number),
    }
    chance, first = random.Random(f"{seed}:{number}"), time.monotonic()
    while time.monotonic() < first + GIVE_UP_SECONDS:
        started = time.monotonic()
        answer = _try(lambda: client.post("/needs/", json=body, headers={"Idempotency-Key": key}))
        now = time.monotonic()
        with posted.lock:
            posted.answers[0 if answer is None else answer.status_code] += 1
            if answer is not None and answer.status_code in (200, 201):
                need = answer.json()["id"]
                posted.acknowledged[key] = need
                posted.poison |= {need} if is_deadly else set()
                posted.seconds.append(now - started)
                posted.whole.append(now - first)
                return
        time.sleep(chance.uniform(0.1, 0.6))


def _try(ask: Callable[[], httpx2.Response]) -> httpx2.Response | None:
    try:
        return ask()
    except httpx2.HTTPError:
        return None
