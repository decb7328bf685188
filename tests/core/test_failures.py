"""What a crash answers: to people a page, to programs a body; and whether it passes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

from zhongshi.accounts.actors import Actor
from zhongshi.embedded.ports import free_port

CRASH = "/api/v1/crash/"


def _crash(_request: HttpRequest) -> None:
    raise ValueError("secret words")


def _sleep(_request: HttpRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")


urlpatterns = [
    path("crash/", _crash),
    path("sleep/", _sleep),
    path("api/v1/crash/", _crash),
    path("", include("zhongshi.urls")),
]
handler500 = "zhongshi.core.failures.server_error"


@contextmanager
def _away() -> Iterator[None]:
    """PostgreSQL refuses connections: nobody listens at its port."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = free_port()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port


def _client(settings: Any, actor: Actor) -> Client:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(actor.user)
    return client


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_no_crash(enterprise: Actor) -> None:
    client = Client(raise_request_exception=False, headers={"X-Request-ID": "abc12345"})
    client.force_login(enterprise.user)
    with _away():
        page, body = client.get("/needs/"), client.get("/api/v1/needs/")

    assert [(one.status_code, one.headers["Retry-After"]) for one in (page, body)] == [(503, "10")] * 2
    assert "暂时无法访问" in page.content.decode()
    assert "<code>abc12345</code>" in page.content.decode()
    assert body.json() == {"code": "unavailable", "detail": "请过几秒再试。", "request_id": "abc12345"}
    assert client.get("/needs/").status_code == 200


@pytest.mark.django_db
def test_a_statement_past_its_time_may_be_tried_again(settings: Any, enterprise: Actor) -> None:
    answer = _client(settings, enterprise).get("/sleep/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


@pytest.mark.django_db
def test_a_crash_tells_nothing_of_itself_and_programs_get_a_body(settings: Any, enterprise: Actor) -> None:
    client = _client(settings, enterprise)
    page, body = client.get("/crash/"), client.get(CRASH)

    assert (page.status_code, body.status_code) == (500, 500)
    assert "系统出错了" in page.content.decode()
    assert "Retry-After" not in page.headers
    assert body.json()["code"] == "error"
    assert "secret" not in page.content.decode() + body.content.decode()
