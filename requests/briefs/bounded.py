"""A Python program in a process of its own, with bounded memory, processor time, output and patience."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass

_MEGABYTE = 1 << 20
# Set before anything of the file is read. Core dumps would write the file to disk.
_PREAMBLE = """
import resource
for name, most in (("AS", {memory}), ("CPU", {seconds}), ("FSIZE", {output}), ("CORE", 0)):
    resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` and `output` in bytes, `seconds` of processor time, `patience` in seconds by the clock."""

    memory: int = 512 * _MEGABYTE
    seconds: int = 10
    patience: float = 20.0
    output: int = 2 * _MEGABYTE


class TookTooLong(Exception):
    """The process was ended because its time was over."""


class Broke(Exception):
    """The process ended by itself without finishing: out of memory, too much output, a crash."""


def run(code: str, data: bytes, limits: Limits) -> bytes:
    """Run the Python `code` with `data` on its standard input; what it wrote to its standard output.

    It gets no environment, no open files and none of the caller's paths. The two files it works on have no name and
    are gone when this returns. Raises TookTooLong or Broke.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(data)
        given.seek(0)
        program = _PREAMBLE.format(memory=limits.memory, seconds=limits.seconds, output=limits.output) + code
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", program],
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
        _wait(process, limits.patience)
        taken.seek(0)
        return taken.read(limits.output)


def _wait(process: subprocess.Popen[bytes], patience: float) -> None:
    try:
        ended = process.wait(timeout=patience)
    except subprocess.TimeoutExpired as slow:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise TookTooLong from slow
    # The kernel sends SIGXCPU at the soft limit and SIGKILL at the hard one; here both are the same second.
    if ended in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise TookTooLong
    if ended != 0:
        raise Broke
