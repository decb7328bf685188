"""Lines of the log: JSON, with the work in hand, without anybody's data."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.core.telemetry import context
from zhongshi.core.telemetry.logs import JsonFormatter, scrubbed


class Lines:
    """What was logged, as a program that reads the log sees it."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def of(self, logger: str) -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in self.text.splitlines()]
        return [row for row in rows if row["logger"] == logger]


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield Lines(stream)
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
def test_a_request_is_one_line(lines: Lines, client: Client, enterprise: Actor) -> None:
    client.force_login(enterprise.user)
    client.get("/services/?q=绝密配方", headers={"x-request-id": "abcdef0123456789"})
    (line,) = lines.of("zhongshi.access")

    assert {name: line[name] for name in ("level", "message", "request", "route", "method", "status", "user")} == {
        "level": "INFO",
        "message": "GET services 200",
        "request": "abcdef0123456789",
        "route": "services",
        "method": "GET",
        "status": 200,
        "user": enterprise.user.pk,
    }
    assert line["org"] == enterprise.organization.pk
    assert line["queries"] > 0
    assert line["ms"] > 0
    assert "绝密" not in lines.text


@pytest.mark.django_db
def test_a_visitor_has_no_number_and_a_made_up_id_is_replaced(lines: Lines, client: Client) -> None:
    answer = client.get("/services/", headers={"x-request-id": "; DROP\r\n"})
    (line,) = lines.of("zhongshi.access")

    assert line["user"] is None
    assert "org" not in line
    assert line["request"] == answer.headers["X-Request-ID"] != "; DROP\r\n"


@pytest.mark.django_db
def test_health_checks_leave_no_line(lines: Lines, client: Client) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)

    assert lines.of("zhongshi.access") == []


@pytest.mark.django_db
def test_an_address_without_a_route_is_not_written_down(lines: Lines, client: Client) -> None:
    client.get("/secret-4711/")
    (line,) = lines.of("zhongshi.access")

    assert (line["route"], line["status"]) == ("none", 404)


@pytest.mark.django_db
def test_signing_in_leaves_no_password(lines: Lines, client: Client, enterprise: Actor) -> None:
    client.post("/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD})
    answer = client.post(
        "/api/v1/auth/token/", {"username": "enterprise", "password": PASSWORD}, content_type="application/json"
    )

    assert answer.status_code == 200
    assert len(lines.of("zhongshi.access")) == 2
    assert PASSWORD not in lines.text
    assert answer.json()["token"] not in lines.text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("cannot reach redis://:hunter2@redis:6379/0", "cannot reach redis://:…@redis:6379/0"),
        ("postgres://zhongshi:pw@db/zhongshi refused", "postgres://zhongshi:…@db/zhongshi refused"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: … …"),
        ("sent Bearer abcdefgh12345678", "sent Bearer …"),
        ('{"password": "a b c", "name": "x"}', '{"password": …, "name": "x"}'),
        ("sessionid=abc123; language=en", "sessionid=…; language=en"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abc", "https://oapi.dingtalk.com/robot/send?…"),
        ("GET /services/?q=配方 slow", "GET /services/?… slow"),
        ("duplicate key\nDETAIL:  Key (email)=(a@b.cn) already exists.", "duplicate key\nDETAIL: …"),
        ("mail to zhang.san@example.com refused", "mail to z***@example.com refused"),
        ("call 13812345678", "call 138****5678"),
        ("outbox 7 need.opened failed", "outbox 7 need.opened failed"),
    ],
)
def test_what_nobody_should_read_is_left_out(said: str, written: str) -> None:
    assert scrubbed(said) == written


def test_a_failure_is_told_with_its_trace_on_the_same_line(lines: Lines) -> None:
    with context.about(request="r1", outbox=7):
        try:
            raise ValueError("token=abc123 for a@b.cn")
        except ValueError:
            logging.getLogger("planted").exception("it %s", "broke")
    (line,) = lines.of("planted")

    assert (line["level"], line["message"], line["request"], line["outbox"]) == ("ERROR", "it broke", "r1", 7)
    assert "ValueError: token=… for a***@b.cn" in line["exception"]
    assert "abc123" not in lines.text


def test_what_was_bound_within_is_forgotten_afterwards() -> None:
    with context.about(request="r1"):
        context.bind(org=3)
        with context.about(outbox=7):
            assert context.known() == {"request": "r1", "org": 3, "outbox": 7}
        assert context.known() == {"request": "r1", "org": 3}
    context.bind(org=4)

    assert context.known() == {}
