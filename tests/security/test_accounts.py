"""Who has an account is nobody's business: same answer, same work. And what a password, a session, a link may be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.alike import unstamped
from tests.conftest import ApiOf
from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.settings import base

SIGN_IN, TOKEN = "/accounts/sign-in/", "/api/v1/auth/token/"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A mark for each password that was hashed."""
    marks: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        marks.append("hashed")
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return marks


def _said(answer: Any) -> tuple[int, str, list[str]]:
    """Status, body without its token, and the names of headers and cookies."""
    return answer.status_code, unstamped(answer.content), sorted([*answer.headers, *answer.cookies])


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_known_and_an_unknown_name_cost_and_answer_alike(
    enterprise: Actor, api: ApiOf, hashed: list[str], is_closed: bool
) -> None:
    if is_closed:
        type(enterprise.user).objects.filter(pk=enterprise.user.pk).update(is_active=False)
    found = []
    for name in ("enterprise", "nobody-at-all"):
        entered = {"username": name, "password": "not the password"}
        del hashed[:]
        page = _said(Client().post(SIGN_IN, entered))
        program = _said(api(None).post(TOKEN, entered, format="json"))
        found.append((page[0], page[1].replace(name, "…"), page[2], *program, len(hashed)))

    assert found[0] == found[1]
    assert found[0][-1] == 2


def test_a_closed_account_is_not_told_apart_by_its_right_password(enterprise: Actor, hashed: list[str]) -> None:
    type(enterprise.user).objects.filter(pk=enterprise.user.pk).update(is_active=False)
    right = _said(Client().post(SIGN_IN, {"username": "enterprise", "password": PASSWORD}))
    wrong = _said(Client().post(SIGN_IN, {"username": "enterprise", "password": "not the password"}))

    assert right == wrong


def test_a_session_changes_its_number_when_somebody_signs_in(client: Client, enterprise: Actor) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    client.post(SIGN_IN, {"username": "enterprise", "password": PASSWORD})

    assert client.session.session_key != planted
    assert not Client(headers={"cookie": f"sessionid={planted}"}).session.get("_auth_user_id")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "http:evil.example", "https:/evil.example", "/\t/evil.example", "\x01https://evil.example",
        "//evil.example@127.0.0.1/", "data:text/html,x", "evil", " //evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(target: str, client: Client, enterprise: Actor) -> None:
    entered = {"username": "enterprise", "password": PASSWORD, "next": target}
    ways = [client.post(SIGN_IN, entered), client.post(f"{SIGN_IN}?next=/help/", entered)]
    ways += [client.post("/prefs/", {"next": target}), client.post("/notifications/read/", {"next": target})]

    for answer in ways:
        assert answer.status_code in {302, 400}, target
        location = answer.headers.get("Location", "/")
        assert not location.startswith(("//", "/\\", "\\")), target
        assert urlsplit(urljoin("http://testserver/a/", location))[:2] == ("http", "testserver"), target


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "", "a b"])
def test_another_host_is_not_served(host: str, client: Client, db: None) -> None:
    assert client.get("/", headers={"host": host}).status_code in ({400} if host else {200, 400})
    assert client.get("/", headers={"x-forwarded-host": "evil.example"}).status_code == 200
    assert b"evil.example" not in client.get("/", headers={"x-forwarded-host": "evil.example"}).content


@pytest.mark.parametrize("password", ["short-one", "password123", "1234567890123", "enterprise-x", "a" * 129])
def test_a_weak_or_endless_password_is_refused(password: str, enterprise: Actor) -> None:
    enterprise.user.username = "enterprise"
    with pytest.raises(ValidationError):
        validate_password(password, enterprise.user)
    validate_password("鱼缸里的第三只蜗牛 42", enterprise.user)


def test_an_endless_password_is_not_hashed(client: Client, enterprise: Actor, hashed: list[str]) -> None:
    answer = client.post(SIGN_IN, {"username": "enterprise", "password": "a" * 100_000})

    assert (answer.status_code, hashed) == (200, [])


def test_passwords_are_kept_with_argon2() -> None:
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
