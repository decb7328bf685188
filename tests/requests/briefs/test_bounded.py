"""A process of its own: what it may use is bounded, and nothing of it is left."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from requests.briefs.bounded import Broke, Limits, TookTooLong, run

_BRIEF = Limits(seconds=1, patience=1.5)


def test_it_works_on_what_it_is_given() -> None:
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().upper())"

    assert run(code, b"brief", Limits()) == b"BRIEF"


def test_one_that_sleeps_is_ended_by_the_clock() -> None:
    begun = time.monotonic()

    with pytest.raises(TookTooLong):
        run("import time; time.sleep(60)", b"", _BRIEF)

    assert time.monotonic() - begun < 30


def test_one_that_counts_for_ever_is_ended_by_its_processor_time() -> None:
    with pytest.raises(TookTooLong):
        run("while True: pass", b"", Limits(seconds=1, patience=60))


def test_its_children_end_with_it(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    child = f"import time; time.sleep(30); open({str(trace)!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"

    with pytest.raises(TookTooLong):
        run(code, b"", _BRIEF)

    # Killed, a process is listed until the kernel has cleared it away.
    until = time.monotonic() + 20
    while any(str(trace) in process for process in _command_lines()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(str(trace) in process for process in _command_lines())


@pytest.mark.parametrize(
    "code",
    [
        "x = bytearray(10 ** 10)",
        "print('x' * 10 ** 7)",
        "raise SystemExit(3)",
        "import os; os.abort()",
        "this is no code",
    ],
    ids=["memory", "output", "exit", "abort", "syntax"],
)
def test_one_that_fails_is_broken(code: str) -> None:
    with pytest.raises(Broke):
        run(code, b"", Limits())


def test_it_knows_nothing_of_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")

    # C.UTF-8 is what Python itself sets where no locale is given.
    assert run("import os; print({**os.environ} | {'LC_CTYPE': ''})", b"", Limits()).strip() == b"{'LC_CTYPE': ''}"


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    run("import sys; print(len(sys.stdin.buffer.read()))", b"x" * 1000, Limits())

    assert list(tmp_path.iterdir()) == []


def _command_lines() -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(place.read_text())
        except OSError:
            continue
    return found
