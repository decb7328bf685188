"""A backup is a dump and, written last, its manifest: a dump without one is unfinished."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .errors import BackupError
from .tables import Rows

STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the dump `file` holds, and how to tell that it is still the same."""

    file: str
    made_at: str
    product: str
    postgres: int
    bytes: int
    sha256: str
    migrations: list[str]
    tables: Rows

    @property
    def made(self) -> datetime:
        """When it was made, UTC."""
        return datetime.strptime(self.made_at, STAMP).replace(tzinfo=UTC)


def path_of(dump: Path) -> Path:
    """Where the manifest of a dump lies."""
    return dump.with_suffix(".json")


def write(manifest: Manifest, folder: Path) -> None:
    """Write it beside the dump, whole or not at all."""
    target = path_of(folder / manifest.file)
    unfinished = target.with_suffix(".json.part")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.chmod(0o600)
    unfinished.rename(target)


def read(dump: Path) -> Manifest:
    """Read the manifest of a dump; refuses when it is missing or no manifest."""
    try:
        return Manifest(**json.loads(path_of(dump).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BackupError(f"{dump.name} has no manifest: the backup was never finished.") from error
    except (ValueError, TypeError) as error:
        raise BackupError(f"{path_of(dump).name} is no manifest: {error}") from error


def all_in(folder: Path) -> list[Manifest]:
    """Finished backups in a folder, the newest first."""
    dumps = [path.with_suffix(".dump") for path in folder.glob("zhongshi-*.json")]
    return sorted((read(dump) for dump in dumps if dump.exists()), key=lambda manifest: manifest.made_at, reverse=True)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_file(dump: Path) -> Manifest:
    """Return the manifest if the dump is, byte for byte, what it describes; else refuses."""
    manifest = read(dump)
    if dump.stat().st_size != manifest.bytes or digest(dump) != manifest.sha256:
        raise BackupError(f"{dump.name} is not the file its manifest describes: damaged or replaced.")
    return manifest


def product_version() -> str:
    """The installed version, "" where the product runs from its folder."""
    try:
        return version("zhongshi")
    except PackageNotFoundError:
        return ""
