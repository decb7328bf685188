"""Where the servers' files lie: in the checkout, in a private folder beside it, or in a temporary one."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .account import Account, store_account
from .errors import EmbeddedError
from .guard_client import guard

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder that belongs to `account` and that no other account can enter."""

    folder: Path
    account: Account
    lasting: bool

    def room(self, name: str) -> Path:
        """A private folder of that name, made when missing."""
        room = self.folder / name
        room.mkdir(mode=0o700, exist_ok=True)
        os.chown(room, self.account.uid, self.account.gid)
        return room


def data_folder(environ: Mapping[str, str]) -> Path:
    """DATA_DIR, else `.data` of the checkout; made when missing. Refuses one that is somebody else's."""
    folder = Path(environ.get("DATA_DIR") or CHECKOUT / ".data").absolute()
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            # Root's servers run under another account, which must get through, though not look around.
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise EmbeddedError(f"Cannot make {folder}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"{folder} belongs to another user: start as that user, or set DATA_DIR. 目录属于其他用户。"
        )
    return folder


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Refuses when another supervisor works on `folder`. The kernel drops the lock however we end."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EmbeddedError(
                f"Already running: {folder} is in use. Stop the other one first. 已有一个实例在运行。"
            ) from error
        yield
    finally:
        os.close(handle)


def lasting_ground(folder: Path) -> Ground:
    """`folder`, or where the database account cannot reach it a private one that stands for it."""
    account = store_account()
    if not account.can_enter(folder):
        folder = _private_folder(folder, account)
    return Ground(folder, account, lasting=True)


@contextmanager
def temporary_ground() -> Iterator[Ground]:
    """A folder of our own, gone afterwards, also when we are killed (the guard sees to that)."""
    account = store_account()
    folder = _new_temporary(account)
    guard.watch_folder(folder)
    try:
        yield Ground(folder, account, lasting=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        guard.forget_folder(folder)


def _new_temporary(account: Account) -> Path:
    # TMPDIR may be private to root or a mount nobody else enters; /var/tmp is open to everybody.
    for parent in (None, "/var/tmp"):  # noqa: S108
        folder = Path(tempfile.mkdtemp(prefix="zhongshi-", dir=parent))
        os.chown(folder, account.uid, account.gid)
        if account.can_enter(folder):
            return folder
        folder.rmdir()
    raise EmbeddedError("No temporary folder can be entered by the account `nobody`: set TMPDIR to one that can.")


def _private_folder(unreachable: Path, account: Account) -> Path:
    """For a checkout the account cannot reach (below /root, say): one folder each, the same every time."""
    key = hashlib.sha256(os.fsencode(unreachable.resolve())).hexdigest()[:12]
    for parent in (Path("/var/lib"), Path("/var/tmp")):  # noqa: S108
        folder = parent / f"zhongshi-{key}"
        if _claim(folder, account) and account.can_enter(folder):
            return folder
    raise EmbeddedError(
        f"PostgreSQL refuses to run as root, and the account `nobody` can reach neither {unreachable} nor "
        "/var/lib: start as an ordinary user or set DATABASE_URL and REDIS_URL."
    )


def _claim(folder: Path, account: Account) -> bool:
    """Ours alone, or not at all: in /var/tmp anybody could have put a folder of that name there before us."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    return found.st_uid == account.uid and found.st_mode & 0o7777 == 0o700 and not folder.is_symlink()
