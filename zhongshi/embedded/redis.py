"""Redis of the wheel, started and stopped by us: 127.0.0.1 only, password only."""

import secrets
import socket
import time
from dataclasses import dataclass

from .child import Child, spawn
from .errors import explain_failure
from .ground import Ground
from .ports import LOOPBACK, on_free_port
from .programs import Programs

_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Redis:
    """A running server and how to reach it (`url` holds the password)."""

    child: Child
    url: str

    def stop(self) -> None:
        self.child.stop()


def start_redis(ground: Ground, programs: Programs) -> Redis:
    """A server with its files in `ground`/redis; what it holds outlives a restart on a lasting ground."""
    ground.room("redis")
    return on_free_port(lambda port: _start(ground, programs, port, secrets.token_urlsafe(24)))


def _start(ground: Ground, programs: Programs, port: int, password: str) -> Redis:
    home = ground.folder / "redis"
    # Over standard input: an argument list is public, a file would outlive us.
    settings = [
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{home}"',
        f"appendonly {'yes' if ground.lasting else 'no'}",
        'save ""',
        "maxmemory-policy noeviction",
        "daemonize no",
    ]
    child = spawn(
        "redis",
        [str(programs.redis_server), "-"],
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        cwd=home,
        account=ground.account,
        stdin="\n".join(settings) + "\n",
    )
    try:
        _wait_ready(child, port, password)
    except BaseException:
        child.stop()
        raise
    return Redis(child, f"redis://:{password}@{LOOPBACK}:{port}/0")


def _wait_ready(child: Child, port: int, password: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if not child.alive():
            raise explain_failure("Starting Redis", child.tail())
        if _answers(port, password):
            return
        time.sleep(0.02)
    raise explain_failure(f"Starting Redis within {_START_SECONDS:.0f} s", child.tail())


def _answers(port: int, password: str) -> bool:
    """Whether it answers PING; while it still reads its file it answers LOADING."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False
