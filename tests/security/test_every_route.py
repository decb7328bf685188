"""What holds for every address of the service, taken from the resolver: a new one is held to it at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.factories import PASSWORD
from tests.test_permissions import World, methods_of, people, routes, world  # noqa: F401 - fixtures
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User

ROUTES = sorted({route for route, _view in routes()})
WRITING = sorted({(route, method) for route, view in routes() for method in methods_of(view) - {"GET"}})
OPENER = "Cross-Origin-Opener-Policy"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    OPENER: "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Programs that prove themselves by what they send, not by a cookie a browser adds: nothing to forge.
WITHOUT_COOKIE = {"api/v1/auth/token/", "healthz", "readyz", "metrics", "api/docs/", "api/schema/", "^api/"}
# Read by sitting-room programs without a session, and says so; kept for a quarter of an hour by the asker alone.
FEED = "calendar/"
# They say the same to everybody, and proxies may keep them.
SAME_FOR_ALL = {"robots.txt", ".well-known/security.txt"}


def check_headers(answer: object, path: str) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy, path
    assert "frame-ancestors 'none'" in policy, path
    assert "object-src 'none'" in policy, path
    if not path.startswith("/api/docs/"):
        assert "unsafe" not in policy, path
    # Swagger's page opens the sign-in of other programs, and says of itself that it may.
    found = {name: headers.get(name) for name in HEADERS}
    assert found | ({OPENER: "same-origin"} if path == "/api/docs/" else {}) == HEADERS, path
    assert "camera=()" in headers["Permissions-Policy"], path


def test_every_answer_says_what_a_browser_must_not_do(world: World, enterprise: Actor) -> None:  # noqa: F811
    signed_in = Client()
    signed_in.force_login(enterprise.user)
    for route in ROUTES:
        path = world.address(route)
        for client in (Client(), signed_in):
            # Swagger's own view answers nothing but reading.
            for method in ("GET",) if route == "api/docs/" else ("GET", "POST", "OPTIONS"):
                answer = _undone(client, method, path)
                check_headers(answer, path)
                if client is signed_in and method == "GET" and route not in SAME_FOR_ALL:
                    # What a person was shown is kept nowhere on the way.
                    kept = answer.headers["Cache-Control"]
                    assert "private" in kept, path
                    assert "no-store" in kept or FEED in route, path


def _undone(client: Client, method: str, path: str, **more: Any) -> Any:
    """The answer, without what the call did: the next one meets the same rows."""
    before = transaction.savepoint()
    cookies = client.cookies.copy()
    answer = client.generic(method, path, **more)
    transaction.savepoint_rollback(before)
    client.cookies = cookies
    return answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/css/base.css", 200),
        ("/static/nothing.css", 404),
        ("/no-such-page/", 404),
        ("/admin/", 302),
        ("/admin/login/", 302),
        ("/needs", 301),
        ("/%00", 404),
        ("/\ufffd", 404),
        ("/needs/%ff/", 302),
    ],
)
def test_files_redirects_and_errors_say_it_too(db: None, client: Client, path: str, status: int) -> None:
    answer: Any = client.get(path)
    for close in answer._resource_closers:
        close()

    assert answer.status_code == status
    check_headers(answer, path)


def test_a_failure_and_a_refused_host_say_it_too(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("broken")

    wrong = client.get("/", headers={"host": "evil.example"})
    assert wrong.status_code == 400
    check_headers(wrong, "/")

    monkeypatch.setattr("zhongshi.core.frame_views.render", fail)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "x"
    broken = client.get("/help/")
    assert broken.status_code in {200, 500}
    check_headers(broken, "/help/")


def test_the_admin_says_it_too(client: Client, db: None) -> None:
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    for path in ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/nothing/"):
        answer = client.get(path)
        check_headers(answer, path)
        assert "no-store" in answer.headers["Cache-Control"]


def test_no_form_of_another_site_is_taken(world: World, enterprise: Actor) -> None:  # noqa: F811
    """Without the token of a page of ours nothing is written, whoever's cookie comes along; sign-in included."""
    visitor, member = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    member.force_login(enterprise.user)
    found = {}
    for route, method in WRITING:
        is_api = route.startswith("api/")
        body = {"data": b"{}" if is_api else b"", "content_type": "text/plain"}
        for client in (visitor, member):
            status = _undone(client, method, world.address(route), **body).status_code
            # A program without a cookie proves itself by its token: nobody's browser adds that.
            is_refused = status in {400, 401, 413, 415} if is_api and client is visitor else status == 403
            if not is_refused and route not in WITHOUT_COOKIE:
                found[f"{method} {route}"] = status
    assert found == {}
    assert len(WRITING) > 100


def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(client: Client, enterprise: Actor) -> None:
    answer = client.post("/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD})
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
