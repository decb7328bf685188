"""PostgreSQL of the wheel, started and stopped by us: TCP on 127.0.0.1 only, passwords only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from .child import Child, spawn
from .errors import EmbeddedError, explain_failure
from .ground import Ground
from .ports import LOOPBACK, on_free_port
from .programs import Programs

ROLE = DATABASE = "zhongshi"
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
# A temporary database may be lost with the machine; waiting for the disk would only slow the tests.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server and how to reach it (`url` holds the password)."""

    child: Child
    url: str

    def stop(self) -> None:
        self.child.stop(_STOP_SECONDS)


def start_postgres(ground: Ground, programs: Programs) -> Postgres:
    """A server with the database `zhongshi`, its files in `ground`/postgres; made on the first start.

    Refuses with a sentence: full disk, files of another major version, a server that does not come up.
    """
    home = ground.room("postgres")
    cluster = home / "cluster"
    if not cluster.exists():
        _initialise(home, ground, programs)
    _refuse_other_major(cluster, programs)
    _clear_stale_pid(cluster)
    password = (home / "password").read_text().strip()
    return on_free_port(lambda port: _start(ground, programs, port, password))


def _initialise(home: Path, ground: Ground, programs: Programs) -> None:
    _refuse_nameless(ground)
    # Under another name until complete, so that an interrupted start is not taken for a database.
    unfinished = home / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    password = home / "password"
    password.touch(mode=0o600)
    os.chown(password, ground.account.uid, ground.account.gid)
    password.write_text(secrets.token_urlsafe(24))
    command = [
        str(programs.initdb), "--pgdata", str(unfinished), "--username", ROLE, "--pwfile", str(password),
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", *([] if ground.lasting else ["--no-sync"]),
    ]  # fmt: skip
    finished = subprocess.run(
        command,
        env=_ENVIRONMENT,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        **ground.account.run_as,
    )
    if finished.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise explain_failure("Creating the database", finished.stdout.splitlines())
    unfinished.rename(home / "cluster")


def _refuse_nameless(ground: Ground) -> None:
    """initdb insists on a name for the account, which a container started with a bare number lacks."""
    try:
        pwd.getpwuid(ground.account.uid)
    except KeyError as error:
        raise EmbeddedError(
            f"User number {ground.account.uid} has no name in /etc/passwd, which PostgreSQL insists on: "
            "start as a named user, or set DATABASE_URL."
        ) from error


def _refuse_other_major(cluster: Path, programs: Programs) -> None:
    written = (cluster / "PG_VERSION").read_text().strip()
    brought = subprocess.run([str(programs.postgres), "--version"], capture_output=True, text=True, check=True)
    major = brought.stdout.split()[-1].partition(".")[0]
    if written != major:
        raise EmbeddedError(
            f"{cluster} was written by PostgreSQL {written}, but PostgreSQL {major} is installed: move the "
            "folder away, or dump it with the old version and load the dump."
        )


def _clear_stale_pid(cluster: Path) -> None:
    """After a crash the number in `postmaster.pid` may be anybody's; end it only if it is this cluster's.

    The caller holds the lock of the folder, so a server still running here is an orphan.
    """
    file = cluster / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if _serves(pid, cluster):
        os.kill(pid, signal.SIGINT)
        _wait_gone(pid, cluster)
    file.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(cluster) in command


def _wait_gone(pid: int, cluster: Path) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while _serves(pid, cluster):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def _start(ground: Ground, programs: Programs, port: int, password: str) -> Postgres:
    home = ground.folder / "postgres"
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        # A socket's path may have 107 bytes, which a checkout's or TMPDIR's easily has: none at all.
        "unix_socket_directories": "",
        "log_checkpoints": "off",
        "timezone": "UTC",
        **({} if ground.lasting else {**_CARELESS, "max_wal_senders": "0"}),
    }
    options = [part for name, setting in settings.items() for part in ("-c", f"{name}={setting}")]
    child = spawn(
        "postgres",
        [str(programs.postgres), "-D", str(home / "cluster"), *options],
        env=_ENVIRONMENT,
        cwd=home,
        account=ground.account,
        polite=signal.SIGINT,
    )
    try:
        _wait_ready(child, port, password)
    except BaseException:
        child.stop()
        raise
    return Postgres(child, f"postgres://{ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE}")


def _wait_ready(child: Child, port: int, password: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if not child.alive():
            raise explain_failure("Starting PostgreSQL", child.tail())
        try:
            _ensure_database(port, password)
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise explain_failure(f"Starting PostgreSQL within {_START_SECONDS:.0f} s", child.tail())


def _ensure_database(port: int, password: str) -> None:
    # `options` and `sslmode` said here, so that PGOPTIONS and PGSSLMODE of the shell do not reach us.
    with psycopg.connect(
        host=LOOPBACK, port=port, user=ROLE, password=password, dbname="postgres",
        autocommit=True, connect_timeout=5, options="", sslmode="disable",
    ) as connection:  # fmt: skip
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
