"""The service on this machine: stores, web, workers, beat, started for one measurement and stopped after it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis as redis_client

from zhongshi.embedded import redis as embedded_redis
from zhongshi.embedded.child import Child, spawn
from zhongshi.embedded.ground import CHECKOUT, Ground, temporary_ground
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.programs import programs_for
from zhongshi.embedded.roles import QUEUES, start_beat, wait_ready
from zhongshi.embedded.stores import open_stores

from .calling import Call, Line

_NEVER_REPLACED = ("--max-requests", "0")


@dataclass(slots=True)
class World:
    """Stores and settings all programs share; `redis` is ours, so that it may be killed and stopped."""

    env: dict[str, str]
    redis: embedded_redis.Redis
    ground: Ground
    database_url: str
    folder: Path
    postgres: int = 0

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """The answer of the database to one statement, in a transaction of its own."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            found = connection.execute(query.encode(), values or None)
            return found.fetchall() if found.description else []

    def number(self, query: str, *values: object) -> float:
        """The one number a query gives; 0 for null."""
        return float(str(self.rows(query, *values)[0][0] or 0))

    def stores(self) -> str:
        """PostgreSQL's version, and whether a commit waits for the disk: if not, posting looks faster than it is."""
        [(version, fsync, waits)] = self.rows(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
        return f"PostgreSQL {str(version).split()[0]} (fsync {fsync}, synchronous_commit {waits})"

    def crash_redis(self) -> None:
        """Gone at once, with everything in it."""
        self.redis.child.kill()

    def revive_redis(self) -> None:
        """Back on the same port with the same password, and empty."""
        parts = urlsplit(self.redis.url)
        programs = programs_for(self.ground)
        self.redis = embedded_redis._start(self.ground, programs, parts.port or 0, parts.password or "")  # noqa: SLF001


@contextmanager
def running_world(folder: Path) -> Iterator[World]:
    """PostgreSQL of DATABASE_URL, else one that keeps its files (and its promises: fsync on); Redis always our own."""
    with ExitStack() as stack:
        ground = stack.enter_context(temporary_ground())
        redis = embedded_redis.start_redis(ground, programs_for(ground))
        world = World({}, redis, ground, "", folder)
        stack.callback(lambda: world.redis.stop())  # noqa: PLW0108 - it may be another one by then
        named = {"DATABASE_URL": os.environ.get("DATABASE_URL", ""), "REDIS_URL": redis.url}
        data = Path(os.environ.get("DATA_DIR") or CHECKOUT / ".data" / "load")
        stores = stack.enter_context(open_stores({**named, "DATA_DIR": str(data)}, temporary=False))
        world.postgres = next((child.pid for child in stores.children if child.name == "postgres"), 0)
        world.env, world.database_url = _environment(stores.database_url, redis.url, folder), stores.database_url
        yield world


def _environment(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ},
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.load.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DEMO": "1",
        "EMAIL_URL": "dummymail://",
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONUNBUFFERED": "1",
    }


def command(env: Mapping[str, str], *words: str, cwd: Path = CHECKOUT) -> str:
    """Run one of the project's programs to its end; what it wrote."""
    done = subprocess.run([sys.executable, *words], cwd=cwd, env=dict(env), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


@dataclass(slots=True)
class Service:
    """Programs that run now. `web` and `work` may be called several times; `stop` ends all of them."""

    world: World
    cwd: Path = CHECKOUT
    more: Mapping[str, str] = field(default_factory=dict)
    recycles: bool = True
    port: int = field(default_factory=free_port)
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        return {**self.world.env, **self.more, "LOAD_RECYCLE": "1" if self.recycles else "0"}

    def web(self, processes: int) -> None:
        """gunicorn as in the Dockerfile, ready and with its catalogue in memory."""
        words = [
            sys.executable, "-m", "gunicorn", "-c", "python:zhongshi.gunicorn", "--bind", f"127.0.0.1:{self.port}",
            "--workers", str(processes), *(() if self.recycles else _NEVER_REPLACED), "zhongshi.wsgi:application",
        ]  # fmt: skip
        self.children["web"] = spawn("web", words, env=self.env, cwd=self.cwd)
        wait_ready(self.children["web"], self.port)
        # Each process holds the catalogue in memory, and builds it when first asked.
        for _ in range(12 * processes):
            Line(self.url).call(Call("GET", "/services/?q=GMP"))
        _until(self._is_built, 120)

    def _is_built(self) -> bool:
        seen = [Line(self.url).call(Call("GET", "/readyz"))[1] for _ in range(12)]
        return all(b"building" not in answer for answer in seen)

    def work(self, processes: int, *, name: str = "worker") -> None:
        """One Celery worker with so many processes, on every queue, and the clock beside it."""
        words = [
            sys.executable, "-m", "celery", "--quiet", "-A", "zhongshi.celery", "worker", "--without-gossip",
            "--without-mingle", "--loglevel", "WARNING", "-Q", QUEUES, "-c", str(processes), "-n", f"{name}@%h",
        ]  # fmt: skip
        self.children[name] = spawn(name, words, env=self.env, cwd=self.cwd)
        if "beat" not in self.children:
            self.children["beat"] = start_beat(self.env, self.world.folder / f"beat-{self.port}")

    def pause(self, name: str) -> None:
        """Let a program and all below it stand still."""
        self._signal(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: int) -> None:
        for pid in family(self.children[name].pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        for child in self.children.values():
            child.ask()
        for child in self.children.values():
            child.stop(15)
        self.children.clear()


@contextmanager
def running(world: World, *, web: int = 0, workers: int = 0, recycles: bool = True) -> Iterator[Service]:
    """The service with so many web and worker processes; nothing is left afterwards."""
    service = Service(world, recycles=recycles)
    try:
        if workers:
            service.work(workers)
        if web:
            service.web(web)
        yield service
    finally:
        service.stop()


def family(pid: int) -> list[int]:
    """The process and everything below it, its own number first."""
    found = [pid]
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += family(int(child))
    return found


def processor_seconds(*pids: int) -> float:
    """What these processes and all below them have used of the processors so far."""
    used = 0.0
    for one in {below for pid in pids if pid for below in family(pid)}:
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            # With those of children that ended: PostgreSQL's come and go.
            used += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return used


def drained(world: World, seconds: float) -> float:
    """Wait until nothing is owed that is due; how long it took, or `seconds` where something is left."""
    began = time.monotonic()
    _until(lambda: owed(world) == 0, seconds)
    return time.monotonic() - began


def owed(world: World) -> int:
    """Outbox rows that could run now, or run."""
    return int(
        world.number(
            "SELECT count(*) FROM core_outboxevent WHERE state IN ('pending', 'leased') AND available_at <= now()"
        )
    )


def forget_owed(world: World) -> None:
    """Drop what is owed: of needs that were posted only to see how fast that goes."""
    world.rows("DELETE FROM core_outboxevent WHERE state IN ('pending', 'leased')")
    redis_client.Redis.from_url(world.redis.url).flushall()


def _until(is_so: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.25)
    return False


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """For static files and the clock's memory."""
    with tempfile.TemporaryDirectory(prefix="zhongshi-load-") as folder:
        yield Path(folder)
