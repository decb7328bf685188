"""Requests are counted over all processes of a web server, also those that ended; not everybody may ask."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from zhongshi import gunicorn
from zhongshi.core.telemetry.ended import keep
from zhongshi.embedded.ground import CHECKOUT

pytestmark = pytest.mark.django_db
NEAR = "127.0.0.1"
WORLD = "203.0.113.9"


def value(text: str, name: str, **labels: str) -> float:
    """The figure of that name with these labels, 0 where it is not there."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    found = [s.value for s in samples if s.name == name and labels.items() <= s.labels.items()]
    return sum(found)


def test_a_request_is_counted_by_route_method_and_status(client: Client) -> None:
    labels = {"route": "none", "method": "other", "status": "404"}
    before = value(client.get("/metrics").content.decode(), "zhongshi_request_seconds_count", **labels)
    client.generic("BREW", "/coffee/")
    text = client.get("/metrics").content.decode()

    assert value(text, "zhongshi_request_seconds_count", **labels) == before + 1
    assert value(text, "zhongshi_request_queries_total", route="none") >= 0


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (NEAR, {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        (WORLD, {}, 404),
        ("10.0.0.7", {}, 404),
        ("", {}, 404),
        (NEAR, {"X-Forwarded-For": NEAR}, 404),
        (NEAR, {"Forwarded": "for=127.0.0.1"}, 404),
        (WORLD, {"Authorization": "Bearer "}, 404),
        (WORLD, {"Authorization": "Bearer s3cret"}, 404),
    ],
)
def test_figures_are_for_neighbours_only(client: Client, address: str, headers: dict[str, str], status: int) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


def test_networks_and_a_token_open_the_figures(client: Client, settings: Any) -> None:
    settings.METRICS_ADDRESSES = ["10.0.0.0/8"]
    settings.METRICS_TOKEN = "s3cret"
    token = {"Authorization": "Bearer s3cret", "X-Forwarded-For": WORLD}

    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR=NEAR).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR=NEAR, headers=token).status_code == 200
    assert client.get("/metrics", REMOTE_ADDR=NEAR, headers={"Authorization": "Bearer other"}).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_programs_may_ask_by_number(client: Client, path: str) -> None:
    assert client.get(path, HTTP_HOST="10.1.2.3:8000").status_code == 200
    assert client.get("/services/", HTTP_HOST="10.1.2.3:8000").status_code == 400


def test_counts_of_an_ended_process_are_kept(tmp_path: Path) -> None:
    for times in (2, 3):
        _count(tmp_path, times)
    pids = {int(file.stem.rpartition("_")[2]) for file in tmp_path.glob("counter_*.db")}
    before = _total(tmp_path)
    for pid in pids:
        keep(tmp_path, pid)

    assert len(pids) == 2
    assert before == _total(tmp_path) == (5.0, 5.0)
    assert [file.name for pid in pids for file in tmp_path.glob(f"*_{pid}.db")] == []


def _python(folder: Path, code: str) -> str:
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return done.stdout


def _count(folder: Path, times: int) -> None:
    _python(
        folder,
        "from zhongshi.core.telemetry import counters as c\n"
        f"for _ in range({times}):\n"
        "    c.REQUESTS.labels('home', 'GET', 200).observe(0.02)\n"
        "    c.NUDGES.labels('sent').inc()\n"
        "c.NUDGER_PAUSED.set(1)\n",
    )


def _total(folder: Path) -> tuple[float, float]:
    text = _python(folder, "from zhongshi.core.telemetry import counters as c\nprint(c.exposition().decode())")
    buckets = value(text, "zhongshi_request_seconds_bucket", le="0.025", route="home")
    return buckets, value(text, "zhongshi_nudges_total", outcome="sent")


def test_a_file_cut_off_costs_its_counts_and_not_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "counter_77.db").write_bytes(b"\xff\x00\x00\x00")
    gunicorn.child_exit(SimpleNamespace(log=logging.getLogger("planted")), SimpleNamespace(pid=77))

    assert "the counts of process 77 are lost" in caplog.text


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A real web server of two processes that answers without any database, and its pid."""
    application = tmp_path / "answering.py"
    application.write_text(
        "import os\n"
        "from zhongshi.core.telemetry import counters\n"
        "def application(environ, start):\n"
        "    path = environ['PATH_INFO']\n"
        "    if path == '/count':\n"
        "        counters.REQUESTS.labels('home', 'GET', 200).observe(0.02)\n"
        "    start('200 OK', [])\n"
        "    return [counters.exposition() if path == '/metrics' else str(os.getpid()).encode()]\n"
    )
    command = [
        sys.executable, "-m", "gunicorn", "-c", "python:zhongshi.gunicorn", "answering:application",
        "--workers", "2", "--bind", "127.0.0.1:0", "--pythonpath", f"{CHECKOUT},{tmp_path}",
    ]  # fmt: skip
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=env, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        line = next(line for line in process.stderr if "Listening at: " in line)
        yield line.split("Listening at: ")[1].split()[0], process.pid
        process.terminate()
        process.wait(90)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert list(tmp_path.glob("zhongshi-counts-*")) == []


@pytest.mark.processes
def test_two_processes_give_one_sum_that_outlives_them(web: tuple[str, int], tmp_path: Path) -> None:
    url, _ = web
    pids = {int(_ask(f"{url}/count")) for _ in range(40)}
    assert _counted(url) == 40
    assert _counts_of(tmp_path, min(pids))
    os.kill(min(pids), signal.SIGTERM)
    _until_kept(tmp_path, min(pids))

    assert _counted(url) == 40
    _ask(f"{url}/count")
    assert _counted(url) == 41


def _ask(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as answer:
        return str(answer.read().decode())


def _counted(url: str) -> float:
    return value(_ask(f"{url}/metrics"), "zhongshi_request_seconds_count", route="home")


def _counts_of(folder: Path, pid: int) -> list[Path]:
    return list(folder.glob(f"zhongshi-counts-*/*_{pid}.db"))


def _until_kept(folder: Path, pid: int) -> None:
    """Until its counts are with those of the ended, which is a moment after it is gone."""
    deadline = time.monotonic() + 60
    while _counts_of(folder, pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
