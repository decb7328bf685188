"""One child process: its own group, its output line by line, an end that leaves nothing running."""

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

from .account import Account
from .errors import EmbeddedError
from .guard_client import guard

Echo = Callable[[str], None]
TAIL_LINES = 40


class Child:
    """A running program. `spawn` makes one; whoever made it stops it."""

    def __init__(self, name: str, process: subprocess.Popen[str], polite: int, echo: Echo | None) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process
        self._polite = polite
        self._echo = echo
        self._buried = False
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._reader = threading.Thread(target=self._read, name=f"log of {name}", daemon=True)
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def alive(self) -> bool:
        return self.exit_code is None

    def tail(self) -> list[str]:
        """The last lines it wrote, at most 40."""
        if not self.alive():
            self._reader.join(timeout=1)
        return list(self._tail)

    def wait(self, seconds: float) -> bool:
        """Whether it ended by itself within `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ask(self) -> None:
        """Ask it to end, without waiting."""
        if self.alive():
            os.kill(self.pid, self._polite)

    def stop(self, grace: float = 10.0) -> int:
        """Ask it to end, wait `grace` seconds, then end its whole group. Returns its exit code."""
        self.ask()
        self.wait(grace)
        return self.kill()

    def kill(self) -> int:
        """End the whole group at once, as a crash would. Its exit code; harmless when repeated."""
        if self._buried:
            return self._process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._process.wait()
        # From here on the number may become somebody else's.
        self._buried = True
        guard.forget(self.pid)
        self._reader.join(timeout=2)
        return code

    def _read(self) -> None:
        # Closed here, where the end is seen: whoever else holds the pipe may outlive the child.
        with self._process.stdout or nullcontext(()) as lines:
            for line in lines:
                text = line.rstrip("\n")
                self._tail.append(text)
                if self._echo is not None:
                    self._echo(text)


def spawn(
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    polite: int = signal.SIGTERM,
    echo: Echo | None = None,
    stdin: str = "",
) -> Child:
    """Start `command` in a process group of its own, watched by the guard.

    `stdin` is what it reads, `echo` receives each line it writes (standard error included). Refuses with a
    sentence when the program cannot be started.
    """
    try:
        process = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            **(account.run_as if account else {}),
        )
    except OSError as error:
        raise EmbeddedError(f"Cannot start {name} ({command[0]}): {error.strerror}.") from error
    guard.watch(process.pid, polite)
    child = Child(name, process, polite, echo)
    _feed(process, stdin)
    return child


def _feed(process: subprocess.Popen[str], text: str) -> None:
    if process.stdin is None:
        return
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:
        return
