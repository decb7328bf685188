"""Redis off the request path: with Redis dead, and with Redis there and silent, people work on and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace

import httpx2
import psycopg
import pytest

from tests.faults import questions
from tests.faults.clients import PASSWORD, client_of
from tests.faults.ledger import Books
from tests.faults.processes import Processes, environment, prepare, running_processes
from tests.faults.stores import Stores, running_stores

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
# A request that waits for Redis waits for its socket: five seconds here, and the first second is Argon2's. On a machine
# that is slow with Redis too, twice as long as there, and never as long as the socket.
PATIENCE_SECONDS, MOST_SECONDS, SOCKET_SECONDS = 2.0, 4.5, 5.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Service:
    stores: Stores
    processes: Processes
    usual_seconds: float
    """The slowest answer while Redis was there."""

    def scored(self, public_id: str) -> list[int]:
        """Revisions of the need that have been scored."""
        query = """SELECT r.revision FROM matching_scoringrun r JOIN requests_need n ON n.id = r.need_id
                   WHERE n.uuid = %s ORDER BY 1"""
        with psycopg.connect(self.stores.postgres.url.replace("postgres://", "postgresql://")) as connection:
            return [row[0] for row in connection.execute(query, [public_id])]


@dataclass
class Watch:
    """Asks, and keeps how long each answer took."""

    took: dict[str, float] = field(default_factory=dict)

    def ask(self, what: str, attempt: Callable[[], httpx2.Response]) -> httpx2.Response:
        started = time.monotonic()
        answer = attempt()
        self.took[what] = round(time.monotonic() - started, 2)
        assert answer.status_code < 400, (what, answer.status_code, answer.text[:300])
        return answer


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Gunicorn, a worker and beat with the demo's platforms, on a PostgreSQL and a Redis of their own."""
    with running_stores() as stores:
        env = environment(stores.environment)
        prepare(env, stores.postgres.url)
        with running_processes(env, tmp_path_factory.mktemp("without-redis"), workers=1) as processes:
            warm = Service(stores, processes, 0.0)
            _wait_scored(warm, _work_as_a_person(warm, Watch(), "warm")[0], [2], [1, 2])
            watch = Watch()
            _wait_scored(warm, _work_as_a_person(warm, watch, "with Redis")[0], [2], [1, 2])
            # A worker with anything left to do would take what is posted without Redis on its way.
            books = Books(stores.postgres.url)
            assert books.wait_none(questions.WAITING_AT_ALL, 60) < 60
            yield replace(warm, usual_seconds=max(watch.took.values()))


@contextmanager
def _dead(stores: Stores) -> Iterator[None]:
    stores.stop_redis()
    try:
        yield
    finally:
        stores.start_redis()


@contextmanager
def _silent(stores: Stores) -> Iterator[None]:
    """Stopped as a machine that swaps is: connections are taken, nothing is answered."""
    pid = stores.redis.child.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("without", [_dead, _silent])
def test_people_work_on_and_the_need_is_scored_afterwards(
    service: Service, without: Callable[[Stores], AbstractContextManager[None]]
) -> None:
    watch = Watch()
    with without(service.stores):
        needs = _work_as_a_person(service, watch, without.__name__)
        # The call of the first need has now waited for its socket; what is posted next must not queue behind it.
        needs += _work_as_a_person(service, watch, f"{without.__name__} again")
        reported = watch.ask("readyz", lambda: httpx2.get(f"{service.processes.url}/readyz", trust_env=False))
        assert reported.json()["broker"] == "away"
        assert [service.scored(need) for need in needs] == [[], []]

    patience = min(max(PATIENCE_SECONDS, 2 * service.usual_seconds), MOST_SECONDS)
    assert max(watch.took.values()) < patience < SOCKET_SECONDS, (watch.took, service.usual_seconds)
    for need in needs:
        _wait_scored(service, need, [2], [1, 2])


def _work_as_a_person(service: Service, watch: Watch, name: str) -> list[str]:
    """Sign in, browse, search, post a need and edit it. Returns the need's id."""
    url = service.processes.url
    with httpx2.Client(base_url=url, timeout=30, trust_env=False) as person:
        form = watch.ask(f"{name}: form", lambda: person.get("/accounts/sign-in/"))
        found = TOKEN.search(form.text)
        assert found is not None
        entered = {"csrfmiddlewaretoken": found[1], "username": "enterprise", "password": PASSWORD}
        signed_in = watch.ask(f"{name}: sign in", lambda: person.post("/accounts/sign-in/", data=entered))
        assert signed_in.status_code == 302
        for path in ("/", "/services/", "/services/?q=发酵", "/needs/new/", "/notifications/"):
            assert watch.ask(f"{name}: {path}", lambda path=path: person.get(path)).status_code == 200
    return [_post_and_edit(url, watch, name)]


def _post_and_edit(url: str, watch: Watch, name: str) -> str:
    body = {"title": f"没有消息服务器 {name}", "text": "需要500L发酵罐做中试，首批三批。"}
    with closing(client_of(url, "enterprise")) as client:
        watch.ask(f"{name}: search api", lambda: client.get("/capabilities/", params={"q": "发酵"}))
        posted = watch.ask(f"{name}: post", lambda: client.post("/needs/", json=body)).json()
        change = {"revision": posted["revision"], "title": f"{body['title']}，改"}
        edited = watch.ask(f"{name}: edit", lambda: client.patch(f"/needs/{posted['id']}/", json=change)).json()
    assert edited["revision"] == posted["revision"] + 1
    return str(posted["id"])


def _wait_scored(service: Service, need: str, *wanted: list[int], seconds: float = 60.0) -> None:
    """Until the need has one of the wanted lists of scored revisions.

    A worker that acknowledges a message just as its connection is closed ends (docs/celery.md); it is started again
    here as its supervisor would.
    """
    until = time.monotonic() + seconds
    while (found := service.scored(need)) not in wanted:
        assert time.monotonic() < until, (found, service.processes.tails())
        service.processes.revive()
        time.sleep(0.2)
