"""One fault after another, from a seed, until told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import celery
import psycopg

from .processes import Processes
from .stores import Stores

# How often each falls, in proportion.
WEIGHTS = {
    "worker tree killed": 16,
    "worker parent killed": 4,
    "worker stopped past its lease": 4,
    "pool child killed": 15,
    "redis killed": 7,
    "redis flushed": 8,
    "redis hung": 5,
    "postgres crashed": 6,
    "web worker killed": 8,
    "web killed": 3,
    "web master killed": 3,
    "beat killed": 7,
    "two beats": 4,
    "messages doubled": 10,
}
# The sleeper wakes when its row has long been somebody else's.
PAST_LEASE = (2.0, 5.0)
ANY = "SELECT id FROM core_outboxevent ORDER BY random() LIMIT 150"
# Taken within the last half second; what a killed worker left behind looks leased for longer.
LEASED = """
SELECT id, lease_token FROM core_outboxevent
WHERE state = 'leased' AND lease_until > now() + make_interval(secs => %(lease)s - 0.5)
"""
STILL_LEASED = "SELECT id, lease_token FROM core_outboxevent WHERE state = 'leased'"


class Injector:
    """Throws faults in a thread of its own; `fallen` counts them by kind."""

    def __init__(
        self, stores: Stores, processes: Processes, seed: int, *, lease: int, pause: tuple[float, float]
    ) -> None:
        self._stores, self._processes = stores, processes
        self._random, self._stop = random.Random(seed), threading.Event()
        self._lease, self._pause = lease, pause
        self._later: list[threading.Thread] = []
        self.fallen: Counter[str] = Counter()
        self.errors: list[str] = []
        self._thread = threading.Thread(target=self._throw, daemon=True)

    @contextmanager
    def throwing(self) -> Iterator[None]:
        """Faults fall meanwhile. At the end, a bad one too, the last has ended and everything runs again."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join(120)
            for thread in self._later:
                thread.join(30)
            self._processes.revive()

    def _throw(self) -> None:
        deck: list[str] = []
        while not self._stop.wait(self._random.uniform(*self._pause)):
            # The first round throws each kind once: a short storm has them all, whatever its seed.
            deck = deck or self._deck()
            self._try(deck.pop())
            self._processes.revive()

    def _deck(self) -> list[str]:
        kinds = list(WEIGHTS)
        if not self.fallen:
            return self._random.sample(kinds, len(kinds))
        return self._random.choices(kinds, list(WEIGHTS.values()), k=len(kinds))

    def _try(self, kind: str) -> None:
        try:
            self._fall(kind)
        except Exception as error:  # the experiment must go on, and say so
            self.errors.append(f"{kind}: {error!r}")
        else:
            self.fallen[kind] += 1

    def _fall(self, kind: str) -> None:
        """Throw one fault; those with a second half (a sleeper wakes, a second clock ends) have it done later."""
        chance, processes, stores = self._random, self._processes, self._stores
        worker = chance.choice(processes.workers)
        faults: dict[str, Callable[[], object]] = {
            "worker tree killed": lambda: processes.kill(worker),
            "worker parent killed": lambda: self._after(10.0, processes.kill_parent(worker)),
            "worker stopped past its lease": lambda: self._after(
                self._lease + chance.uniform(*PAST_LEASE), self._stop_at_work(worker)
            ),
            "pool child killed": lambda: processes.kill_child(worker, chance),
            "redis killed": lambda: stores.crash_redis(chance.uniform(0.2, 3.0)),
            "redis flushed": stores.flush_redis,
            "redis hung": lambda: stores.hang_redis(chance.uniform(2.0, 6.0)),
            "postgres crashed": stores.crash_postgres,
            "web worker killed": lambda: processes.kill_child("web", chance),
            "web killed": lambda: processes.kill("web"),
            "web master killed": lambda: self._after(10.0, processes.kill_parent("web")),
            "beat killed": lambda: processes.kill("beat"),
            "two beats": lambda: self._after(chance.uniform(4.0, 10.0), processes.second_beat()),
            "messages doubled": self._double,
        }
        faults[kind]()

    def _after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do the second half of a fault later; others fall meanwhile."""

        def wait() -> None:
            time.sleep(seconds)
            do()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        self._later.append(thread)

    def _stop_at_work(self, worker: str) -> Callable[[], None]:
        """Stop a worker in the middle of some work: try until a lease outlives the moment it was stopped in."""
        until = time.monotonic() + 3.0
        while True:
            go_on = self._processes.pause(worker)
            held = set(self._ask(LEASED))
            time.sleep(0.3)
            if held & set(self._ask(STILL_LEASED)) or time.monotonic() > until:
                return go_on
            go_on()
            time.sleep(self._random.uniform(0.0, 0.05))

    def _double(self) -> None:
        """Announce rows again that were announced before, done or not."""
        ids = [row[0] for row in self._ask(ANY)]
        with celery.Celery(broker=self._stores.redis.url) as app:
            for event_id in ids:
                app.send_task("core.run_outbox", kwargs={"event_id": event_id}, ignore_result=True)

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        url = self._stores.postgres.url.replace("postgres://", "postgresql://")
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute(query.encode(), {"lease": self._lease}).fetchall()
