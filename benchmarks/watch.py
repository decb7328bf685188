"""Clock and memory."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Built(Generic[T]):
    """Something built, how long it took and by how much this process grew (0 where the system does not tell)."""

    made: T
    seconds: float
    megabytes: float


def build(make: Callable[[], T]) -> Built[T]:
    """Call `make` and measure."""
    before = resident()
    begun = time.perf_counter()
    made = make()
    seconds = time.perf_counter() - begun
    return Built(made, seconds, max(0.0, resident() - before))


def resident() -> float:
    """Megabytes of memory this process holds, what was freed given back first."""
    gc.collect()
    if not sys.platform.startswith("linux"):
        return 0.0
    ctypes.CDLL(None).malloc_trim(0)
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def milliseconds(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and how long it took."""
    begun = time.perf_counter_ns()
    result = work()
    return result, (time.perf_counter_ns() - begun) / 1e6
