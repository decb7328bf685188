"""No migration breaks the release that still runs beside it; every kind of offence is found when planted."""

from __future__ import annotations

import django.db.models as m
import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from psycopg.errors import NotNullViolation, UniqueViolation

from matching.models import Match
from tests.deploy.migration_rule import APPS, offences, released, unreleased
from zhongshi.core.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_every_new_migration_keeps_the_rule() -> None:
    loader = MigrationLoader(connection, replace_migrations=False)

    assert offences(loader, unreleased(loader)) == []


def test_what_was_released_still_exists() -> None:
    assert released() - set(MigrationLoader(connection).disk_migrations) == set()


def planted(*steps: Operation, **marks: object) -> list[str]:
    """The sentences about a migration of `core` with these operations."""
    loader = MigrationLoader(connection, replace_migrations=False)
    leaf = next(key for key in loader.graph.leaf_nodes() if key[0] == "core")
    bad = type("Migration", (Migration,), {"operations": list(steps), "dependencies": [leaf], **marks})
    migration = bad("planted", "core")
    loader.graph.add_node(("core", "planted"), migration)
    loader.graph.add_dependency(migration, ("core", "planted"), leaf)
    loader.disk_migrations["core", "planted"] = migration
    return [line.partition(": ")[2] for line in offences(loader, [("core", "planted")])]


def nothing(*_: object) -> None:
    """A change of rows that changes none."""


