"""The units: accepted by systemd, confined, and patient enough for what runs in them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from zhongshi import gunicorn
from zhongshi.core import broker
from zhongshi.embedded.ground import CHECKOUT

UNITS = CHECKOUT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze on this machine")


def options(name: str) -> dict[str, list[str]]:
    """Values by name; a name may stand more than once."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units with programs that exist on every machine."""
    for path in UNITS.iterdir():
        text = re.sub(r"/opt/zhongshi/current/\.venv/bin/\w+", "/bin/true", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text)
    return tmp_path


@needs_systemd
def test_systemd_understands_them(installed: Path) -> None:
    names = [path.name.replace("@.", "@score.") for path in installed.glob("*.service")]
    names += [path.name.replace("@.", "@score.") for path in installed.glob("*.timer")]
    command = [str(ANALYZE), "verify", "--man=no", *(f"./{name}" for name in sorted(names))]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)
    # What the machine's own units lack is not ours to mend.
    ours = [line for line in done.stderr.splitlines() if "zhongshi" in line]

    assert ours == []


@needs_systemd
def test_a_mistake_would_be_found(installed: Path) -> None:
    unit = installed / "zhongshi-web.service"
    unit.write_text(unit.read_text().replace("KillMode=mixed", "KillMod=mixed"))
    command = [str(ANALYZE), "verify", "--man=no", "./zhongshi-web.service"]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)

    assert "KillMod" in done.stderr


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_little_is_left_to_an_intruder(name: str, installed: Path) -> None:
    command = [str(ANALYZE), "security", "--offline=yes", "--json=short", "--threshold=20", f"./{name}"]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_confined(name: str) -> None:
    found = options(name)
    assert found["User"] == ["zhongshi"]
    assert found["EnvironmentFile"][0] == "/etc/zhongshi/env"
    for key, value in {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "PrivateTmp": "yes", "CapabilityBoundingSet": "",
        "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "UMask": "0077",
    }.items():  # fmt: skip
        assert found[key] == [value], key
    assert {"MemoryMax", "TasksMax"} <= set(found)
    # Readers of uploaded files bound themselves with setrlimit, which must not be refused.
    assert not any("@resources" in value for value in found["SystemCallFilter"])


def test_what_is_told_to_stop_may_finish() -> None:
    web, worker = options("zhongshi-web.service"), options("zhongshi-worker@.service")

    assert int(web["TimeoutStopSec"][0]) > gunicorn.graceful_timeout
    assert int(worker["TimeoutStopSec"][0]) > settings.CELERY_TASK_TIME_LIMIT
    assert web["KillMode"] == worker["KillMode"] == ["mixed"]
    assert web["Restart"] == worker["Restart"] == ["always"]
    # Never given up: the database may be away for longer than any number of starts.
    assert web["StartLimitIntervalSec"] == worker["StartLimitIntervalSec"] == ["0"]


def test_the_guide_starts_a_worker_for_every_queue() -> None:
    guide = (CHECKOUT / "docs" / "install.md").read_text(encoding="utf-8")
    for queue in broker.QUEUES:
        assert f"zhongshi-worker@{queue}" in guide
        assert f"zhongshi-check@{queue}.timer" in guide
    for unit in SERVICES:
        assert unit.partition(".")[0].rstrip("@") in guide


def test_every_setting_in_the_example_is_documented() -> None:
    documented = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    lines = (UNITS / "env.example").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]

    assert [name for name in names if f"`{name}`" not in documented] == []
