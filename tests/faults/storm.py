"""One run of the experiment: post, break, wait, count."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import questions
from .clients import Posted, post_needs, quantiles
from .injector import Injector
from .ledger import Books, Latency, Totals
from .processes import Processes, add_receiver, environment, prepare, running_processes
from .receiver import Receiver, running_receiver
from .rivalry import Races
from .rivals import Rivalry
from .stores import Stores, running_stores


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a storm. `per_second` bounds posting, so that it lasts while the faults fall.

    `pause` is the shortest and longest time between two faults, `lease` that of a row in a worker's hands, in seconds.
    """

    needs: int
    poison: int
    seed: int
    per_second: float = 0.0
    rival_leads: int = 0
    rival_edits: int = 0
    hands: int = 10
    most_drain_seconds: float = 180.0
    variant: str = "outbox"
    with_faults: bool = True
    lease: int = 12
    pause: tuple[float, float] = (2.4, 4.8)


@dataclass
class Report:
    """What one run ended with."""

    plan: Plan
    totals: Totals
    fallen: Counter[str]
    posted: Posted
    posting_seconds: float
    refused: int
    unanswered: int
    fenced: int
    latency: Latency
    beside_poison: Latency
    without_poison: Latency
    leads: Rivalry
    edits: Rivalry
    work: list[str]
    errors: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> dict[str, float]:
        """What the service did wrong; nothing is what it promises."""
        races = {"leads": self.leads.wrong, "edits": self.edits.wrong}
        found = {f"{what} {name}": number for what, wrong in races.items() for name, number in wrong.items()}
        return {**self.totals.wrong, **found}

    def lines(self) -> list[str]:
        """The report in words."""
        fell = ", ".join(f"{kind} {number}" for kind, number in sorted(self.fallen.items()))
        totals = [f"{name.replace('_', ' ')} {value}" for name, value in asdict(self.totals).items()]
        answers = ", ".join(f"{code or 'none'} x {number}" for code, number in sorted(self.posted.answers.items()))
        return [
            f"seed {self.plan.seed}, {self.plan.variant}: {self.plan.needs} needs posted in "
            f"{self.posting_seconds:.0f} s, {sum(self.fallen.values())} faults",
            f"  faults: {fell or 'none'}",
            *(f"  {', '.join(totals[start : start + 6])}" for start in range(0, len(totals), 6)),
            f"  receiver: refused {self.refused}, answers lost {self.unanswered}; late workers refused {self.fenced}",
            f"  leads: {_race_words(self.leads)}",
            f"  edits: {_race_words(self.edits)}",
            f"  answers to posts: {answers}",
            f"  an answer took p50 p95 p99 most: {quantiles(self.posted.seconds)} s",
            f"  until acknowledged, with all tries: {quantiles(self.posted.whole)} s",
            f"  posted to matched p50 p95 p99 most: {self.latency}",
            f"    while a poison need was about: {self.beside_poison}",
            f"    while none was: {self.without_poison}",
            *(f"  {line}" for line in self.work),
            *(f"  could not do {error}" for error in self.errors),
            f"  WRONG: {self.wrong}" if self.wrong else "  nothing wrong",
        ]


def _race_words(races: Rivalry) -> str:
    return (
        f"{races.races} races, double wins {races.double}, lost {races.lost}, unwon {races.unwon}, "
        f"winners unheard {races.unheard}"
    )


def _work_words(books: Books) -> list[str]:
    """The outbox by handler, and what died there."""
    rows = books.rows(questions.WORK)
    work = [
        f"{handler.rpartition('.')[0]}: {count} rows, {tries:.2f} tries, {crashes:.2f} crashes, p95 {p95 or 0:.1f} s"
        for handler, count, tries, crashes, p95 in rows
    ]
    work += [
        f"resting: tried {tries} times, {crashes} crashes, again in {seconds:.0f} s: {error[:120]}"
        for tries, crashes, seconds, error in books.rows(questions.RESTING)
    ]
    return work + [
        f"dead: {handler} after {tries} tries, {crashes} crashes: {error}"
        for handler, tries, crashes, error in books.rows(questions.DEAD)
    ]


def run(plan: Plan, say: Callable[[str], None] = lambda _line: None) -> Report:
    """Carry out `plan` on servers and processes of its own; nothing of it is left afterwards."""
    with (
        running_stores() as stores,
        running_receiver(plan.seed) as receiver,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = environment(stores.environment, plan.variant, plan.lease)
        say("preparing")
        prepare(env, stores.postgres.url)
        add_receiver(stores.postgres.url, receiver.url)
        with running_processes(env, Path(folder)) as processes:
            return _storm(plan, stores, processes, receiver, say)


def _storm(plan: Plan, stores: Stores, processes: Processes, receiver: Receiver, say: Callable[[str], None]) -> Report:
    injector, posted = Injector(stores, processes, plan.seed, lease=plan.lease, pause=plan.pause), Posted()
    races = Races(processes.url, posted, leads=plan.rival_leads, edits=plan.rival_edits, hands=plan.hands)
    books = Books(stores.postgres.url)
    say("posting")
    started = time.monotonic()
    with injector.throwing() if plan.with_faults else nullcontext():
        races.start()
        _post(plan, processes, posted)
        posting_seconds = time.monotonic() - started
    say(f"posted {len(posted.acknowledged)}; {sum(injector.fallen.values())} faults fell; draining")
    drained = _drain(plan, books, questions.WAITING)
    say("rivals")
    races.finish()
    _wait_all(plan, books)
    return Report(
        plan=plan,
        totals=books.totals(posted, receiver, drained),
        fallen=injector.fallen,
        posted=posted,
        posting_seconds=posting_seconds,
        refused=receiver.refused,
        unanswered=receiver.unanswered,
        fenced=processes.fenced,
        latency=books.latency(questions.LATENCY),
        beside_poison=books.latency(questions.LATENCY_BESIDE_POISON),
        without_poison=books.latency(questions.LATENCY_WITHOUT_POISON),
        leads=races.leads,
        edits=races.edits,
        work=_work_words(books),
        errors=[*injector.errors, *races.errors],
    )


def _post(plan: Plan, processes: Processes, posted: Posted) -> None:
    post_needs(posted, processes.url, needs=plan.needs, poison=plan.poison, seed=plan.seed, per_second=plan.per_second)


def _wait_all(plan: Plan, books: Books) -> None:
    """What the races made, the poison's last crashes, and what the receiver refused and is tried again later."""
    _drain(plan, books, questions.UNFINISHED)
    if plan.variant == "outbox":
        books.wait_none(questions.RESTING_OUTGOING, plan.most_drain_seconds)


def _drain(plan: Plan, books: Books, waiting: str) -> float:
    """Seconds until nothing waits any more."""
    if plan.variant == "outbox":
        return books.wait_none(waiting, plan.most_drain_seconds)
    return books.wait_still(questions.EFFECTS, plan.most_drain_seconds)
