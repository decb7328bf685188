"""Many hands on one row, over HTTP, while the faults fall and after: exactly one wins and the others are told."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

TOLD = frozenset({403, 404, 409, 422})
GIVE_UP_SECONDS = 60.0
Attempt = Callable[[], httpx2.Response]


@dataclass
class Rivalry:
    """How the races ended.

    `double` counts races with more than one winner, `lost` those whose winner was told yes and does not stand,
    `unwon` those where everybody was told no and nobody had won. A winner whose answer was lost is told no when it
    asks again: `unheard` counts those, and they are nobody's fault.
    """

    races: int = 0
    double: int = 0
    lost: int = 0
    unwon: int = 0
    unheard: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def wrong(self) -> dict[str, int]:
        found = {"double": self.double, "lost": self.lost, "unwon": self.unwon}
        return {name: number for name, number in found.items() if number}

    def judge(self, codes: list[int], *, changed: bool, stands: bool) -> None:
        """Count one race: whether the row changed, and whether it is as one of those told yes wanted it."""
        winners = sum(code == 200 for code in codes)
        self.races += 1
        self.double += winners > 1
        self.lost += bool(winners) and not stands
        self.unwon += not winners and not changed
        self.unheard += not winners and changed
        self.answers.update(codes)


def race(attempts: list[Attempt]) -> list[int]:
    """Let all go at once; the status each got in the end, asking again where the service was away."""
    start, codes = threading.Barrier(len(attempts)), [0] * len(attempts)

    def run(number: int) -> None:
        start.wait()
        answer = persist(attempts[number])
        codes[number] = answer.status_code if answer is not None else 0

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def persist(attempt: Attempt) -> httpx2.Response | None:
    """The first answer that is a yes or a no, asking again where the service was away; None after a minute."""
    until = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < until:
        try:
            answer = attempt()
        except httpx2.HTTPError:
            answer = None
        if answer is not None and (answer.status_code == 200 or answer.status_code in TOLD):
            return answer
        time.sleep(0.3)
    return None


def _read(client: httpx2.Client, path: str, **params: Any) -> dict[str, Any]:
    answer = persist(lambda: client.get(path, params=params))
    assert answer is not None, path
    assert answer.status_code == 200, path
    found: dict[str, Any] = answer.json()
    return found


def is_there(client: httpx2.Client, path: str) -> bool:
    """Whether this client may see it; what is another organization's is not there."""
    answer = persist(lambda: client.get(path))
    return answer is not None and answer.status_code == 200


def answer_leads(client: httpx2.Client, leads: int, hands: int, rivalry: Rivalry) -> None:
    """Open leads of the operator, each accepted by some and declined by others at once."""
    for lead in _read(client, "/leads/", state="waiting", page_size=leads)["results"][:leads]:
        path = f"/leads/{lead['id']}/"
        wanted = [word for word, _ in zip(itertools.cycle(["accepted", "declined"]), range(hands), strict=False)]
        codes = race([_answer(client, path, word) for word in wanted])
        now = _read(client, path)["status"]
        won = {word for word, code in zip(wanted, codes, strict=True) if code == 200}
        rivalry.judge(codes, changed=now != lead["status"], stands=now in won)


def _answer(client: httpx2.Client, path: str, wanted: str) -> Attempt:
    if wanted == "accepted":
        return lambda: client.post(f"{path}accept/")
    return lambda: client.post(f"{path}decline/", json={"reason": "档期已满"})


def edit_need(client: httpx2.Client, public_id: str, hands: int, rivalry: Rivalry) -> None:
    """One need, edited by many at once who all saw the same revision; what the winner wrote must stand."""
    seen = _read(client, f"/needs/{public_id}/")["revision"]
    codes = race([_edit(client, public_id, seen, number) for number in range(hands)])
    now = _read(client, f"/needs/{public_id}/")
    written = [f"改 {seen}.{number}" for number, code in enumerate(codes) if code == 200]
    stands = now["revision"] == seen + 1 and now["title"] in written
    rivalry.judge(codes, changed=now["revision"] != seen, stands=stands)


def _edit(client: httpx2.Client, public_id: str, revision: int, number: int) -> Attempt:
    body = {"revision": revision, "title": f"改 {revision}.{number}"}
    return lambda: client.patch(f"/needs/{public_id}/", json=body)
