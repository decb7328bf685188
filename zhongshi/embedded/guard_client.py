"""Our end of the guard's pipe: one guard for each supervisor, alive while there is something to guard."""

import subprocess
import sys
import threading
from pathlib import Path

_SCRIPT = Path(__file__).with_name("guard.py")


class Guard:
    """Tells the guard process what to end and what to delete should we die without doing it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._guarded: set[str] = set()
        self._lock = threading.Lock()

    def watch(self, pid: int, polite: int) -> None:
        """End the process group led by `pid`, first with the signal `polite`."""
        self._add(f"{pid}", f"watch {pid} {polite:d}")

    def forget(self, pid: int) -> None:
        self._remove(f"{pid}", f"forget {pid}")

    def watch_folder(self, folder: Path) -> None:
        self._add(f"{folder}", f"folder {folder}")

    def forget_folder(self, folder: Path) -> None:
        self._remove(f"{folder}", f"drop {folder}")

    def _add(self, key: str, line: str) -> None:
        with self._lock:
            self._guarded.add(key)
            self._tell(line)

    def _remove(self, key: str, line: str) -> None:
        with self._lock:
            if key not in self._guarded:
                return
            self._guarded.discard(key)
            self._tell(line)
            if not self._guarded:
                self._dismiss()

    def _tell(self, line: str) -> None:
        if self._process is None:
            # Its own session: the terminal's Ctrl-C must not reach the guard.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SCRIPT)],
                cwd="/",
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def _dismiss(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


guard = Guard()
