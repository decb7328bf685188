"""`python -m benchmarks.importing [--rows 5000]`: how long a file of listings takes from upload to the last row.

On a database of its own beside DATABASE_URL, which is created and dropped. Prints seconds and queries for reading,
loading and undoing: once as an operator, whose listings go to review, and once as a zone's office, which publishes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    given = parser.parse_args(arguments)
    with _database() as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.test")
        _measure(given.rows)
    return 0


@contextmanager
def _database() -> Iterator[str]:
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"importing_{uuid4().hex[:12]}"
    admin = urlunsplit(server._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlunsplit(server._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _measure(rows: int) -> None:
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    from . import importing_runs  # noqa: PLC0415 - needs Django

    importing_runs.run(rows, _timed)


def _timed(words: str, work: Callable[[], object]) -> None:
    from django.db import connection  # noqa: PLC0415 - needs Django

    queries = 0

    def count(execute: Callable[..., object], *given: object) -> object:
        nonlocal queries
        queries += 1
        return execute(*given)

    started, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        work()
    wall, cpu = time.perf_counter() - started, time.process_time() - worked
    print(f"{words:<34}{wall:8.1f} s {cpu:8.1f} s of this process {queries:8} queries", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
