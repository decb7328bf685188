"""One child process: its lines, its end, and what it says when it dies too early."""

import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from zhongshi.embedded.child import Child, spawn
from zhongshi.embedded.demo import death_of
from zhongshi.embedded.errors import EmbeddedError
from zhongshi.embedded.roles import wait_ready

from .conftest import descendants, left_after

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def run_shell(script: str, *, lines: list[str] | None = None, stdin: str = "") -> Child:
    echo = None if lines is None else lines.append
    return spawn("worker", ["sh", "-c", script], env={"PATH": "/usr/bin:/bin"}, cwd=Path("/"), echo=echo, stdin=stdin)


def wait_for_line(child: Child, line: str) -> None:
    deadline = time.monotonic() + 60
    while line not in child.tail():
        assert time.monotonic() < deadline, child.tail()
        time.sleep(0.02)


def test_passes_on_each_line_of_both_outputs() -> None:
    lines: list[str] = []
    child = run_shell("read given; echo $given; printf '\\377 broken\\n' >&2", lines=lines, stdin="中文\n")
    assert child.wait(60)
    assert child.stop() == 0
    assert lines == ["中文", "\ufffd broken"]
    assert child.tail() == lines


def test_stop_ends_a_stubborn_child_and_its_own_children() -> None:
    child = run_shell(f"trap '' TERM; {shlex.quote(sys.executable)} -c \"{STUBBORN}\" & wait")
    wait_for_line(child, "up")
    started = {child.pid, *descendants(child.pid)}
    assert len(started) == 2
    assert child.stop(grace=0.2) == -signal.SIGKILL
    assert left_after(started) == set()
    assert child.stop() == -signal.SIGKILL


def test_says_how_a_child_died_and_what_it_said_last() -> None:
    child = run_shell("echo starting; echo 'no such table' >&2; exit 3")
    assert child.wait(60)
    assert str(death_of(child)) == (
        "worker ended unexpectedly (exit code 3); everything else was stopped. Its last lines:\n"
        "    starting\n    no such table"
    )
    child.stop()


def test_waiting_for_a_web_server_that_died_says_its_last_words() -> None:
    web = run_shell("echo 'cannot import settings'; exit 3")
    with pytest.raises(EmbeddedError, match=r"did not become ready \(.*\)\.\n    cannot import settings"):
        wait_ready(web, 9, seconds=10)
    web.stop()


def test_says_which_program_is_missing() -> None:
    with pytest.raises(EmbeddedError, match=r"Cannot start web \(/no/such/program\): No such file or directory\."):
        spawn("web", ["/no/such/program"], env={}, cwd=Path("/"))