ROUND = m.CheckConstraint(condition=m.Q(attempts__gte=0), name="planted")
INDEX = m.Index(fields=["topic"], name="planted")
CHANGES = {
    "a column goes": (
        [operations.RemoveField("outboxevent", "last_error")],
        ["DROP COLUMN while the last release may use it"],
    ),
    "a column gets another name": (
        [operations.RenameField("outboxevent", "last_error", "problem")],
        ["RENAME COLUMN while the last release may use it"],
    ),
    "a table goes": ([operations.DeleteModel("Pulse")], ["DROP TABLE while the last release may use it"]),
    "a table gets another name": (
        [operations.RenameModel("Pulse", "Sign")],
        ["RENAME TO while the last release may use it"],
    ),
    "a column without default": (
        [operations.AddField("outboxevent", "colour", m.CharField(max_length=9, default="red"))],
        ["column colour loses its default: the last release cannot insert (db_default keeps it)"],
    ),
    "a bare column that must be filled": (
        [operations.RunSQL("ALTER TABLE core_outboxevent ADD COLUMN colour text NOT NULL", operations.RunSQL.noop)],
        ["column colour is NOT NULL and the database gives no default"],
    ),
    "a column that was optional": (
        [operations.AlterField("outboxevent", "dispatched_at", m.DateTimeField())],
        ["column dispatched_at becomes NOT NULL while the last release may leave it out"],
    ),
    "another type": (
        [operations.AlterField("outboxevent", "attempts", m.CharField(max_length=9))],
        ["column attempts changes its type: the table is written anew"],
    ),
    "a shorter text": (
        [operations.AlterField("outboxevent", "key", m.CharField(max_length=20))],
        ["column key changes its type: the table is written anew"],
    ),
    "an index that locks": (
        [operations.AddIndex("outboxevent", INDEX)],
        ["index on core_outboxevent is not built CONCURRENTLY"],
    ),
    "a check that reads every row": (
        [operations.AddConstraint("outboxevent", ROUND)],
        ["CHECK on core_outboxevent is not added NOT VALID: every row is read under a lock"],
    ),
    "uniqueness that reads every row": (
        [operations.AddConstraint("auditentry", m.UniqueConstraint(fields=["note"], name="planted"))],
        ["UNIQUE on core_auditentry is not added NOT VALID: every row is read under a lock"],
    ),
    "data beside schema": (
        [
            operations.AddField("outboxevent", "colour", m.TextField(null=True)),
            operations.RunPython(nothing, nothing),
        ],
        ["data and schema in one migration"],
    ),
    "data beside schema in SQL": (
        [operations.RunSQL("UPDATE core_pulse SET at = now(); CREATE TABLE t ()", operations.RunSQL.noop)],
        ["data and schema in one migration"],
    ),
    "no way back": ([operations.RunPython(nothing)], ["RunPython has no way back"]),
    "no way back in SQL": ([operations.RunSQL("SELECT 1")], ["RunSQL has no way back"]),
    "a value for each row": (
        [operations.AddField("outboxevent", "mark", m.FloatField(db_default=m.functions.Random()))],
        ["column mark is computed for each row: the table is written anew"],
    ),
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_an_offence_is_found(change: str) -> None:
    steps, sentences = CHANGES[change]

    assert planted(*steps) == sentences


ALLOWED = {
    "a column that may be empty": [operations.AddField("outboxevent", "colour", m.TextField(null=True))],
    "a column the database fills": [
        operations.AddField("outboxevent", "colour", m.CharField(max_length=9, default="", db_default=""))
    ],
    "a longer text": [operations.AlterField("outboxevent", "key", m.CharField(max_length=400))],
    "a new table with all it wants": [
        operations.CreateModel("Colour", [("id", m.BigAutoField(primary_key=True)), ("name", m.TextField())]),
        operations.AddIndex("colour", m.Index(fields=["name"], name="planted")),
    ],
    "data alone": [
        operations.RunSQL("UPDATE core_pulse SET at = now()", operations.RunSQL.noop),
        operations.RunPython(nothing, nothing),
    ],
    "a check for new rows": [AddConstraintNotValid("outboxevent", ROUND)],
}


@pytest.mark.parametrize("change", sorted(ALLOWED))
def test_what_the_last_release_does_not_notice_is_allowed(change: str) -> None:
    assert planted(*ALLOWED[change]) == []


@pytest.mark.django_db(transaction=True)
def test_an_index_beside_the_work_is_allowed() -> None:
    assert planted(AddIndexConcurrently("outboxevent", INDEX), atomic=False) == []


def test_what_a_release_stopped_using_may_go() -> None:
    step = operations.RemoveField("outboxevent", "last_error")

    assert planted(step, contracts=("core", "0003_notice_channels")) == []
    assert planted(step, contracts=("core", "9999_of_this_release")) != []


# The database itself refuses changes here; no release makes any.
APPEND_ONLY = {"core_auditentry"}


def old_models() -> dict[str, type[m.Model]]:
    """The models of the last release, by table."""
    loader = MigrationLoader(connection, replace_migrations=False)
    last = {app: max(name for of, name in released() if of == app) for app in APPS}
    apps = loader.project_state(list(last.items())).apps
    return {model._meta.db_table: model for app in APPS for model in apps.get_app_config(app).get_models()}


def write_as_before(model: type[m.Model]) -> str:
    """Read, change and insert a row as the last release would; "no row", "written", or what the database refused."""
    row = model._default_manager.order_by("pk").first()
    if row is None:
        return "no row"
    if model._meta.db_table not in APPEND_ONLY:
        row.save()
    row.pk, row._state.adding = None, True
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Columns and NOT NULL are looked at before uniqueness: a copy that gets so far would have been taken.
        return "written" if isinstance(error.__cause__, UniqueViolation) else str(type(error.__cause__).__name__)
    return "written"


def test_the_last_release_writes_into_the_new_schema(lead: Match) -> None:
    OutboxEvent.objects.create(topic="t", handler="h", key="k", available_at=lead.need.created_at)
    AuditEntry.objects.create(action="x", object_kind="need", object_id=lead.need.uuid)
    answers = {table: write_as_before(model) for table, model in old_models().items()}
    written = {table for table, answer in answers.items() if answer == "written"}

    assert {table: answer for table, answer in answers.items() if answer not in {"written", "no row"}} == {}
    assert written >= {
        "accounts_user", "accounts_organization", "core_outboxevent", "core_auditentry", "matching_match",
        "platforms_capability", "platforms_platform", "requests_need", "requests_condition",
    }  # fmt: skip


def test_columns_of_the_last_release_are_there_and_new_ones_fill_themselves() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, is_nullable = 'YES' OR column_default IS NOT NULL "
            "OR is_identity = 'YES' OR is_generated = 'ALWAYS' FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
        now = {(table, column): fills for table, column, fills in cursor.fetchall()}
    models = old_models()
    before = {(table, field.column) for table, model in models.items() for field in model._meta.concrete_fields}

    assert before - set(now) == set()
    assert {key for key, fills in now.items() if key[0] in models and key not in before and not fills} == set()


def test_a_column_the_last_release_cannot_fill_is_felt(lead: Match) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE matching_match ADD COLUMN colour text NOT NULL DEFAULT ''")
        cursor.execute("ALTER TABLE matching_match ALTER COLUMN colour DROP DEFAULT")

    assert write_as_before(old_models()["matching_match"]) == NotNullViolation.__name__
