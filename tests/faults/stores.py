"""PostgreSQL that survives a crash and Redis that forgets everything, each on a port that stays."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis as redis_client

from zhongshi.embedded import postgres, redis
from zhongshi.embedded.ground import Ground, lasting_ground, temporary_ground
from zhongshi.embedded.programs import Programs, programs_for


class Stores:
    """Both servers; `crash_*` ends one as a power cut would and starts it again on the same port."""

    def __init__(self, ground: Ground, forgetful: Ground, programs: Programs) -> None:
        self._ground, self._forgetful, self._programs = ground, forgetful, programs
        self.postgres = postgres.start_postgres(ground, programs)
        self.redis = redis.start_redis(forgetful, programs)

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}

    def crash_postgres(self) -> None:
        """Every server process gone without a checkpoint; it recovers from its log."""
        port, password = _port(self.postgres.url), _password(self.postgres.url)
        os.kill(self.postgres.child.pid, signal.SIGQUIT)
        self.postgres.child.wait(10)
        self.postgres.child.kill()
        postgres._clear_stale_pid(self._ground.folder / "postgres" / "cluster")
        self.postgres = postgres._start(self._ground, self._programs, port, password)

    def crash_redis(self, seconds: float) -> None:
        """Killed, away for `seconds`, then back and empty."""
        self.stop_redis()
        time.sleep(seconds)
        self.start_redis()

    def stop_redis(self) -> None:
        """Killed, and away until `start_redis`."""
        self.redis.child.kill()

    def start_redis(self) -> None:
        """Back on its port, and empty."""
        port, password = _port(self.redis.url), _password(self.redis.url)
        self.redis = redis._start(self._forgetful, self._programs, port, password)

    def hang_redis(self, seconds: float) -> None:
        """There and silent for `seconds`: connections stand, nothing is answered."""
        pid = self.redis.child.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)

    def flush_redis(self) -> None:
        """Everything in it forgotten while it runs."""
        redis_client.Redis.from_url(self.redis.url).flushall()

    def stop(self) -> None:
        self.redis.stop()
        self.postgres.stop()


@contextmanager
def running_stores() -> Iterator[Stores]:
    """Start both in folders of their own; nothing is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhongshi-faults-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        ground = lasting_ground(_room(folder))
        with temporary_ground() as forgetful:
            stores = Stores(ground, forgetful, programs_for(forgetful))
            try:
                yield stores
            finally:
                stores.stop()


def _room(folder: str) -> Path:
    room = Path(folder) / "data"
    room.mkdir()
    with temporary_ground() as ground:
        os.chown(room, ground.account.uid, ground.account.gid)
    return room


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


def _password(url: str) -> str:
    return url.split("//", 1)[1].rpartition("@")[0].rpartition(":")[2]
