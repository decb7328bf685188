"""A web or worker process builds its index when it starts; a command does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from django.db import connection

from matching import catalogue
from platforms.services.listings import platform_load
from zhongshi.accounts.models import Zone
from zhongshi.core import serving
from zhongshi.embedded.child import Child
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.roles import start_web, start_worker, wait_ready

ROOT = Path(__file__).resolve().parents[2]
CAPABILITY = {"id": "x-1-1", "name": "中试线", "processes": ["发酵"], "parameters": []}
PLATFORM = {"id": "x-1", "name": "平台", "country": "CN", "region": "510100", "capabilities": [CAPABILITY]}


def environment() -> dict[str, str]:
    """That of processes on the suite's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    development = {"DJANGO_SETTINGS_MODULE": "zhongshi.settings.development", "LOG_LEVEL": "INFO"}
    return {**os.environ, "DATABASE_URL": database, **development}


def comes_true(said: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if said():
            return True
        time.sleep(0.1)
    return said()


def tells_that_it_is_built(child: Child) -> bool:
    return any("zhongshi.core.serving index ready after" in line for line in child.tail())


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_web_server_builds_its_index_unasked(zone: Zone) -> None:
    platform_load(record=PLATFORM, zone=zone, publish=True)
    port = free_port()
    web = start_web(environment(), port)
    try:
        assert wait_ready(web, port)
        assert comes_true(lambda: _readyz(port)["index"] == "ok")
        assert comes_true(lambda: tells_that_it_is_built(web))
    finally:
        web.stop()


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("queues", "builds"), [("score,celery", True), ("notify", False)])
def test_a_worker_that_scores_builds_its_index_unasked(queues: str, builds: bool) -> None:
    worker = start_worker(environment(), queues=queues, concurrency=1)
    try:
        assert comes_true(lambda: any(line.endswith(" ready.") for line in worker.tail()))
        assert comes_true(lambda: tells_that_it_is_built(worker), seconds=30 if builds else 3) is builds
    finally:
        worker.stop()


def test_a_command_builds_nothing() -> None:
    asked = "from django.core.management import call_command; call_command('check'); " + (
        "from zhongshi.core import serving; import threading; print(serving.states(), threading.active_count())"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", asked],
        cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.development"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "{} 1"


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_told_and_built_by_the_first_who_asks(
    zone: Zone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "_works", {"index": "matching.catalogue.nothing_of_this_name"})
    monkeypatch.setattr(serving, "_states", {})
    platform_load(record=PLATFORM, zone=zone, publish=True)

    serving.start().join(timeout=30)

    assert serving.states() == {"index": "failed"}
    assert "index could not be made ready" in caplog.text
    assert catalogue.count_candidates([]) == 1


def _readyz(port: int) -> dict[str, str]:
    with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        found: dict[str, str] = json.load(answer)
        return found
