"""Make a backup: dump and manifest see the same moment."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from . import manifests, tables
from .manifests import Manifest
from .programs import program, run

_PULSE = "INSERT INTO core_pulse (name, at) VALUES ('backup', now()) ON CONFLICT (name) DO UPDATE SET at = excluded.at"


def make(url: str, folder: Path) -> Manifest:
    """Dump the database `url` into `folder`, with its manifest. Nothing is locked: the service goes on.

    The transaction lends its snapshot to pg_dump, so that counts and checksums are those of the dump.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_at = datetime.now(UTC).strftime(manifests.STAMP)
    dump = folder / f"zhongshi-{made_at}.dump"
    with psycopg.connect(url, autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        major = connection.info.server_version // 10_000
        _dump(url, dump, str(snapshot[0]) if snapshot else "", major)
        manifest = Manifest(
            file=dump.name,
            made_at=made_at,
            product=manifests.product_version(),
            postgres=major,
            bytes=dump.stat().st_size,
            sha256=manifests.digest(dump),
            migrations=tables.migrations(connection),
            tables=tables.look(connection),
        )
    manifests.write(manifest, folder)
    with psycopg.connect(url) as connection:
        connection.execute(_PULSE)
    return manifest


def _dump(url: str, dump: Path, snapshot: str, major: int) -> None:
    unfinished = dump.with_suffix(".dump.part")
    # Made before pg_dump opens it, so that nobody else can read it from its first byte on.
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        run(
            program("pg_dump", major),
            "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--file={unfinished}",
            url=url,
        )  # fmt: skip
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(dump)
