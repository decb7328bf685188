"""Make `.venv` from a lock file with nothing but Python: `python3 tools/environment.py LOCK`.

Runs before anything is installed, so it uses the standard library alone. A second run with the same lock does
nothing; two at once wait for each other.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main(lock_name: str) -> None:
    """Leave `.venv` with what the lock says, or exit with a sentence."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"Python {found} is too old: 3.11 or newer is needed. Name one: make PYTHON=python3.11 …")
    lock = CHECKOUT / lock_name
    stamp = VENV / f".{lock.stem}.installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    with _only_one():
        if _works() and stamp.exists() and stamp.read_text() == wanted:
            return
        packages = lock.read_text().count("==")
        print(f"Installing {packages} packages of {lock_name} into .venv (once; a minute or so) …", flush=True)
        if not _works():
            _create()
        _install(lock)
        stamp.write_text(wanted)


@contextmanager
def _only_one() -> Iterator[None]:
    """Holds the checkout's folder itself locked: no lock file that could be left behind."""
    handle = os.open(CHECKOUT, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def _works() -> bool:
    return PYTHON.exists() and _run([str(PYTHON), "-c", ""]).returncode == 0


def _create() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    made = _run([sys.executable, "-m", "venv", str(VENV)])
    if made.returncode == 0:
        return
    # Debian ships `venv` without `ensurepip` unless python3-venv is installed; a pip outside can fill it too.
    shutil.rmtree(VENV, ignore_errors=True)
    bare = _run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if bare.returncode != 0 or not _outside_pip():
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Cannot make .venv: this Python lacks ensurepip and pip. On Debian: apt install python3-venv")


def _outside_pip() -> bool:
    return _run([sys.executable, "-m", "pip", "--version"]).returncode == 0


def _install(lock: Path) -> None:
    inside = _run([str(PYTHON), "-m", "pip", "--version"]).returncode == 0
    pip = [str(PYTHON), "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    # The lock is complete (`make check` looks), so resolving it again would only take time.
    options = ["-qq", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes"]
    done = subprocess.run([*pip, "install", *options, "--requirement", str(lock)], check=False)
    if done.returncode != 0:
        sys.exit(f"Installing {lock.name} failed; pip says why above. Nothing else was started.")


def _run(command: list[str]) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False)


if __name__ == "__main__":
    main(sys.argv[1])
