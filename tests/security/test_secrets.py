"""No secret stands in the repository, and what production is started with is locked down."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READS_ENVIRONMENT = re.compile(r"os\.environ\b|os\.getenv\(")
LOOKS_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30}|xox[bp]-[0-9]{8}|"
    r"(?i:secret_key|api_key|password)\s*=\s*[\"'][A-Za-z0-9+/=_-]{32,}[\"']"
)
# Programs that are started from outside and pass their environment on; the service itself has settings for it.
STARTERS = (
    "zhongshi/settings/", "zhongshi/embedded/", "zhongshi/backup/", "zhongshi/celery.py", "zhongshi/wsgi.py",
    "zhongshi/gunicorn.py", "zhongshi/core/telemetry/counters.py",
)  # fmt: skip


def _texts(*folders: str) -> dict[str, str]:
    suffixes = {".py", ".yml", ".yaml", ".html", ".js", ".conf", ".toml", ".service", ".sh", ".example"}
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found if path.is_file()}


def test_only_the_settings_read_the_environment() -> None:
    texts = _texts("zhongshi", "platforms", "requests", "matching")
    readers = {name for name, text in texts.items() if READS_ENVIRONMENT.search(text)}

    assert {name for name in readers if not name.startswith(STARTERS) and "/management/" not in name} == set()


def test_no_secret_is_written_down() -> None:
    texts = _texts("zhongshi", "platforms", "requests", "matching", "deploy", "tools", "benchmarks")
    texts["docker-compose.yml"] = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    assert {name for name, text in texts.items() if LOOKS_SECRET.search(text)} == set()


def test_production_locks_cookies_and_transport() -> None:
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "DEBUG", "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN",
    )  # fmt: skip
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
    env = {name: value for name, value in os.environ.items() if name not in {"HTTPS", "DEBUG", "SECURE_SSL_REDIRECT"}}
    env |= {"DJANGO_SETTINGS_MODULE": "zhongshi.settings.production", "SECRET_KEY": "s3cret-" * 10}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    assert dict(zip(names, json.loads(done.stdout), strict=True)) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "DEBUG": False,
        # Without these three the prefix would make browsers drop them.
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_DOMAIN": None,
    }
