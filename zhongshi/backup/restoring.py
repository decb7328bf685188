"""Bring a backup back, into an empty database only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg

from . import manifests, tables
from .errors import BackupError
from .manifests import Manifest
from .programs import program, run

# Whoever held a row is gone; what waits is announced at once by the next sweep.
_FREE = (
    "UPDATE core_outboxevent SET state = 'pending', lease_until = NULL, lease_token = NULL, dispatched_at = NULL "
    "WHERE state = 'leased'"
)
_ANNOUNCE = "UPDATE core_outboxevent SET dispatched_at = NULL WHERE state = 'pending'"
# They tell of workers and backups of another time.
_FORGET = "DELETE FROM core_pulse"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    manifest: Manifest
    rows: int
    freed: int
    waiting: int


def verify(dump: Path) -> Manifest:
    """Return the manifest if the file is whole and pg_restore can read its contents; else refuses."""
    manifest = manifests.check_file(dump)
    run(program("pg_restore", manifest.postgres), "--list", str(dump), url="")
    return manifest


def restore(dump: Path, url: str) -> Restored:
    """Fill the empty database `url` from `dump`, hold it against the manifest, and let owed work go on.

    Refuses a database that has tables, a damaged file, and contents that differ from the manifest. pg_restore works in
    one transaction: after a failure the database is empty again.
    """
    manifest = manifests.check_file(dump)
    with psycopg.connect(url) as connection:
        if found := tables.names(connection):
            raise BackupError(f"The database is not empty ({len(found)} tables): restore into a new one.")
        major = connection.info.server_version // 10_000
    run(
        program("pg_restore", major),
        "--dbname", str(psycopg.conninfo.conninfo_to_dict(url).get("dbname") or ""),
        "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump),
        url=url,
    )  # fmt: skip
    with psycopg.connect(url) as connection:
        if wrong := tables.differences(manifest.tables, tables.look(connection)):
            raise BackupError("The contents differ from the manifest: " + "; ".join(wrong))
        freed = connection.execute(_FREE).rowcount
        waiting = connection.execute(_ANNOUNCE).rowcount
        connection.execute(_FORGET)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return Restored(manifest, sum(table["rows"] for table in manifest.tables.values()), freed, waiting)
