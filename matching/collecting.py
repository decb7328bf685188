"""The cyclic garbage collector, kept from walking over what is being built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Build millions of objects that all stay: looking for garbage among them again and again takes half the time.

    For the whole process, so only for seconds. A collector that was off before stays off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
