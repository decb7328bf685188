"""The whole service as real processes on a database of its own, and a real Chromium to use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import find_chromium
from zhongshi.embedded.child import Child
from zhongshi.embedded.ports import free_port
from zhongshi.embedded.roles import start_beat, start_web, start_worker, wait_ready

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "zhongshi-demo"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True, slots=True)
class Service:
    """Where the running service answers, where its mails lie, and its processes."""

    url: str
    mail_folder: Path
    children: tuple[Child, ...]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Web, worker and beat with the demo's data, on a fresh database beside the suite's."""
    folder = tmp_path_factory.mktemp("journey")
    with ExitStack() as stack:
        database_url = stack.enter_context(_database())
        port = free_port()
        env = _environment(database_url, folder, port)
        for command in (["migrate", "--noinput"], ["load_vocabulary"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)
        web = start_web(env, port)
        stack.callback(web.stop)
        worker = start_worker(env, concurrency=1)
        stack.callback(worker.stop)
        beat = start_beat(env, folder / "celerybeat-schedule")
        stack.callback(beat.stop)
        assert wait_ready(web, port)
        yield Service(f"http://127.0.0.1:{port}", folder / "mail", (web, worker, beat))


def _environment(database_url: str, folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhongshi.settings.development",
        "DATABASE_URL": database_url,
        # A Redis database of its own: the suite beside this one must not take our messages.
        "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/3")),
        # The path of the address loses its first slash, so an absolute folder needs two.
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "journey-only-" + "x" * 50,
        "DEMO": "1",
    }


@contextmanager
def _database() -> Iterator[str]:
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"journey_{uuid4().hex[:12]}"
    admin = urlunsplit(server._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlunsplit(server._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The system's Chromium; a machine without one skips, and `make test` says so on its first line.

    Not kept for the session: Playwright's event loop lives in this thread, and Django refuses queries beside one.
    """
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


SignIn = Callable[[str], Page]


@pytest.fixture
def sign_in(chromium: Browser, service: Service) -> Iterator[SignIn]:
    """Give a page signed in as a demo account, each in a browser profile of its own, without JavaScript.

    The failures a visitor would not see fail the test here: an answer of 500, a file that is not there.
    """
    contexts = []
    broken: list[str] = []

    def page_of(username: str) -> Page:
        context = chromium.new_context(
            base_url=service.url, java_script_enabled=False, viewport={"width": 1440, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("response", lambda answer: broken.append(answer.url) if answer.status in {404, 500} else None)
        page.goto("/accounts/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form:has([name=password]) button")
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert broken == []
