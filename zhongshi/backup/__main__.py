"""`python -m zhongshi.backup`: the database is DATABASE_URL, the folder BACKUP_FOLDER or --folder."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from . import manifests
from .errors import BackupError
from .making import make
from .restoring import restore, verify
from .rotation import Keep, rotate

RETRY_SECONDS = 300.0


def arguments() -> argparse.ArgumentParser:
    """What may be asked."""
    parser = argparse.ArgumentParser(prog="python -m zhongshi.backup", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("BACKUP_FOLDER") or "backups"))
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), help="DATABASE_URL, by default")
    asked = parser.add_subparsers(dest="asked", required=True)
    for name, words in (("make", "make one, then rotate"), ("every", "make one every so many hours, until stopped")):
        one = asked.add_parser(name, help=words)
        one.add_argument("--days", type=int, default=7)
        one.add_argument("--weeks", type=int, default=4)
        one.add_argument("--months", type=int, default=12)
        one.add_argument("--hours", type=float, default=24.0)
    asked.add_parser("list", help="what there is")
    fresh = asked.add_parser("fresh", help="ends with 1 when the newest is older than --hours")
    fresh.add_argument("--hours", type=float, default=26.0)
    for name, words in (("verify", "is the file whole"), ("restore", "into the empty database DATABASE_URL")):
        asked.add_parser(name, help=words).add_argument("dump", type=Path)
    return parser


def make_and_rotate(given: argparse.Namespace) -> None:
    """Make a backup, verify the file, delete what is too old."""
    manifest = make(given.database, given.folder)
    verify(given.folder / manifest.file)
    gone = rotate(given.folder, Keep(given.days, given.weeks, given.months))
    rows = sum(table["rows"] for table in manifest.tables.values())
    print(f"{manifest.file}: {rows} rows, {manifest.bytes} bytes; deleted {len(gone)}", flush=True)


def make_every(given: argparse.Namespace) -> None:
    """Make one whenever the newest is older than --hours; a failure is told and tried again after five minutes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        pause = age_left(given.folder, given.hours)
        if pause <= 0:
            try:
                make_and_rotate(given)
            except (BackupError, psycopg.Error, OSError) as error:
                print(f"backup failed: {error}", file=sys.stderr, flush=True)
                pause = RETRY_SECONDS
        stop.wait(max(1.0, min(pause, 3600.0)))


def age_left(folder: Path, hours: float) -> float:
    """Seconds until the newest backup is older than `hours`; 0 or less when it is, or there is none."""
    newest = next(iter(manifests.all_in(folder)), None)
    if newest is None:
        return 0.0
    return (newest.made + timedelta(hours=hours) - datetime.now(UTC)).total_seconds()


def answer(given: argparse.Namespace) -> int:
    """Do what was asked; returns the exit code."""
    match given.asked:
        case "make":
            make_and_rotate(given)
        case "every":
            make_every(given)
        case "list":
            for one in manifests.all_in(given.folder):
                rows = sum(table["rows"] for table in one.tables.values())
                print(f"{one.file}  {one.bytes} bytes  {rows} rows  PostgreSQL {one.postgres}  {one.product}")
        case "fresh":
            return 0 if age_left(given.folder, given.hours) > 0 else 1
        case "verify":
            print(f"{verify(given.dump).file}: whole")
        case "restore":
            done = restore(given.dump, given.database)
            print(f"{done.rows} rows as in the manifest; {done.freed} leases freed, {done.waiting} facts waiting")
    return 0


def main() -> int:
    """Answer, with a sentence instead of a stack when it is refused."""
    given = arguments().parse_args()
    try:
        return answer(given)
    except (BackupError, psycopg.Error, OSError) as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
