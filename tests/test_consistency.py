"""House rules that a machine can check."""

import importlib.metadata
import re
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
OURS = ["zhongshi", "platforms", "requests", "matching"]


def _sources(pattern: str) -> list[Path]:
    return [path for name in OURS for path in (ROOT / name).rglob(pattern)]


def test_requests_is_our_app() -> None:
    assert Path(requests.__file__).resolve().is_relative_to(ROOT / "requests")


def test_no_distribution_is_or_needs_the_library_requests() -> None:
    needing = {
        distribution.metadata["Name"]
        for distribution in importlib.metadata.distributions()
        for requirement in distribution.requires or []
        if re.match(r"requests(\W|$)", requirement) and "extra ==" not in requirement
    }
    installed = {(d.metadata["Name"] or "").lower() for d in importlib.metadata.distributions()}

    assert needing == set()
    assert "requests" not in installed


def test_drf_knows_that_the_library_is_absent() -> None:
    import rest_framework.compat  # noqa: PLC0415 - leaf

    assert rest_framework.compat.requests is None


def test_nothing_reads_the_environment_outside_settings() -> None:
    # The last two are programs of their own, which run without the settings.
    allowed = {ROOT / "zhongshi" / name for name in ("settings", "embedded", "backup")}
    entry_points = {ROOT / "zhongshi" / name for name in ("celery.py", "wsgi.py", "gunicorn.py")}
    reading = [
        path.relative_to(ROOT)
        for path in _sources("*.py")
        if not any(path.is_relative_to(folder) for folder in allowed)
        and path not in entry_points
        and re.search(r"os\.(environ|getenv)", path.read_text())
    ]
    assert reading == []


def test_messages_are_sent_from_one_place() -> None:
    """`.delay()` and `.apply_async()` would lose work with the broker; only the nudger publishes."""
    sending = [
        path.relative_to(ROOT)
        for path in _sources("*.py")
        if re.search(r"\.(delay|apply_async|send_task)\(", path.read_text())
    ]
    assert sending == [Path("zhongshi/core/nudger.py")]


def test_statuses_change_through_one_door() -> None:
    """Assigning `.status =` would go around the table, the condition on the status seen, and the log.

    The services re-read a row under lock and put back the status the caller saw, for `advance` to compare.
    """
    assigning = {
        str(path.relative_to(ROOT))
        for path in _sources("*.py")
        if re.search(r"\.status = (?!seen$)", path.read_text(), re.MULTILINE)
    }
    assert assigning == set()


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("]\n")[0].splitlines()
    without = [line for line in lines if line.strip().startswith('"') and "#" not in line]
    assert without == []


def test_locks_name_no_index_host() -> None:
    for name in ["requirements.lock", "requirements-dev.lock"]:
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_pages_reach_nothing_outside() -> None:
    """The service runs on isolated networks."""
    reaching = [
        path.relative_to(ROOT)
        for path in [*_sources("*.html"), *_sources("*.css"), *_sources("*.js")]
        if re.search(r"""(src|href|url\()\s*=?\s*["'(]?(https?:)?//""", path.read_text()) and "vendor" not in path.parts
    ]
    assert reaching == []
