"""A lasting ground that the database account can reach, and a look at what is left running."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from zhongshi.embedded.ground import CHECKOUT, Ground, lasting_ground

EMBEDDED = (sys.executable, "-m", "zhongshi.embedded")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """pytest's own temporary folder is private to root; this one may be entered by everybody."""
    folder = Path(tempfile.mkdtemp(prefix="zhongshi-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ground(open_folder: Path) -> Ground:
    return lasting_ground(open_folder)


def without_stores(**extra: str) -> dict[str, str]:
    """The environment of somebody who has set neither DATABASE_URL nor REDIS_URL."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, **extra}


class Start(Protocol):
    """Starts `python -m zhongshi.embedded` with these arguments and these additions to the environment."""

    def __call__(self, *arguments: str, **extra: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def start_embedded() -> Iterator[Start]:
    """`python -m zhongshi.embedded …` in a session of its own, as a terminal would give it.

    What a test that failed left running is ended here: otherwise it would fail a later test of the same process.
    """
    with ExitStack() as ended:

        def start(*arguments: str, **extra: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [*EMBEDDED, *arguments],
                cwd=CHECKOUT,
                env=without_stores(**extra),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            ended.callback(_end, process)
            return process

        yield start


def _end(process: subprocess.Popen[str]) -> None:
    with process:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def descendants(pid: int) -> set[int]:
    """Every process started by `pid`, directly or not."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def command_line(pid: int) -> bytes:
    """The arguments of a process, a zero byte after each; none where it has ended, as children of PostgreSQL do."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def still_running(pids: set[int]) -> set[int]:
    """Those that run; a dead one nobody has collected yet does not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


def left_after(pids: set[int], seconds: float = 15) -> set[int]:
    """Which of `pids` still run once they had `seconds` to end."""
    deadline = time.monotonic() + seconds
    while still_running(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return still_running(pids)
