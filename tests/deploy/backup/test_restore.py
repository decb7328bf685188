"""A populated database is dumped, brought back into a new one, and the service runs on what came back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone
from psycopg import sql

from matching.models import Match
from tests.factories import MatchFactory, NeedFactory
from zhongshi.backup import manifests, tables
from zhongshi.backup.errors import BackupError
from zhongshi.backup.making import make
from zhongshi.backup.restoring import restore, verify
from zhongshi.core.models import OutboxEvent
from zhongshi.embedded.ground import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)


def url_of(name: str) -> str:
    """Where the database `name` of the tests' server is."""
    parts: dict[str, Any] = connections["default"].settings_dict
    login = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    return f"postgresql://{login}@{parts['HOST']}:{parts['PORT'] or 5432}/{name}"


@pytest.fixture
def source() -> str:
    return url_of(str(connections["default"].settings_dict["NAME"]))


@pytest.fixture
def empty() -> Iterator[str]:
    """A new database, gone afterwards."""
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield url_of(name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def populated(lead: Match) -> Match:
    """A lead with all its needs, more needs, and work in every state."""
    NeedFactory.create_batch(3)
    MatchFactory.create()
    now = timezone.now()
    lease = {"lease_until": now + timedelta(minutes=1), "lease_token": uuid.uuid4()}
    for key, state, more in (
        ("a", "pending", {}),
        ("b", "leased", lease),
        ("c", "done", {"done_at": now}),
        ("d", "dead", {}),
    ):
        OutboxEvent.objects.create(
            topic="need.opened",
            handler="planted",
            key=key,
            state=state,
            available_at=now,
            dispatched_at=now,
            payload={"文": "配方 \\ \t\"' 😀"},
            **more,
        )
    return lead


def contents(url: str) -> tables.Rows:
    with psycopg.connect(url) as connection:
        return tables.look(connection)


@pytest.mark.usefixtures("populated")
def test_everything_comes_back_as_it_was(source: str, empty: str, tmp_path: Path) -> None:
    before = contents(source)
    manifest = make(source, tmp_path)
    done = restore(tmp_path / manifest.file, empty)
    changed = {"core_outboxevent", "core_pulse"}
    after = contents(empty)

    assert manifest.tables == {**before, "core_pulse": manifest.tables["core_pulse"]}
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }
    assert before["requests_need"]["rows"] == 5
    assert after["core_outboxevent"]["rows"] == before["core_outboxevent"]["rows"]
    assert (done.freed, done.waiting >= 2) == (1, True)
    assert (tmp_path / manifest.file).stat().st_mode & 0o077 == 0
    with psycopg.connect(source) as connection:
        assert tables.migrations(connection) == manifest.migrations
        assert connection.execute("SELECT count(*) FROM core_pulse WHERE name = 'backup'").fetchone() == (1,)


@pytest.mark.usefixtures("populated")
def test_owed_work_goes_on_and_dead_work_stays_dead(source: str, empty: str, tmp_path: Path) -> None:
    restore(tmp_path / make(source, tmp_path).file, empty)
    query = "SELECT key, state, lease_token, dispatched_at IS NULL FROM core_outboxevent WHERE handler = 'planted'"
    with psycopg.connect(empty) as connection:
        found = {key: rest for key, *rest in connection.execute(query)}

    assert found == {
        "a": ["pending", None, True],
        "b": ["pending", None, True],
        "c": ["done", None, False],
        "d": ["dead", None, False],
    }


RUN = """
import os
import django
django.setup()
from django.test import Client
from matching.models import Match
from requests.models import Need
from tests.factories import NeedFactory
from zhongshi.accounts.models import User
from zhongshi.core import outbox
client = Client(SERVER_NAME="localhost")
print("ready", client.get("/readyz").status_code)
print("search", client.get("/services/").status_code, client.get("/api/v1/capabilities/").json()["count"])
match = Match.objects.filter(status="approved").select_related("need", "capability").first()
client.force_login(User.objects.get(username="enterprise"))
page = client.get(f"/needs/{match.need.number}/")
print("need", page.status_code, match.need.number in page.content.decode())
highest = max(Need.objects.values_list("pk", flat=True))
print("next", NeedFactory.create(number="N-2026-9999").pk > highest)
due = outbox.OutboxEvent.objects.filter(pk__in=outbox.due_ids(), handler="planted")
print("due", sorted(due.values_list("key", flat=True)))
"""


@pytest.mark.processes
@pytest.mark.usefixtures("populated")
def test_the_service_runs_on_what_came_back(source: str, empty: str, tmp_path: Path) -> None:
    restore(tmp_path / make(source, tmp_path).file, empty)
    env = {**os.environ, "DATABASE_URL": empty, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "ready 200",
        "search 200 2",
        "need 200 True",
        "next True",
        "due ['a', 'b']",
    ]


def test_a_database_with_tables_is_left_alone(source: str, tmp_path: Path) -> None:
    manifest = make(source, tmp_path)
    before = contents(source)
    with pytest.raises(BackupError, match=r"not empty \(\d+ tables\)"):
        restore(tmp_path / manifest.file, source)

    assert contents(source) == before


def test_a_damaged_file_is_refused(source: str, empty: str, tmp_path: Path) -> None:
    dump = tmp_path / make(source, tmp_path).file
    assert verify(dump).file == dump.name
    data = bytearray(dump.read_bytes())
    data[len(data) // 2] ^= 1
    dump.write_bytes(data)
    for attempt in (lambda: verify(dump), lambda: restore(dump, empty)):
        with pytest.raises(BackupError, match="damaged or replaced"):
            attempt()

    assert contents(empty) == {}


def test_contents_that_differ_from_the_manifest_are_told(source: str, empty: str, tmp_path: Path) -> None:
    dump = tmp_path / make(source, tmp_path).file
    path = manifests.path_of(dump)
    described = json.loads(path.read_text())
    described["tables"]["accounts_zone"]["rows"] += 1
    described["tables"]["gone"] = {"rows": 0, "checksum": "0"}
    path.write_text(json.dumps(described))
    with pytest.raises(BackupError, match=r"table accounts_zone: .* checksums differ; table gone is missing"):
        restore(dump, empty)


def test_a_dump_without_manifest_was_never_finished(tmp_path: Path) -> None:
    dump = tmp_path / "zhongshi-20261121T000000Z.dump"
    dump.write_bytes(b"PGDMP")
    with pytest.raises(BackupError, match="never finished"):
        verify(dump)


def test_a_failed_dump_leaves_nothing(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tmp_path / "bin" / "pg_dump"
    failing.parent.mkdir()
    with psycopg.connect(source) as connection:
        major = connection.info.server_version // 10_000
    failing.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) {major}.0' && exit\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", str(failing.parent), prepend=os.pathsep)
    folder = tmp_path / "backups"
    with pytest.raises(BackupError, match="pg_dump failed"):
        make(source, folder)

    assert list(folder.iterdir()) == []


def test_the_command_makes_lists_and_says_how_fresh(source: str, tmp_path: Path) -> None:
    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zhongshi.backup", "--folder", str(tmp_path), "--database", source, *words]
        return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert ask("fresh").returncode == 1
    made = ask("make")
    assert (made.returncode, made.stderr) == (0, "")
    name = made.stdout.partition(":")[0]
    assert ask("list").stdout.startswith(f"{name}  ")
    assert ask("fresh").returncode == 0
    assert ask("verify", str(tmp_path / name)).stdout == f"{name}: whole\n"
    refused = ask("restore", str(tmp_path / name))
    assert refused.returncode == 1
    assert refused.stderr.startswith("refused: The database is not empty")
