"""The three programs of the service: web, worker, beat. Used by the demo and by tests of whole journeys."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .child import Child, Echo, spawn
from .errors import EmbeddedError
from .ground import CHECKOUT
from .ports import LOOPBACK

QUEUES = "score,notify,sweep,celery"
_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "zhongshi.celery")


def start_web(env: Mapping[str, str], port: int, *, host: str = LOOPBACK, echo: Echo | None = None) -> Child:
    """The web server on host:port. `wait_ready` tells when it answers."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "zhongshi.wsgi:application", "--bind", address,
        "--config", "python:zhongshi.gunicorn", "--workers", "2", "--graceful-timeout", "10",
    ]  # fmt: skip
    return spawn("web", command, env=_unbuffered(env), cwd=CHECKOUT, echo=echo)


def start_worker(
    env: Mapping[str, str], *, queues: str = QUEUES, concurrency: int = 2, echo: Echo | None = None
) -> Child:
    """A Celery worker on `queues` (names with commas between). It says when it is ready: "… ready."."""
    command = [
        *_CELERY, "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
        "-Q", queues, "-c", str(concurrency),
    ]  # fmt: skip
    return spawn("worker", command, env=_unbuffered(env), cwd=CHECKOUT, echo=echo)


def start_beat(env: Mapping[str, str], schedule: Path, *, echo: Echo | None = None) -> Child:
    """The clock; it remembers in the file `schedule` when it last ran what."""
    command = [*_CELERY, "beat", "--loglevel", "WARNING", "-s", str(schedule), "--pidfile="]
    return spawn("beat", command, env=_unbuffered(env), cwd=CHECKOUT, echo=echo)


def wait_ready(
    web: Child,
    port: int,
    *,
    host: str = LOOPBACK,
    seconds: float = 60.0,
    given_up: Callable[[], bool] = lambda: False,
) -> bool:
    """True when /readyz answers 200; False when `given_up` says so before.

    Refuses with the last answer when the server dies or is not ready within `seconds`.
    """
    url = f"http://{_reachable(host)}:{port}/readyz"
    deadline = time.monotonic() + seconds
    answer = "no answer"
    while time.monotonic() < deadline and web.alive():
        if given_up():
            return False
        answer = _ask(url)
        if answer == "ready":
            return True
        time.sleep(0.1)
    raise EmbeddedError(f"The web server did not become ready ({answer}).\n" + indented(web.tail()[-8:]))


def indented(lines: Sequence[str]) -> str:
    """A program's last lines, set off from our own sentence."""
    return "\n".join(f"    {line}" for line in lines)


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104
        return LOOPBACK
    return f"[{host}]" if ":" in host else host


def _ask(url: str) -> str:
    # A proxy named in the environment must not be asked for our own loopback address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return "ready" if answer.status == 200 else f"status {answer.status}"
    except urllib.error.HTTPError as error:
        with error:
            return f"status {error.code}: {error.read(300).decode(errors='replace')}"
    except (OSError, TimeoutError) as error:
        return str(error)


def _unbuffered(env: Mapping[str, str]) -> dict[str, str]:
    return {**env, "PYTHONUNBUFFERED": "1"}
