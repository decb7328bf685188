"""`make demo`: the whole service on this machine, from an empty folder to a page in the browser."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .child import Child, Echo, spawn
from .console import Console
from .errors import EmbeddedError, explain_failure
from .ground import CHECKOUT, data_folder
from .ports import LOOPBACK, refuse_busy
from .roles import indented, start_beat, start_web, start_worker, wait_ready
from .stopping import StopRequest, stop_requests
from .stores import Stores, open_stores

ACCOUNTS = ("enterprise", "enterprise2", "operator", "operator2", "admin", "root")
STORY_ACCOUNTS = ("enterprise3", "enterprise4", "operator3", "operator4", "admin2")
PASSWORD = "zhongshi-demo"  # noqa: S105
_STEPS = (
    ("migrate", "migrate", "--noinput", "--verbosity", "0"),
    ("vocabulary", "load_vocabulary"),
    ("demo data", "load_demo"),
)
_GRACE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What one start of the demo works with."""

    env: Mapping[str, str]
    host: str
    port: int
    stop: StopRequest
    stores: Stores
    console: Console = field(default_factory=Console)


def run_demo(environ: Mapping[str, str]) -> int:
    """Start everything, say where it is, watch until asked to stop. 0, or an `EmbeddedError`."""
    host, port = environ.get("HOST") or LOOPBACK, port_from(environ)
    refuse_busy(host, port)
    with stop_requests() as stop:
        print("Starting PostgreSQL and Redis … 正在启动数据库", flush=True)
        with open_stores(environ, temporary=False) as stores:
            env = demo_environment(environ, stores, host, port)
            _serve(Demo(env, host, port, stop, stores))
        if stop.signal is not None:
            print("Stopped. Nothing is left running; your data are kept. 已全部停止，数据已保留。", flush=True)
    return 0


def port_from(environ: Mapping[str, str]) -> int:
    """PORT, 8000 when unset. Refuses what is not a port."""
    given = environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise EmbeddedError(f"PORT={given} is not a port: give a number from 1 to 65535.")
    return int(given)


def demo_environment(environ: Mapping[str, str], stores: Stores, host: str, port: int) -> dict[str, str]:
    """What the user has set comes first, except what makes it the demo (another project's settings may be in
    the shell) and where the stores are."""
    defaults = {
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(["localhost", LOOPBACK, "[::1]", host])),
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "EMAIL_URL": "consolemail://",
        "STATIC_ROOT": str(_made(data_folder(environ) / "static")),
        # In a container everybody is root; Celery's five lines about it help nobody who tries the demo.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    fixed = {"DJANGO_SETTINGS_MODULE": "zhongshi.settings.development", "DEMO": "1"}
    env = {**defaults, **environ, **fixed, **stores.environment}
    env["SECRET_KEY"] = env["SECRET_KEY"] or _lasting_secret(data_folder(environ) / "secret_key")
    return env


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _lasting_secret(file: Path) -> str:
    """The same at every start, so that a restart signs nobody out."""
    try:
        return file.read_text().strip() or _write_secret(file)
    except FileNotFoundError:
        return _write_secret(file)


def _write_secret(file: Path) -> str:
    secret = secrets.token_urlsafe(50)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(secret)
    return secret


def _serve(demo: Demo) -> None:
    demo.console.say("Preparing the database … 正在准备数据")
    for name, *command in _STEPS:
        if demo.stop.signal is not None:
            return
        _run_step(demo, name, command)
    with _service(demo) as children:
        if wait_ready(children[0], demo.port, host=demo.host, given_up=lambda: demo.stop.signal is not None):
            demo.console.say(banner(demo))
            _watch(demo, children)


def _run_step(demo: Demo, name: str, command: list[str]) -> None:
    voice = demo.console.voice(name)
    step = spawn(name, [sys.executable, "manage.py", *command], env=demo.env, cwd=CHECKOUT, echo=voice)
    while not step.wait(0.1):
        if demo.stop.signal is not None:
            step.stop()
            return
    if step.kill() != 0:
        raise explain_failure(f"`manage.py {' '.join(command)}`", step.tail())


@contextmanager
def _service(demo: Demo) -> Iterator[tuple[Child, ...]]:
    """Web, worker and beat; all are asked at once to stop, then waited for."""
    children: list[Child] = []
    schedule = data_folder(demo.env) / "celerybeat-schedule"
    try:
        children.append(start_web(demo.env, demo.port, host=demo.host, echo=demo.console.voice("web")))
        children.append(start_worker(demo.env, echo=_without_sweeps(demo.console.voice("worker"))))
        children.append(start_beat(demo.env, schedule, echo=demo.console.voice("beat")))
        yield tuple(children)
    finally:
        demo.console.say("Stopping … 正在停止")
        for child in children:
            child.ask()
        for child in children:
            child.stop(_GRACE_SECONDS)


def _without_sweeps(voice: Echo) -> Echo:
    """The sweep runs every two seconds; its coming and going would bury what somebody wants to see."""

    def echo(line: str) -> None:
        is_routine = line.endswith(" received") or " succeeded in " in line
        if not (is_routine and " Task core.sweep_outbox[" in line):
            voice(line)

    return echo


def _watch(demo: Demo, children: tuple[Child, ...]) -> None:
    while demo.stop.signal is None:
        for child in (*children, *demo.stores.children):
            if not child.alive():
                raise death_of(child)
        time.sleep(0.2)


def death_of(child: Child) -> EmbeddedError:
    """Which one, how, and what it said last."""
    code = child.exit_code or 0
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return EmbeddedError(
        f"{child.name} ended unexpectedly ({how}); everything else was stopped. Its last lines:\n"
        + indented(child.tail()[-8:])
    )


def banner(demo: Demo) -> str:
    """Where to look and how to sign in."""
    url = demo.env["SITE_URL"]
    return "\n".join(
        [
            "",
            f"  中试云 Zhongshi is ready 已就绪   {url}",
            f"  Accounts 演示账号   {', '.join(ACCOUNTS)}   password 密码: {PASSWORD}",
            f"  With a history 已有业务   {', '.join(STORY_ACCOUNTS)}",
            f"  API {url}/api/docs/   Ctrl-C stops everything 按 Ctrl-C 全部停止",
            "",
        ]
    )
