"""How much more several workers and several web processes do, on the cores there are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import mix
from .accounts import token_of
from .calling import arrive, ask, posted
from .measured import Measured, Promise
from .receiving import Receiver
from .service import World, drained, forget_owed, running

PROCESSES = (1, 2, 4)
_NOTICES = "SELECT count(*) FROM core_notification"
_SENT = "SELECT count(*) FROM core_delivery WHERE state = 'sent'"
_MATCHES = "SELECT count(*) FROM matching_match"


@dataclass(frozen=True, slots=True)
class Worked:
    """What so many worker processes did with a heap of needs, in `seconds`."""

    processes: int
    needs: int
    matches: int
    notices: int
    sent: int
    received: int
    seconds: float

    def row(self) -> list[str]:
        each = [60 * one / self.seconds for one in (self.matches, self.notices, self.sent, self.received)]
        return [str(self.processes), f"{self.needs / self.seconds:.1f}", *[f"{one:,.0f}" for one in each]]


HEAD = [
    "worker processes",
    "needs scored/s",
    "matches/min",
    "notices in the app/min",
    "sent in all/min",
    "webhooks/min",
]


def working(
    world: World, receiver: Receiver, bodies: Sequence[str], needs: int, say: Callable[[str], None]
) -> list[Worked]:
    """For each number of processes: a heap of needs is posted while the worker stands still; then it works it off."""
    found = []
    for processes in PROCESSES:
        with running(world, web=1, workers=processes) as service:
            forget_owed(world)
            token = token_of(service.url, "load-enterprise1")
            _heap(service.url, bodies, token, 4 * processes)
            drained(world, 120)
            service.pause("worker")
            _heap(service.url, bodies, token, needs)
            before, received = [world.number(one) for one in (_MATCHES, _NOTICES, _SENT)], receiver.taken
            service.resume("worker")
            seconds = drained(world, 300)
            after = [world.number(one) for one in (_MATCHES, _NOTICES, _SENT)]
            matches, notices, sent = (int(late - early) for early, late in zip(before, after, strict=True))
            taken = receiver.taken - received
            found.append(Worked(processes, needs, matches, notices, sent, taken, seconds))
            say(" ".join(found[-1].row()))
    return found


def _heap(url: str, bodies: Sequence[str], token: str, needs: int) -> None:
    prefix = f"load-{time.time_ns()}-"
    made = arrive(
        url, "heap", 500, needs / 500, lambda number: posted(bodies, token, f"{prefix}{number}", number), connections=4
    )
    if made.errors:
        raise SystemExit(f"{made.errors} of {made.calls} needs were refused.")


def serving(world: World, seconds: float) -> list[Measured]:
    """The search page at eight connections, by so many web processes of four threads each."""
    found = []
    for processes in PROCESSES:
        with running(world, web=processes) as service:
            ask(service.url, "warm", mix.pages(), 4, 3)
            found.append(ask(service.url, f"search page, {processes} web processes", mix.pages(), 8, seconds))
    return found


def promises(worked: Sequence[Worked]) -> list[Promise]:
    """In the app and outside of it, each."""
    two = next((one for one in worked if one.processes == 2), None)
    if two is None:
        return []
    return [
        Promise("notices in the app a minute, 2 processes", 1200, 60 * two.notices / two.seconds, at_least=True),
        Promise("webhooks received a minute, 2 processes", 1200, 60 * two.received / two.seconds, at_least=True),
    ]
