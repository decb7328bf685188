"""What must be true afterwards, asked of the database and of the receiver."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import Any

import psycopg

from . import questions
from .clients import MARK, Posted
from .receiver import Receiver

# A poison is dead when it has killed this many workers (OUTBOX_MAX_CRASHES).
CRASHES = 4
DRAIN_SECONDS = 60.0
# Figures that are told; everything else must be 0.
_TOLD = frozenset(
    {
        "acknowledged",
        "revisions",
        "superseded",
        "notices",
        "outgoing",
        "raw_duplicates",
        "resting",
        "poison_dead",
        "retried",
        "drained_seconds",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of one run. `superseded` revisions were edited again before their turn came, and need no score.

    `resting` deliveries were refused so often that their next try is minutes away; `unsent` ones nobody will try again.
    """

    acknowledged: int
    given_up: int
    lost_needs: int
    doubled_needs: int
    revisions: int
    superseded: int
    unscored: int
    doubled_runs: int
    doubled_matches: int
    notices: int
    lost_notices: int
    doubled_notices: int
    outgoing: int
    lost_outgoing: int
    doubled_outgoing: int
    strange_outgoing: int
    resting: int
    unsent: int
    raw_duplicates: int
    poison_dead: int
    poison_alive: int
    dead: int
    left_waiting: int
    retried: int
    drained_seconds: float

    @property
    def wrong(self) -> dict[str, float]:
        """What should be 0 and is not, and a backlog that took more than a minute."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _TOLD}
        wrong = {name: value for name, value in found.items() if value}
        if self.drained_seconds > DRAIN_SECONDS:
            wrong["drained_seconds"] = self.drained_seconds
        return wrong


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from posted to matched of `count` needs, at p50, p95, p99 and the most."""

    count: int
    seconds: list[float]

    def __str__(self) -> str:
        if not self.count:
            return "none"
        return f"{' '.join(f'{one:.2f}' for one in self.seconds)} s ({self.count})"


class Books:
    """The database after the storm. `key` is the pattern of the keys the clients posted with."""

    def __init__(self, url: str, key: str = "fault-%") -> None:
        self._url = url.replace("postgres://", "postgresql://")
        self._given = {"mark": f"{MARK}%", "key": key, "crashes": CRASHES}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, connect_timeout=10) as connection:
            return connection.execute(query.encode(), self._given).fetchall()

    def count(self, query: str) -> int:
        return int(self.rows(query)[0][0])

    def wait_none(self, query: str, most: float) -> float:
        """Seconds until `query` counts nothing any more; `most` where it does not come to that."""
        started = time.monotonic()
        while time.monotonic() - started < most:
            if self.count(query) == 0:
                return time.monotonic() - started
            time.sleep(0.5)
        return most

    def wait_still(self, query: str, most: float, still: float = 20.0) -> float:
        """Seconds until what `query` counts had its last change before `still` seconds without one."""
        started = changed = time.monotonic()
        last = self.count(query)
        while time.monotonic() < min(changed + still, started + most):
            time.sleep(0.5)
            now = self.count(query)
            if now != last:
                last, changed = now, time.monotonic()
        return changed - started

    def latency(self, query: str) -> Latency:
        count, seconds = self.rows(query)[0]
        return Latency(int(count), [float(one) for one in seconds or ()])

    def totals(self, posted: Posted, receiver: Receiver, drained: float) -> Totals:
        return Totals(
            acknowledged=len(posted.acknowledged),
            given_up=max(0, posted.wanted - len(posted.acknowledged)),
            left_waiting=self.count(questions.WAITING_AT_ALL),
            retried=self.count(questions.RETRIED),
            drained_seconds=round(drained, 1),
            **self._needs(posted),
            **self._notices(),
            **self._outgoing(receiver),
        )

    def _needs(self, posted: Posted) -> dict[str, int]:
        known = {str(row[0]) for row in self.rows("SELECT uuid FROM requests_need")}
        poison_dead = self.count(questions.POISON_DEAD)
        return {
            "lost_needs": len(set(posted.acknowledged.values()) - known),
            "doubled_needs": self.count(questions.DOUBLED_NEEDS),
            "revisions": self.count(questions.REVISIONS),
            "superseded": self.count(questions.SUPERSEDED),
            "unscored": self.count(questions.UNSCORED),
            "doubled_runs": self.count(questions.DOUBLED_RUNS),
            "doubled_matches": self.count(questions.DOUBLED_MATCHES),
            "poison_dead": poison_dead,
            "poison_alive": len(posted.poison) - poison_dead,
            "dead": len(self.rows(questions.DEAD)),
        }

    def _notices(self) -> dict[str, int]:
        lost, doubled, due = self.rows(questions.NOTICES)[0]
        return {"notices": int(due), "lost_notices": int(lost), "doubled_notices": int(doubled)}

    def _outgoing(self, receiver: Receiver) -> dict[str, int]:
        """What left by webhook must have arrived, under the delivery's own id and no other."""
        owed, taken = {str(row[0]) for row in self.rows(questions.OUTGOING)}, receiver.taken
        missing = self.count(questions.UNOWED_OUTGOING) + self.count(questions.LOST_MAILS)
        return {
            "outgoing": len(owed),
            "lost_outgoing": missing + len(owed - set(taken)),
            "doubled_outgoing": self.count(questions.DOUBLED_OUTGOING),
            "strange_outgoing": len(set(taken) - owed),
            "resting": self.count(questions.RESTING_OUTGOING),
            "unsent": self.count(questions.UNSENT_OUTGOING),
            "raw_duplicates": sum(taken.values()) - len(taken),
        }
