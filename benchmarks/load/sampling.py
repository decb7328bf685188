"""Memory of every process and what is owed, every few seconds."""

from __future__ import annotations

import csv
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from .service import World, family

EVERY_SECONDS = 5.0
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
_OWED = """
SELECT count(*) FILTER (WHERE available_at <= now()),
       coalesce(extract(epoch FROM now() - min(available_at) FILTER (WHERE available_at <= now())), 0)
FROM core_outboxevent WHERE state IN ('pending', 'leased')
"""


@dataclass(slots=True)
class Samples:
    """`memory[(role, pid)]` and `owed`: lists of (seconds since the start, figure)."""

    memory: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)
    owed: list[tuple[float, float]] = field(default_factory=list)
    oldest: list[tuple[float, float]] = field(default_factory=list)

    def write(self, file: Path) -> None:
        """As a table: seconds, what, process, figure."""
        with file.open("w", newline="", encoding="utf-8") as opened:
            rows = csv.writer(opened, lineterminator="\n")
            rows.writerow(["seconds", "what", "process", "figure"])
            for (role, pid), points in self.memory.items():
                rows.writerows([f"{at:.0f}", f"{role} MB", pid, f"{value:.1f}"] for at, value in points)
            for name, points in (("owed rows", self.owed), ("oldest owed s", self.oldest)):
                rows.writerows([f"{at:.0f}", name, "", f"{value:.1f}"] for at, value in points)


@contextmanager
def sampled(world: World, roles: Mapping[str, int]) -> Iterator[Samples]:
    """Samples of the processes below each role's number, until the end of the block."""
    samples, stop, began = Samples(), threading.Event(), time.monotonic()

    def work() -> None:
        with psycopg.connect(world.database_url, autocommit=True) as connection:
            while not stop.wait(EVERY_SECONDS):
                _sample(samples, connection, roles, time.monotonic() - began)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        stop.set()
        thread.join(10)


def _sample(
    samples: Samples, connection: psycopg.Connection[tuple[object, ...]], roles: Mapping[str, int], at: float
) -> None:
    for role, pid in roles.items():
        for number, one in enumerate(family(pid)):
            name = role if number else f"{role} (parent)"
            with suppress(OSError, IndexError, ValueError):
                pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
                samples.memory.setdefault((name, one), []).append((at, pages * _PAGE_MB))
    row = connection.execute(_OWED).fetchone()
    if row is not None:
        samples.owed.append((at, float(str(row[0]))))
        samples.oldest.append((at, float(str(row[1]))))
