"""What a database holds: rows and a checksum for each table, and which migrations it has."""

from __future__ import annotations

from typing import Any

from psycopg import Connection, sql

Rows = dict[str, dict[str, Any]]
_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0"
)
# A sum over all rows: the order in which a table lies on the disk does not matter.
_SUM = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"


def look(connection: Connection[Any]) -> Rows:
    """Rows and checksum of each table in `public`, in the running transaction."""
    connection.execute(_SETTINGS)
    found: Rows = {}
    for name in names(connection):
        row = connection.execute(sql.SQL(_SUM).format(sql.Identifier("public", name))).fetchone()
        assert row is not None  # noqa: S101 - an aggregate has one row
        found[name] = {"rows": row[0], "checksum": row[1]}
    return found


def names(connection: Connection[Any]) -> list[str]:
    """Tables in `public`, by name."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    return [name for (name,) in connection.execute(query)]


def migrations(connection: Connection[Any]) -> list[str]:
    """Applied migrations as "app.name"."""
    query = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
    return [name for (name,) in connection.execute(query)]


def differences(expected: Rows, found: Rows) -> list[str]:
    """A sentence for each table that is missing, extra, or holds something else."""
    sentences = []
    for name in sorted({*expected, *found}):
        if name not in found:
            sentences.append(f"table {name} is missing")
        elif name not in expected:
            sentences.append(f"table {name} is not in the manifest")
        elif expected[name] != found[name]:
            rows = f"{expected[name]['rows']} rows in the manifest, {found[name]['rows']} here"
            sentences.append(f"table {name}: {rows}, checksums differ")
    return sentences
