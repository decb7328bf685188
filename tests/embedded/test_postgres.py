"""The embedded PostgreSQL: data kept, crashes survived, refusals told in one sentence."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from zhongshi.embedded.errors import EmbeddedError
from zhongshi.embedded.ground import Ground, lasting_ground
from zhongshi.embedded.postgres import Postgres, start_postgres
from zhongshi.embedded.programs import programs_for

from .conftest import descendants, left_after


@contextmanager
def running(ground: Ground) -> Iterator[Postgres]:
    postgres = start_postgres(ground, programs_for(ground))
    try:
        yield postgres
    finally:
        postgres.stop()


def write_note(postgres: Postgres, text: str) -> None:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def read_notes(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY text")]


def test_a_second_start_keeps_the_data_even_after_a_crash(ground: Ground) -> None:
    with running(ground) as first:
        write_note(first, "before")
        started = {first.child.pid, *descendants(first.child.pid)}
        first.child.kill()
        # PostgreSQL refuses a folder whose memory a helper of the crashed server still holds.
        assert left_after(started) == set()
    stale = ground.folder / "postgres" / "cluster" / "postmaster.pid"
    lines = stale.read_text().split("\n", 1)
    # The number of the crashed server now belongs to somebody else, who must not be harmed.
    with subprocess.Popen(["sleep", "60"]) as bystander:
        stale.write_text("\n".join([str(bystander.pid), lines[1]]))
        with running(ground) as second:
            write_note(second, "中试")
            assert read_notes(second) == ["before", "中试"]
        assert bystander.poll() is None
        bystander.kill()


def test_ends_the_orphan_of_an_earlier_supervisor(ground: Ground) -> None:
    with running(ground) as orphan:
        write_note(orphan, "kept")
        with running(ground) as fresh:
            assert left_after({orphan.child.pid}) == set()
            assert read_notes(fresh) == ["kept"]


def test_starts_after_an_interrupted_creation(ground: Ground) -> None:
    unfinished = ground.room("postgres") / "cluster.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with running(ground) as postgres:
        assert not unfinished.exists()
        with psycopg.connect(postgres.url) as connection:
            found = connection.execute(
                "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database "
                "WHERE datname = 'zhongshi'"
            ).fetchone()
        assert found == ("b", "C.UTF-8", "UTF8")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url, password="guess")
    assert (ground.folder / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_refuses_files_of_another_major_version(ground: Ground) -> None:
    cluster = ground.room("postgres") / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was written by PostgreSQL 17, but PostgreSQL 18 is installed"):
        start_postgres(ground, programs_for(ground))


def test_a_full_disk_is_called_a_full_disk(ground: Ground, open_folder: Path) -> None:
    small = open_folder / "small"
    small.mkdir(mode=0o711)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m,mode=711", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("only root can make a small disk")
    try:
        programs = programs_for(ground)
        with pytest.raises(EmbeddedError, match="Creating the database failed: the disk is full"):
            start_postgres(lasting_ground(small), programs)
        assert os.listdir(small / "postgres") == ["password"]  # noqa: PTH208
    finally:
        subprocess.run(["umount", str(small)], check=True)
