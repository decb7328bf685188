"""Production refuses to start half configured, and says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECRET = "s3cret-" * 10


def _check(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT,
        env={**clean, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.production", **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("secret", ["", "short"])
def test_no_secret_no_start(secret: str) -> None:
    ended = _check(SECRET_KEY=secret)

    assert ended.returncode != 0
    assert "SECRET_KEY is missing or shorter than 50 characters" in ended.stderr


def test_any_host_is_no_host() -> None:
    ended = _check(SECRET_KEY=SECRET, ALLOWED_HOSTS="*")

    assert ended.returncode != 0
    assert "ALLOWED_HOSTS must name the hosts served" in ended.stderr


def test_production_passes_the_deployment_checks() -> None:
    ended = _check(
        "--deploy", "--fail-level", "WARNING", SECRET_KEY=SECRET + "aB3$x9", ALLOWED_HOSTS="zhongshi.example"
    )

    assert ended.returncode == 0, ended.stderr


def test_a_lease_shorter_than_the_task_limit_is_found() -> None:
    ended = _check(SECRET_KEY=SECRET, OUTBOX_LEASE_SECONDS="30")

    assert ended.returncode != 0
    assert "core.E001" in ended.stderr


@pytest.mark.parametrize(("pooled", "said"), [("1", "True False"), ("0", "False True")])
def test_behind_a_pooler_nothing_belongs_to_a_connection(pooled: str, said: str) -> None:
    ask = "from zhongshi.settings.base import DATABASES; row = DATABASES['default']; "
    ask += "print(row['DISABLE_SERVER_SIDE_CURSORS'], 'options' in row['OPTIONS'])"
    found = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env={**os.environ, "DATABASE_POOLED": pooled},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == said
