"""Web, two workers and beat, each of which can be killed by its number and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from zhongshi.embedded.child import Child
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.roles import start_beat, start_web, start_worker, wait_ready

ROOT = Path(__file__).resolve().parents[2]
_PREPARE = (["migrate", "--noinput"], ["load_vocabulary"], ["load_demo", "--no-story"])


class Processes:
    """The service's programs by name; a killed one is started again at once, as its supervisor would.

    `fenced` counts how often a worker that had lost its lease was kept from finishing.
    """

    def __init__(self, env: Mapping[str, str], folder: Path, workers: int = 2) -> None:
        self.port = free_port()
        self._env, self._folder = env, folder
        self._lock = threading.Lock()
        self.children: dict[str, Child] = {}
        self._makers: dict[str, Callable[[], Child]] = {
            "web": lambda: start_web(self._env, self.port),
            "beat": lambda: start_beat(self._env, self._folder / "beat"),
        }
        self.fenced = 0
        for number in range(workers):
            self._makers[f"worker{number}"] = lambda: start_worker(self._env, concurrency=2, echo=self._hear)

    def _hear(self, line: str) -> None:
        """Count the workers' own words that a lease was lost: a late holder came back and was refused."""
        self.fenced += "lease lost" in line

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        for name, make in self._makers.items():
            self.children[name] = make()
        wait_ready(self.children["web"], self.port)

    def kill(self, name: str) -> None:
        """SIGKILL to the whole tree of one program, and start it anew."""
        with self._lock:
            self.children[name].kill()
            self.children[name] = self._makers[name]()

    def kill_parent(self, name: str) -> Callable[[], object]:
        """SIGKILL to the parent alone; its children find themselves orphans while the new one starts.

        Returns what ends those that stay nevertheless, to be called some seconds later.
        """
        with self._lock:
            orphaned = self.children[name]
            os.kill(orphaned.pid, signal.SIGKILL)
            self.children[name] = self._makers[name]()
        return orphaned.kill

    def pause(self, name: str) -> Callable[[], None]:
        """Stop a program with all below it where it stands. Returns what lets it go on, if it still is there."""
        with self._lock:
            paused = self.children[name]
            _signal_group(paused.pid, signal.SIGSTOP)

        def go_on() -> None:
            with self._lock:
                if self.children[name] is paused and paused.alive():
                    _signal_group(paused.pid, signal.SIGCONT)

        return go_on

    def second_beat(self) -> Callable[[], object]:
        """Another beat beside the first. Returns what kills it."""
        return start_beat(self._env, self._folder / "second-beat").kill

    def kill_child(self, name: str, chance: random.Random) -> bool:
        """SIGKILL to one process below a program (a pool child, a web worker), whose parent goes on."""
        below = _below(self.children[name].pid)
        if not below:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(below), signal.SIGKILL)
        return True

    @property
    def workers(self) -> list[str]:
        return [name for name in self._makers if name.startswith("worker")]

    def revive(self) -> None:
        """Start again what died by itself (a worker whose broker went away)."""
        with self._lock:
            for name, child in self.children.items():
                if not child.alive():
                    child.kill()
                    self.children[name] = self._makers[name]()

    def tails(self) -> dict[str, list[str]]:
        """What each program said last, for a test that waits in vain."""
        return {name: [f"alive: {child.alive()}", *child.tail()] for name, child in self.children.items()}

    def stop(self) -> None:
        for child in self.children.values():
            child.ask()
        for child in self.children.values():
            child.stop(15)


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)


def _below(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    with suppress(OSError):
        return [int(found) for found in tasks.read_text().split()]
    return []


def environment(stores: Mapping[str, str], variant: str = "outbox", lease: int = 12) -> dict[str, str]:
    """What the programs are started with."""
    return {
        **os.environ,
        **stores,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": "faults-only-" + "x" * 50,
        "DEMO": "1",
        "EMAIL_URL": "dummymail://",
        "OUTBOX_SWEEP_SECONDS": "1",
        "OUTBOX_LEASE_SECONDS": str(lease),
        "FAULT_VARIANT": variant,
        "THROTTLE_POST": "1000000/hour",
        "THROTTLE_PAGE": "1000000/min",
        "THROTTLE_SIGN_IN": "10000/min",
        "THROTTLE_SIGN_IN_ADDRESS": "10000/min",
        "LOG_LEVEL": "WARNING",
    }


def prepare(env: Mapping[str, str], database_url: str) -> None:
    """Tables, vocabulary and the demo's platforms; what loading them owed is no part of the experiment."""
    for command in _PREPARE:
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=dict(env), check=True, capture_output=True
        )
    with psycopg.connect(database_url.replace("postgres://", "postgresql://")) as connection:
        connection.execute("DELETE FROM core_outboxevent")


def add_receiver(database_url: str, address: str) -> None:
    """Have both enterprises' notices sent to the receiver too. One person reads mail, one sits in the zone's office:
    more of them would make more of the same work, and two cores have enough of it.
    """
    with psycopg.connect(database_url.replace("postgres://", "postgresql://")) as connection:
        connection.execute("UPDATE accounts_user SET email = '' WHERE username <> 'enterprise2'")
        connection.execute(
            """
            UPDATE accounts_user SET is_active = false WHERE id IN (
              SELECT user_id FROM accounts_membership WHERE role = 'zone_admin' ORDER BY user_id OFFSET 1)
            """
        )
        connection.execute(
            """
            INSERT INTO core_robot (uuid, organization_id, kind, name, address, secret, language, is_active, created_at)
            SELECT gen_random_uuid(), m.organization_id, 'webhook', 'receiver', %s, 'a secret of ours', 'zh-hans',
                   true, now()
            FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
            WHERE u.username IN ('enterprise', 'enterprise2')
            """,
            [address],
        )


@contextmanager
def running_processes(env: Mapping[str, str], folder: Path, workers: int = 2) -> Iterator[Processes]:
    processes = Processes(env, folder, workers)
    try:
        processes.start()
        yield processes
    finally:
        processes.stop()
