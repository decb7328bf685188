"""The callers: `wrk` where it is installed, else threads of our own. Both keep their connections open."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .measured import Measured, of_times

HERE = Path(__file__).parent
TIMEOUT = 20.0
Body = bytes | None


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `headers` beside those of the connection."""

    method: str
    path: str
    body: Body = None
    headers: tuple[tuple[str, str], ...] = ()


def caller() -> str:
    """Who calls on this machine, for the report."""
    return "wrk" if shutil.which("wrk") else "threads of our own (wrk is not installed)"


def ask(url: str, name: str, paths: Sequence[str], connections: int, seconds: float) -> Measured:
    """GET these addresses in random order, as fast as answers come, on so many connections."""
    if shutil.which("wrk"):
        return _wrk(url, name, connections, seconds, "get.lua", paths, [])
    chance = random.Random(7)  # noqa: S311 - an order, not a secret
    return flood(url, name, connections, seconds, lambda _number: Call("GET", chance.choice(paths)))


def post(
    url: str, name: str, bodies: Sequence[str], token: str, prefix: str, connections: int, seconds: float
) -> Measured:
    """POST these bodies to the needs call, each with a key of its own, as fast as answers come."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if shutil.which("wrk"):
        given = [part for pair in headers.items() for part in ("-H", f"{pair[0]}: {pair[1]}")]
        return _wrk(f"{url}/api/v1/needs/", name, connections, seconds, "post.lua", bodies, given, prefix)
    return flood(url, name, connections, seconds, lambda number: posted(bodies, token, f"{prefix}{number}", number))


def posted(bodies: Sequence[str], token: str, key: str, number: int) -> Call:
    """The call that posts one need."""
    given = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"), ("Idempotency-Key", key))
    return Call("POST", "/api/v1/needs/", bodies[number % len(bodies)].encode(), given)


def _wrk(
    url: str, name: str, connections: int, seconds: float, script: str, lines: Sequence[str], given: list[str],
    *arguments: str,
) -> Measured:  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [
            "wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", f"--timeout={TIMEOUT:.0f}s", *given,
            "-s", str(HERE / script), url, "--", file.name, *arguments,
        ]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Measured(name, connections, **found)


class Line:
    """One kept connection. `call` gives the status, 0 where nothing came."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)

    def call(self, call: Call) -> tuple[int, bytes]:
        """Status and body; a connection the server closed meanwhile is opened again, once."""
        for _ in range(2):
            try:
                self._connection.request(call.method, call.path, call.body, dict(call.headers))
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection.close()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                return 0, b""
        return 0, b""


class Tally:
    """Times and errors from several threads."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.errors = 0
        self._lock = threading.Lock()

    def note(self, seconds: float, status: int) -> None:
        with self._lock:
            self.times.append(seconds)
            self.errors += not 200 <= status < 400


def flood(url: str, name: str, connections: int, seconds: float, make: Callable[[int], Call]) -> Measured:
    """Closed loop: each connection calls again as soon as it was answered."""
    tally, until, numbers = Tally(), time.monotonic() + seconds, iter(range(10**9))
    lock = threading.Lock()

    def work() -> None:
        line = Line(url)
        while time.monotonic() < until:
            with lock:
                call = make(next(numbers))
            began = time.monotonic()
            status, _ = line.call(call)
            tally.note(time.monotonic() - began, status)

    began = time.monotonic()
    _in_threads([work] * connections)
    return of_times(name, connections, time.monotonic() - began, tally.times, tally.errors)


def arrive(
    url: str,
    name: str,
    rate: float,
    seconds: float,
    make: Callable[[int], Call],
    connections: int = 16,
    taken: Callable[[Call, int, bytes], None] = lambda _call, _status, _answer: None,
) -> Measured:
    """Open loop: `rate` calls a second whether or not answers come; times run from when a call was due.

    `taken` is told of every answer.
    """
    tally, began, numbers, lock = Tally(), time.monotonic(), iter(range(int(rate * seconds))), threading.Lock()

    def work() -> None:
        line = Line(url)
        while True:
            with lock:
                number = next(numbers, None)
                if number is None:
                    return
                call = make(number)
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            status, answer = line.call(call)
            tally.note(time.monotonic() - due, status)
            with lock:
                taken(call, status, answer)

    _in_threads([work] * connections)
    return of_times(name, connections, time.monotonic() - began, tally.times, tally.errors)


def _in_threads(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
