"""Expand, migrate, contract: what a migration may do while the code before it still serves.

A migration listed in `released_migrations.txt` has been deployed. All others are held against the rule by the SQL they
would run: neither break the code of the last release, nor lock a table that has rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import sqlparse
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AlterField, RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

RELEASED = Path(__file__).with_name("released_migrations.txt")
APPS = ("core", "accounts", "vocabulary", "platforms", "requests", "matching")
# Bounded by hand, not by use: a lock on them is over before anybody notices.
SMALL_TABLES = {"core_pulse", "accounts_zone", "matching_rulesversion"}
Key = tuple[str, str]

_TABLE = r'(?:ONLY )?"?(\w+)"?'
_GONE = re.compile(r"\b(DROP TABLE|DROP COLUMN|RENAME COLUMN|RENAME TO)\b", re.IGNORECASE)
_CREATES = re.compile(rf"^CREATE TABLE (?:IF NOT EXISTS )?{_TABLE}", re.IGNORECASE)
_ALTERS = re.compile(rf"^ALTER TABLE (?:IF EXISTS )?{_TABLE}", re.IGNORECASE)
_INDEXES = re.compile(rf"^CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?.*? ON {_TABLE}", re.IGNORECASE)
_ADDS_COLUMN = re.compile(r'ADD COLUMN (?:IF NOT EXISTS )?"?(\w+)"? ([^;]*)', re.IGNORECASE)
_FORGETS_DEFAULT = re.compile(r'ALTER COLUMN "?(\w+)"? DROP DEFAULT', re.IGNORECASE)
_RETYPES = re.compile(r'ALTER COLUMN "?(\w+)"? TYPE ', re.IGNORECASE)
_REQUIRES = re.compile(r'ALTER COLUMN "?(\w+)"? SET NOT NULL', re.IGNORECASE)
_CONSTRAINS = re.compile(r'ADD CONSTRAINT "?\w+"? (UNIQUE|CHECK|FOREIGN KEY|EXCLUDE|PRIMARY KEY)(.*)', re.IGNORECASE)
_COMPUTED = re.compile(
    r"\b(gen_random_uuid|uuid_generate_v4|random|clock_timestamp|nextval)\s*\(|GENERATED .* STORED", re.IGNORECASE
)
_DATA = re.compile(r"^(UPDATE|INSERT|DELETE)\b", re.IGNORECASE)
_SCHEMA = re.compile(r"^(CREATE|ALTER|DROP)\b", re.IGNORECASE)


def released() -> set[Key]:
    """The migrations that have been deployed, as (app, name)."""
    lines = RELEASED.read_text(encoding="utf-8").split()
    return {(app, name) for app, _, name in (line.partition(".") for line in lines)}


def unreleased(loader: MigrationLoader) -> list[Key]:
    """Our migrations that are not deployed yet, in the order in which they run."""
    done, found = released(), []
    for leaf in loader.graph.leaf_nodes():
        found += [key for key in loader.graph.forwards_plan(leaf) if key[0] in APPS and key not in done]
    return list(dict.fromkeys(found))


def offences(loader: MigrationLoader, keys: list[Key]) -> list[str]:
    """What the migrations `keys`, run in this order, do against the rule: "app.name: sentence"."""
    fresh: set[str] = set(SMALL_TABLES)
    found = []
    for key in keys:
        migration = loader.graph.nodes[key]
        before = loader.project_state(key, at_end=False)
        statements = list(_statements(loader, migration))
        fresh |= {match[1] for text in statements if (match := _CREATES.match(text))}
        sentences = [*_of_operations(migration), *_of_sql(migration, statements, fresh, _widened(migration, before))]
        found += [f"{key[0]}.{key[1]}: {sentence}" for sentence in dict.fromkeys(sentences)]
    return found


def _statements(loader: MigrationLoader, migration: Migration) -> Iterator[str]:
    for chunk in loader.collect_sql([(migration, False)]):
        for statement in sqlparse.split(sqlparse.format(chunk, strip_comments=True)):
            text = " ".join(statement.split())
            if text not in {"", "BEGIN;", "COMMIT;"}:
                yield text


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _of_operations(migration: Migration) -> Iterator[str]:
    for operation in _flat(migration.operations):
        if not operation.reversible:
            yield f"{type(operation).__name__} has no way back"


def _of_sql(migration: Migration, statements: list[str], fresh: set[str], widened: set[str]) -> Iterator[str]:
    added: dict[str, set[str]] = {}
    is_data = any(isinstance(operation, RunPython) for operation in _flat(migration.operations))
    is_data = is_data or any(_DATA.match(text) for text in statements)
    if is_data and any(_SCHEMA.match(text) for text in statements):
        yield "data and schema in one migration"
    for text in statements:
        if (match := _INDEXES.match(text)) and match[2] not in fresh and not match[1]:
            yield f"index on {match[2]} is not built CONCURRENTLY"
        if (match := _GONE.search(text)) and not _is_contract(migration):
            yield f"{match[1].upper()} while the last release may use it"
        if (match := _ALTERS.match(text)) and match[1] not in fresh:
            columns = added.setdefault(match[1], set())
            yield from _of_column(migration, text, columns, widened)
            yield from _of_constraint(text, match[1])


def _of_column(migration: Migration, text: str, added: set[str], widened: set[str]) -> Iterator[str]:
    if match := _ADDS_COLUMN.search(text):
        added.add(match[1])
        column = match[2].upper()
        if "NOT NULL" in column and "DEFAULT" not in column:
            yield f"column {match[1]} is NOT NULL and the database gives no default"
        if _COMPUTED.search(match[2]):
            yield f"column {match[1]} is computed for each row: the table is written anew"
    if (match := _FORGETS_DEFAULT.search(text)) and match[1] in added:
        yield f"column {match[1]} loses its default: the last release cannot insert (db_default keeps it)"
    if (match := _RETYPES.search(text)) and match[1] not in widened:
        yield f"column {match[1]} changes its type: the table is written anew"
    if (match := _REQUIRES.search(text)) and not _is_contract(migration):
        yield f"column {match[1]} becomes NOT NULL while the last release may leave it out"


def _of_constraint(text: str, table: str) -> Iterator[str]:
    match = _CONSTRAINS.search(text)
    if match and not re.search(r"NOT VALID|USING INDEX", match[2], re.IGNORECASE):
        yield f"{match[1]} on {table} is not added NOT VALID: every row is read under a lock"


def _is_contract(migration: Migration) -> bool:
    """Whether it names the released migration since which nobody uses what it takes away: `contracts = (app, name)`."""
    return getattr(migration, "contracts", None) in released()


def _widened(migration: Migration, before: ProjectState) -> set[str]:
    """Columns that only become longer text, which PostgreSQL notes without touching a row."""
    state, found = before.clone(), set()
    for operation in migration.operations:
        if isinstance(operation, AlterField):
            model = state.apps.get_model(migration.app_label, operation.model_name)
            old = model._meta.get_field(operation.name)
            if _is_longer(old.db_type(connection), operation.field.db_type(connection)):
                found.add(old.column)
        operation.state_forwards(migration.app_label, state)
    return found


def _is_longer(old: str | None, new: str | None) -> bool:
    sizes = [re.fullmatch(r"varchar\((\d+)\)", kind or "") for kind in (old, new)]
    if sizes[0] and sizes[1]:
        return int(sizes[1][1]) >= int(sizes[0][1])
    return new == "text" and (old == "text" or sizes[0] is not None)
