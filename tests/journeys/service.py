"""The whole service as real processes on a database of its own: web, worker and beat with the demo's data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from zhongshi.embedded.child import Child
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.roles import start_beat, start_web, start_worker, wait_ready

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "zhongshi-demo"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_PREPARE = (["migrate", "--noinput"], ["load_vocabulary"], ["load_demo"])


@dataclass(frozen=True, slots=True)
class Service:
    """Where the running service answers, where its mails lie, its database, and its processes."""

    url: str
    mail_folder: Path
    database_url: str
    children: tuple[Child, ...]

    def look_up(self, query: str) -> str:
        """The one value `query` (SQL) finds, as text; for addresses that carry an id."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None, query
        return str(row[0])

    @contextmanager
    def worker_paused(self) -> Iterator[None]:
        """Nothing is scored inside."""
        worker = self.children[1]
        os.killpg(worker.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGCONT)


@contextmanager
def running_service(folder: Path) -> Iterator[Service]:
    """Start everything below `folder`; all of it is stopped, and the database dropped, at the end."""
    with ExitStack() as stack:
        database_url = stack.enter_context(_database())
        env = _environment(database_url, folder)
        for command in _PREPARE:
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)
        # Not before: until it is taken, anybody may be given the same.
        port = free_port()
        env = {**env, "SITE_URL": f"http://127.0.0.1:{port}"}
        web = start_web(env, port)
        stack.callback(web.stop)
        worker = start_worker(env, concurrency=1)
        stack.callback(worker.stop)
        beat = start_beat(env, folder / "celerybeat-schedule")
        stack.callback(beat.stop)
        assert wait_ready(web, port)
        plain_url = urlunsplit(urlsplit(database_url)._replace(scheme="postgresql"))
        yield Service(f"http://127.0.0.1:{port}", folder / "mail", plain_url, (web, worker, beat))


def _environment(database_url: str, folder: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhongshi.settings.development",
        "DATABASE_URL": database_url,
        # A Redis database of its own: a service beside this one must not take our messages.
        "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{_redis_database()}")),
        # The path of the address loses its first slash, so an absolute folder needs two.
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "SECRET_KEY": "journey-only-" + "x" * 50,
        "DEMO": "1",
        # Dozens of pages are opened by the same few accounts from one address.
        "THROTTLE_SIGN_IN": "1000/min",
        "THROTTLE_SIGN_IN_ADDRESS": "1000/min",
    }


def _redis_database() -> int:
    """3 and up: one for each process of the suite."""
    return 3 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@contextmanager
def _database() -> Iterator[str]:
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"journey_{uuid4().hex[:12]}"
    admin = urlunsplit(server._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlunsplit(server._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
