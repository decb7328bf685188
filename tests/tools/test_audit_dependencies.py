"""Silence of the lists is not a clean bill: it has an exit code of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tools import audit_dependencies
from tools.audit_dependencies import CLEAN, UNKNOWN, VULNERABLE

GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
BAD = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "amqp", "version": "5", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("pypi", "osv", "code", "words"),
    [
        ([GOOD], [], CLEAN, "1 packages looked up (pypi), 0 with known vulnerabilities"),
        ([GOOD, BAD], [], VULNERABLE, "lxml 1.0: PYSEC-1 (1.1)"),
        ([SKIPPED], [BAD], VULNERABLE, "(osv), 1 with known vulnerabilities"),
        ([GOOD, SKIPPED], [], UNKNOWN, "amqp not looked up: not found"),
        ([SKIPPED, SKIPPED], [SKIPPED], UNKNOWN, "NOT AUDITED"),
        (None, None, UNKNOWN, "no route to host"),
    ],
)
def test_what_was_found_is_said_and_told_by_the_exit_code(
    pypi: Any, osv: Any, code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "zhongshi").mkdir()
    answers = {"pypi": pypi, "osv": osv}
    fake = tmp_path / "fake.py"
    fake.write_text(
        f"import json, sys\nfound = {answers!r}[sys.argv[sys.argv.index('--vulnerability-service') + 1]]\n"
        "print(json.dumps({'dependencies': found})) if found is not None else sys.exit('no route to host')\n"
    )

    assert audit_dependencies.audit([sys.executable, str(fake)], "requirements.lock") == code
    assert words in capsys.readouterr().out
