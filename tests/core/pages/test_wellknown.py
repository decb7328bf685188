"""security.txt as RFC 9116 wants it, and what robots may read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

PATH = "/.well-known/security.txt"


def fields(client: Client) -> dict[str, str]:
    answer = client.get(PATH)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


@pytest.mark.parametrize(
    ("security", "contact", "said"),
    [
        ("", "office@example.cn", "mailto:office@example.cn"),
        ("weak@example.cn", "office@example.cn", "mailto:weak@example.cn"),
        ("https://example.cn/report", "", "https://example.cn/report"),
    ],
)
def test_it_names_a_contact(client: Client, settings: Any, security: str, contact: str, said: str) -> None:
    settings.SECURITY_CONTACT, settings.CONTACT_EMAIL, settings.SITE_URL = security, contact, "https://zs.example.cn"
    found = fields(client)
    expires = datetime.strptime(found.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert found == {"Contact": said, "Preferred-Languages": "zh, en", "Canonical": f"https://zs.example.cn{PATH}"}
    assert timedelta(days=178) < expires - datetime.now(UTC) < timedelta(days=181)


def test_without_a_contact_there_is_none(client: Client, settings: Any, db: None) -> None:
    settings.SECURITY_CONTACT = settings.CONTACT_EMAIL = ""
    assert client.get(PATH).status_code == 404


def test_robots_read_public_pages_only(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    closed = {line.removeprefix("Disallow: /").rstrip("/") for line in lines[1:]}
    rooms = {str(pattern.pattern).split("/")[0] for pattern in get_resolver().url_patterns}
    assert {"accounts", "admin", "api"} <= closed
    assert not closed & {"services", "platforms", "chains", "privacy", "accessibility", "help"}
    assert closed - rooms <= {"compare", "desk", "needs", "notifications", "operations", "park", "prefs"}
