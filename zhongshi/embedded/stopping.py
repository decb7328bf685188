"""Ctrl-C, SIGTERM and a closed terminal, noted and not thrown: an exception could lose a child."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ASKED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Whether somebody wants us to end, and how they said so."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Note the signals that ask us to end; their former handlers come back afterwards."""
    request = StopRequest()
    former = {number: signal.signal(number, request.note) for number in _ASKED_BY}
    try:
        yield request
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
