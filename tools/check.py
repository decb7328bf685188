"""`make check`: everything looked at without running the suite. All checks run; the exit code tells."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
SCHEMA = CHECKOUT / "docs" / "openapi.yaml"
PY = sys.executable
MANAGE = (PY, "manage.py")


@dataclass(frozen=True, slots=True)
class Check:
    """A command that must exit with 0."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def checks(fresh_schema: Path) -> list[Check]:
    """In the order in which a mistake is cheapest to find."""
    script = str(Path(PY).with_name("lint-imports"))
    production = {
        "DJANGO_SETTINGS_MODULE": "zhongshi.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "zhongshi.example",
        "DEBUG": "0",
    }
    return [
        Check("lock", (PY, "tools/lock.py")),
        Check("format", (PY, "-m", "ruff", "format", "--check", "--quiet", ".")),
        Check("lint", (PY, "-m", "ruff", "check", "--quiet", ".")),
        Check("limits", (PY, "tools/limits.py")),
        Check("types", (PY, "-m", "mypy")),
        Check("imports", (PY, script, "--no-logo")),
        Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        Check("schema", (*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh_schema))),
        Check("schema committed", ("diff", "-u", str(SCHEMA), str(fresh_schema))),
        Check("messages", (PY, "tools/messages.py", "check")),
        Check("deployment", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), production),
    ]


def passes(check: Check) -> bool:
    """Run it; its output is shown only when it fails."""
    started = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "zhongshi.settings.test", **check.env}
    done = subprocess.run(
        check.command,
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    verdict = "ok  " if done.returncode == 0 else "FAIL"
    print(f"{verdict} {check.name} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout.rstrip(), flush=True)
    return done.returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        failed = [check.name for check in checks(Path(folder) / "openapi.yaml") if not passes(check)]
    print(f"make check: failed: {', '.join(failed)}. `make fix` mends some." if failed else "make check: all passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
