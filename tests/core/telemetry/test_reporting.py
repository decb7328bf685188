"""Without an address nothing is imported, let alone called; with one, reports carry nobody's data."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhongshi.core.telemetry import context, reporting
from zhongshi.embedded.ground import CHECKOUT

CODE = "import django, sys; django.setup(); print(sorted(m for m in sys.modules if 'sentry' in m))"


def python(**env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "SENTRY_DSN"}
    env = {**clean, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.test", **env}
    return subprocess.run(
        [sys.executable, "-c", CODE], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )


def test_without_an_address_nothing_is_imported() -> None:
    assert python().stdout == "[]\n"


def test_an_address_without_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="sentry-sdk is not installed"):
        reporting.start("https://key@sentry.example/1")


def test_a_report_carries_where_and_not_whose() -> None:
    event: dict[str, Any] = {
        "request": {"url": "https://x/?q=配方", "cookies": {"sessionid": "abc"}},
        "user": {"username": "li"},
        "breadcrumbs": {"values": []},
        "extra": {"sys.argv": ["x"]},
        "exception": {
            "values": [{"type": "ValueError", "value": "token=abc for a@b.cn", "stacktrace": {"frames": []}}]
        },
        "logentry": {"message": "call 13812345678", "params": ["secret"]},
    }
    with context.about(request="r1", outbox=7, user=None):
        kept = reporting.cleaned(event, {})

    assert kept == {
        "exception": {
            "values": [{"type": "ValueError", "value": "token=… for a***@b.cn", "stacktrace": {"frames": []}}]
        },
        "logentry": {"message": "call 138****5678"},
        "tags": {"request": "r1", "outbox": "7"},
    }
