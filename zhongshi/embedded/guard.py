"""Ends what a supervisor leaves behind when it is killed: run as a script, told over standard input.

Why a process and not PR_SET_PDEATHSIG: that signal reaches only direct children, is lost when the child
changes its account, is sent when the starting *thread* ends, and exists on Linux alone. A pipe closes when
its writer dies, however it dies. Lines: `watch PID SIGNAL`, `forget PID`, `folder PATH`, `drop PATH`.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable

GRACE_SECONDS = 8.0


def follow(lines: Iterable[str]) -> tuple[dict[int, int], set[str]]:
    """What is left when the writer is gone: leaders with the signal that asks them to end, and folders."""
    watched: dict[int, int] = {}
    folders: set[str] = set()
    for line in lines:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "watch":
            pid, _, number = rest.partition(" ")
            watched[int(pid)] = int(number)
        elif word == "forget":
            watched.pop(int(rest), None)
        elif word == "folder":
            folders.add(rest)
        elif word == "drop":
            folders.discard(rest)
    return watched, folders


def send(kill: Callable[[int, int], None], pid: int, number: int) -> bool:
    """Whether there was somebody to receive the signal."""
    try:
        kill(pid, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(watched: dict[int, int], grace: float = GRACE_SECONDS) -> None:
    """Ask each leader, wait, then end whatever is left of its group."""
    for pid, number in watched.items():
        send(os.kill, pid, number)
    deadline = time.monotonic() + grace
    while any(send(os.killpg, pid, 0) for pid in watched) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in watched:
        send(os.killpg, pid, signal.SIGKILL)


def main() -> None:
    watched, folders = follow(sys.stdin)
    end(watched)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
