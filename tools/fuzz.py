"""`make fuzz`: the whole API against its own document, as each kind of person, on servers of its own.

schemathesis makes the requests: boundary values, wrong shapes, sequences that follow from one another. It lives
outside (see `outside`). A worker and the clock run beside it, so that what was posted is also worked on: an effect
that ends dead is an error like any other.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tools.outside import clean_environment, program
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.roles import start_beat, start_web, start_worker, wait_ready
from zhongshi.embedded.stores import open_stores

CHECKOUT = Path(__file__).resolve().parents[1]
REQUIREMENT = "schemathesis==4.32.5"
ROLES = ("anonymous", "enterprise", "operator", "admin", "root")
# root belongs to no organization: every room of members must refuse it in words.
PASSWORD = "zhongshi-demo"  # noqa: S105
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "use_after_free",
)  # fmt: skip
# Where each kind of row is listed, and the beginning of the addresses that take its id.
LISTS = {
    "/api/v1/needs/": "/api/v1/needs/{public_id}",
    "/api/v1/leads/": "/api/v1/leads/",
    "/api/v1/notifications/": "/api/v1/notifications/",
    "/api/v1/capabilities/": "/api/v1/capabilities/",
}
DRAIN_SECONDS = 180.0
# Of how to repeat what failed, so many characters are printed.
SHOWN = 12_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run as one person found."""

    role: str
    cases: int
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """The service, as asked by one person."""

    url: str
    token: str = ""

    def ask(self, path: str, body: Mapping[str, str] | None = None) -> Any:
        """The JSON of an answer. Raises HTTPError for refusals."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        content = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(self.url + path, data=content, headers=headers)  # noqa: S310
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
            return json.load(answer)


def main() -> int:
    """Run as each person; print cases and failures. 0 when there is not one failure."""
    given = _arguments()
    schemathesis = program("schemathesis", REQUIREMENT)
    with tempfile.TemporaryDirectory(prefix="zhongshi-fuzz-") as name, _service(Path(name)) as (url, database_url):
        runs = [
            _run(schemathesis, Path(name), url, role, seed=seed, examples=given.examples)
            for seed in range(given.seed, given.seed + given.seeds)
            for role in given.roles
        ]
        dead = _drained(database_url)
    for run in runs:
        print("\n".join(run.failures), end="\n" if run.failures else "")
    print("\n".join(f"dead: {line}" for line in dead), end="\n" if dead else "")
    failures = sum(bool(run.failures) for run in runs)
    print(f"fuzz: {sum(run.cases for run in runs)} cases, {failures} runs with failures, {len(dead)} dead effects.")
    return 1 if failures or dead else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many, one after the other")
    parser.add_argument("--examples", type=int, default=50, help="at most so many fuzzed cases for each operation")
    parser.add_argument("--roles", nargs="+", choices=ROLES, default=ROLES)
    return parser.parse_args()


@contextmanager
def _service(folder: Path) -> Iterator[tuple[str, str]]:
    """Web, worker and clock with demo data on fresh stores: their address, and the database's."""
    port = free_port()
    with open_stores({}, temporary=True) as stores:
        env = _environment(stores.environment, port)
        for command in (["migrate", "--noinput", "-v0"], ["load_vocabulary"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=env, check=True)
        web = start_web(env, port)
        others = [start_worker(env, concurrency=1), start_beat(env, folder / "beat")]
        try:
            wait_ready(web, port)
            yield f"http://127.0.0.1:{port}", stores.database_url
        finally:
            for child in (web, *others):
                child.stop(15)


def _environment(stores: Mapping[str, str], port: int) -> dict[str, str]:
    limits = ("POST", "SIGN_IN", "SIGN_IN_ADDRESS", "PARSE", "REGISTER", "RESET", "INVITE")
    return {
        **os.environ,
        **stores,
        "DJANGO_SETTINGS_MODULE": "zhongshi.settings.development",
        "SECRET_KEY": "fuzz-only-" + "x" * 50,
        "DEMO": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": "dummymail://",
        "OUTBOX_SWEEP_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
        # Long addresses are for the service itself to answer, not for the server in front of it.
        "GUNICORN_CMD_ARGS": "--limit-request-line 0",
        "NEEDS_PER_DAY": "1000000",
        **{f"THROTTLE_{name}": "1000000/min" for name in limits},
    }


def _run(schemathesis: Path, folder: Path, url: str, role: str, *, seed: int, examples: int) -> Outcome:
    api = Api(url)
    if role != "anonymous":
        api = Api(url, api.ask("/api/v1/auth/token/", {"username": role, "password": PASSWORD})["token"])
    (folder / "ids.json").write_text(json.dumps(_ids(api)))
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    checks = CHECKS if role == "anonymous" else (*CHECKS, "ignored_auth")
    started = time.monotonic()
    done = subprocess.run(
        [
            str(schemathesis), "run", str(CHECKOUT / "docs" / "openapi.yaml"), "--url", url,
            *(["--header", f"Authorization: Bearer {api.token}"] if api.token else []),
            "--checks", ",".join(checks), "--max-examples", str(examples), "--seed", str(seed),
            "--continue-on-failure", "--no-shrink", "--no-color", "--warnings", "off",
            "--suppress-health-check", "all", "--generation-database", "none",
            "--report", "json", "--report-json-path", str(report),
        ],
        cwd=folder,
        env={
            **clean_environment(),
            "SCHEMATHESIS_HOOKS": str(CHECKOUT / "tools" / "fuzz_hooks.py"),
            "FUZZ_IDS": str(folder / "ids.json"),
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    outcome = _outcome(role, report, done)
    print(
        f"seed {seed} as {role}: {outcome.cases} cases, {'FAILED' if outcome.failures else '0 failures'} "
        f"({time.monotonic() - started:.0f} s)",
        flush=True,
    )
    return outcome


def _ids(api: Api) -> dict[str, list[str]]:
    """Ids of what this person sees, by the beginning of the addresses that take them."""
    found: dict[str, list[str]] = {}
    for path, start in LISTS.items():
        try:
            found[start] = [row["id"] for row in api.ask(f"{path}?page_size=100")["results"]]
        except urllib.error.HTTPError:
            continue
    matches = [
        match["id"] for need in found.get("/api/v1/needs/{public_id}", []) for match in _matches(api, need)
    ] or found.get("/api/v1/leads/", [])
    return found | {"/api/v1/matches/": matches}


def _matches(api: Api, need: str) -> list[Any]:
    rows: list[Any] = api.ask(f"/api/v1/needs/{need}/matches/")["results"]
    return rows


def _outcome(role: str, report: Path, done: "subprocess.CompletedProcess[str]") -> Outcome:
    """Read the report; a run that ended without one is a failure with its last words."""
    if not report.exists():
        return Outcome(role, 0, (done.stdout[-2000:] + done.stderr[-2000:],))
    read = json.loads(report.read_text())
    found = [f"{role}: {json.dumps(one, ensure_ascii=False)}" for one in (*read["failures"], *read["errors"])]
    if found:
        found.append(done.stdout.partition("= FAILURES =")[2][:SHOWN])
    if not found and (done.returncode or not read["complete"]):
        found = [f"{role}: schemathesis ended with {done.returncode}: {done.stdout[-500:]}"]
    return Outcome(role, read["test_cases"]["generated"], tuple(found))


def _drained(database_url: str) -> list[str]:
    """Wait until what was posted is worked on; every effect that ended dead, in words."""
    waiting = "SELECT count(*) FROM core_outboxevent WHERE state IN ('pending', 'leased')"
    dead = "SELECT handler, key, last_error FROM core_outboxevent WHERE state = 'dead'"
    deadline = time.monotonic() + DRAIN_SECONDS
    with psycopg.connect(database_url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        while time.monotonic() < deadline:
            [left] = connection.execute(waiting).fetchone() or [0]
            if not left:
                break
            time.sleep(0.5)
        else:
            return [f"{left} effects still waiting after {DRAIN_SECONDS:.0f} s"]
        return [" ".join(map(str, row)) for row in connection.execute(dead)]


if __name__ == "__main__":
    sys.exit(main())
