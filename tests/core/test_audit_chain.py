"""The trail refuses to be changed, its seals show whatever was, and a dump carries both."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.factories import OrganizationFactory
from zhongshi.accounts.models import Organization
from zhongshi.backup.programs import program
from zhongshi.core import audit_anchor, audit_chain
from zhongshi.core.audit import record
from zhongshi.core.audit_check import Walk, read_anchors, walk
from zhongshi.core.models import AuditEntry, AuditSeal

TABLES = ("core_auditentry", "core_auditseal")


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []


def alter(table: str, change: str) -> None:
    # Foreign keys are checked first: PostgreSQL alters no table with checks to come.
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} {change}")


@contextmanager
def triggers_off() -> Iterator[None]:
    """What somebody does who owns the tables and wants the trail to say something else."""
    for table in TABLES:
        alter(table, "DISABLE TRIGGER audit_keep")
    yield
    for table in TABLES:
        alter(table, "ENABLE ALWAYS TRIGGER audit_keep")


def entries(number: int, organization: Organization | None = None) -> list[int]:
    organization = organization or OrganizationFactory.create()
    return [record("looked", organization, actor=None, note=f"第{n}次", detail={"n": n}).pk for n in range(number)]


@pytest.fixture
def ids(db: None) -> list[int]:
    """Ten sealed entries; before the sixth an id was drawn and rolled back."""
    organization = OrganizationFactory.create()
    found = entries(5, organization)
    sql("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
    found += entries(5, organization)
    assert audit_chain.seal() == 10
    return found


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {}",
        "DELETE FROM {}",
        "DELETE FROM {} WHERE false",
        "TRUNCATE {}",
        "SET session_replication_role = replica; DELETE FROM {}",
    ],
)
def test_the_database_refuses(table: str, statement: str, ids: list[int]) -> None:
    alter(table, "ENABLE ALWAYS TRIGGER audit_keep_all")
    change = "note = ''" if table == TABLES[0] else "digest = ''"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement.format(table, change))
    assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (10, 10)


def test_models_cannot_either(ids: list[int]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=ids[0]).update(note="nothing happened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.get(pk=ids[0]).delete()


def test_the_chain_goes_on_where_it_ended(ids: list[int]) -> None:
    more = entries(3)
    assert (audit_chain.waiting(), audit_chain.seal(most=2), audit_chain.seal(), audit_chain.seal()) == (3, 2, 1, 0)
    links = list(AuditSeal.objects.order_by("sequence"))
    assert [(link.sequence, link.entry_id) for link in links] == list(enumerate([*ids, *more], start=1))
    assert [link.previous for link in links] == ["", *(link.digest for link in links[:-1])]
    assert walk() == Walk(13, links[-1].digest)


def _change(ids: list[int]) -> int:
    sql("UPDATE core_auditentry SET note = '第9次' WHERE id = %s", ids[4])
    return ids[4]


def _change_detail(ids: list[int]) -> int:
    sql('UPDATE core_auditentry SET detail = \'{"n": 2, "m": null}\' WHERE id = %s', ids[2])
    return ids[2]


def _change_time(ids: list[int]) -> int:
    sql("UPDATE core_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", ids[9])
    return ids[9]


def _delete(ids: list[int]) -> int:
    sql("DELETE FROM core_auditentry WHERE id = %s", ids[6])
    return ids[6]


def _delete_with_seal(ids: list[int]) -> int:
    sql("DELETE FROM core_auditentry WHERE id = %s", ids[6])
    sql("DELETE FROM core_auditseal WHERE entry_id = %s", ids[6])
    return ids[7]


def _insert_between(ids: list[int]) -> int:
    columns = "at, zone_code, action, object_kind, object_id, from_status, to_status, note, detail"
    new = ids[4] + 1
    source = "FROM core_auditentry WHERE id = %s"
    sql(f"INSERT INTO core_auditentry (id, {columns}) SELECT %s, {columns} {source}", new, ids[4])
    return new


def _reorder(ids: list[int]) -> int:
    columns = "at, actor_id, zone_code, action, object_kind, object_id, from_status, to_status, note, detail"
    both = f"({columns}) = (SELECT {columns} FROM core_auditentry other WHERE other.id = %s + %s - core_auditentry.id)"  # noqa: S608
    change = f"UPDATE core_auditentry SET {both} WHERE id IN (%s, %s)"  # noqa: S608
    sql(change, ids[2], ids[3], ids[2], ids[3])
    return ids[2]


def _reorder_seals(ids: list[int]) -> int:
    sql("UPDATE core_auditseal SET entry_id = -entry_id WHERE entry_id IN (%s, %s)", ids[2], ids[3])
    sql("UPDATE core_auditseal SET entry_id = %s + %s + entry_id WHERE entry_id < 0", ids[2], ids[3])
    return ids[3]


@pytest.mark.parametrize(
    "tamper",
    [_change, _change_detail, _change_time, _delete, _delete_with_seal, _insert_between, _reorder, _reorder_seals],
)
def test_tampering_is_found_at_its_first_row(tamper: Callable[[list[int]], int], ids: list[int]) -> None:
    with triggers_off():
        first = tamper(ids)
    found = walk()
    assert (found.entry_id, bool(found.problem)) == (first, True), found
    with pytest.raises(CommandError, match=f"broken after {found.links} good links.*{first}"):
        call_command("audit_verify", stdout=StringIO())


def test_only_an_anchor_sees_the_end_cut_off(ids: list[int], tmp_path: Path, settings: Any) -> None:
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    audit_anchor.anchor()
    with triggers_off():
        sql("DELETE FROM core_auditentry WHERE id >= %s", ids[8])
        sql("DELETE FROM core_auditseal WHERE entry_id >= %s", ids[8])
    assert walk().problem == ""
    with pytest.raises(CommandError, match="ends at link 8, but an anchor names link 10"):
        call_command("audit_verify", anchors=[settings.AUDIT_ANCHOR_FILE], stdout=StringIO())


def test_only_an_anchor_sees_a_chain_written_anew(ids: list[int]) -> None:
    anchors = read_anchors([audit_anchor.anchor()])
    with triggers_off():
        sql("UPDATE core_auditentry SET note = '' WHERE id = %s", ids[1])
        sql("DELETE FROM core_auditseal")
    audit_chain.seal()
    assert walk().problem == ""
    assert walk(anchors).problem == "link 10 is not the one its anchor names: the chain was written anew"


def test_the_command_says_what_holds(ids: list[int], tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"2026-11-21 WARNING zhongshi.audit {audit_anchor.anchor()}\nanother line\n", encoding="utf-8")
    entries(1)
    said = StringIO()
    call_command("audit_verify", anchors=[str(log)], stdout=said)
    assert said.getvalue().startswith("10 links hold, 1 anchors agree, 1 entries not sealed yet.\nlast digest ")


def test_an_anchor_before_the_first_seal_is_none(db: None) -> None:
    assert audit_anchor.anchor() == ""
    assert walk() == Walk(0, "")


@pytest.mark.django_db(transaction=True)
def test_entries_that_commit_late_are_waited_for() -> None:
    """A writer that drew the lower id and commits last: nothing is sealed past it, and nothing is left out."""
    organization = OrganizationFactory.create()
    written, go_on = Event(), Event()
    late: list[int] = []

    def write_slowly() -> None:
        with transaction.atomic():
            late.extend(entries(1, organization))
            written.set()
            go_on.wait(30)
        connection.close()

    writer = Thread(target=write_slowly)
    writer.start()
    written.wait(30)
    early = entries(2, organization)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(audit_chain, "PATIENCE_SECONDS", 0.0)
    assert audit_chain.seal() == 0
    monkey.undo()
    go_on.set()
    assert audit_chain.seal() == 3
    writer.join()
    assert list(AuditSeal.objects.order_by("sequence").values_list("entry_id", flat=True)) == [*late, *early]


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_the_sealer() -> None:
    """While a sealer holds its lock, entries are written at once; a second sealer goes away."""
    organization = OrganizationFactory.create()
    entries(1, organization)
    results: list[int] = []

    def beside() -> None:
        sql("SET lock_timeout = '1s'")
        results.append(audit_chain.seal())
        entries(1, organization)
        results.append(AuditEntry.objects.count())
        connection.close()

    with transaction.atomic():
        sql("SELECT pg_advisory_xact_lock(%s)", audit_chain._LOCK)
        other = Thread(target=beside)
        other.start()
        other.join()
    assert results == [0, 2]
    assert audit_chain.seal() == 2


@pytest.mark.django_db(transaction=True)
def test_a_dump_restores_with_triggers_and_chain(tmp_path: Path) -> None:
    programs = [program(name, connection.pg_version // 10_000) for name in ("pg_dump", "pg_restore")]
    entries(5)
    audit_chain.seal()
    alter("core_auditentry", "ENABLE ALWAYS TRIGGER audit_keep_all")
    before = sql("SELECT sequence, digest FROM core_auditseal ORDER BY 1")
    config = connection.settings_dict
    copy = f"{config['NAME']}_copy"
    place = ["-h", config["HOST"] or "", "-p", str(config["PORT"]), "-U", config["USER"]]
    environment = {**os.environ, "PGPASSWORD": config["PASSWORD"] or ""}
    try:
        subprocess.run([programs[0], *place, "-Fc", "-f", tmp_path / "d", config["NAME"]], check=True, env=environment)
        sql(f'CREATE DATABASE "{copy}"')
        subprocess.run([programs[1], *place, "--no-owner", "-d", copy, tmp_path / "d"], check=True, env=environment)
        with _connected(copy) as cursor:
            cursor.execute("SELECT sequence, digest FROM core_auditseal ORDER BY 1")
            assert cursor.fetchall() == before
            with pytest.raises(Exception, match="append-only"):
                cursor.execute("DELETE FROM core_auditentry")
    finally:
        alter("core_auditentry", "DISABLE TRIGGER audit_keep_all")
        sql(f'DROP DATABASE IF EXISTS "{copy}"')


@contextmanager
def _connected(name: str) -> Iterator[Any]:
    own = connection.copy()
    own.settings_dict = {**connection.settings_dict, "NAME": name}
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()
