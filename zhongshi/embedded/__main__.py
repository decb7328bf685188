"""`python -m zhongshi.embedded demo | up | run -- COMMAND…`."""

import argparse
import errno
import os
import subprocess
import sys
import time
from collections.abc import Sequence

from .demo import death_of, run_demo
from .errors import EmbeddedError
from .guard_client import guard
from .stopping import StopRequest, stop_requests
from .stores import open_stores


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: that of the command, 0 when stopped on purpose, 1 after a sentence on standard error."""
    given = _parser().parse_args(arguments)
    try:
        return _chosen(given)
    except EmbeddedError as error:
        print(f"zhongshi: {error}", file=sys.stderr)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("zhongshi: the disk is full. Free some space and start again. 磁盘已满。", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zhongshi.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("demo", help="the whole service with demo data; PORT and HOST from the environment")
    for verb, purpose in (
        ("up", "PostgreSQL and Redis until Ctrl-C"),
        ("run", "COMMAND on PostgreSQL and Redis"),
    ):
        chosen = verbs.add_parser(verb, help=purpose)
        chosen.add_argument("--temporary", action="store_true", help="fresh ones, gone afterwards")
        if verb == "run":
            chosen.add_argument("command", nargs="+", metavar="COMMAND")
    return parser


def _chosen(given: argparse.Namespace) -> int:
    if given.verb == "demo":
        return run_demo(os.environ)
    if given.verb == "up":
        return _up(temporary=given.temporary)
    return _run(given.command, temporary=given.temporary)


def _up(*, temporary: bool) -> int:
    """Keep both running; the two lines on standard output are ready for a shell's `export`."""
    with stop_requests() as stop, open_stores(os.environ, temporary=temporary) as stores:
        for name, value in stores.environment.items():
            print(f"{name}={value}", flush=True)
        while stop.signal is None:
            for child in stores.children:
                if not child.alive():
                    raise death_of(child)
            time.sleep(0.2)
    return 0


def _run(command: list[str], *, temporary: bool) -> int:
    with stop_requests() as stop, open_stores(os.environ, temporary=temporary) as stores:
        if stop.signal is not None:
            return 128 + stop.signal
        return _follow(command, {**os.environ, **stores.environment}, stop)


def _follow(command: list[str], env: dict[str, str], stop: StopRequest) -> int:
    """Run in our own process group, so that the terminal's Ctrl-C and a debugger reach the command itself."""
    try:
        process = subprocess.Popen(command, env=env)
    except OSError as error:
        raise EmbeddedError(f"Cannot run {command[0]}: {error.strerror}.") from error
    guard.watch(process.pid, 15)
    while True:
        try:
            code = process.wait(0.1)
            break
        except subprocess.TimeoutExpired:
            _pass_on(process, stop)
    guard.forget(process.pid)
    return code if code >= 0 else 128 - code


def _pass_on(process: subprocess.Popen[bytes], stop: StopRequest) -> None:
    """SIGTERM and SIGHUP go to us alone; Ctrl-C the terminal has already sent to both."""
    if stop.signal in {1, 15}:
        process.send_signal(stop.signal)
        stop.signal = None


if __name__ == "__main__":
    sys.exit(main())
