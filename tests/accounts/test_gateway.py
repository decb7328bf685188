"""Sign-in by a trusted gateway: its word counts, nobody else's does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User, UserSession
from zhongshi.core.models import AuditEntry

TRUSTED = "10.1.2.3"
PAGE = "/accounts/profile/"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.GATEWAY_HEADER = "X-Forwarded-User"
    settings.GATEWAY_TRUSTED_ADDRESSES = ["10.1.0.0/16", "fd00::/8"]


@pytest.fixture
def known(enterprise: Actor) -> User:
    User.objects.filter(pk=enterprise.user.pk).update(external_id="linyue")
    return enterprise.user


def ask(client: Client, name: str | None, address: str = TRUSTED, path: str = PAGE) -> int:
    headers = {} if name is None else {"HTTP_X_FORWARDED_USER": name}
    return client.get(path, REMOTE_ADDR=address, **headers).status_code  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [TRUSTED, "fd00::1"])
def test_whom_the_gateway_names_is_signed_in(client: Client, known: User, address: str) -> None:
    assert ask(client, "linyue", address) == 200
    assert client.session["_auth_user_id"] == str(known.pk)
    assert UserSession.objects.get().user == known


@pytest.mark.parametrize("address", ["10.2.0.1", "203.0.113.9", "127.0.0.1", "::1", "fe80::1", "", "unix:"])
def test_from_anybody_else_the_header_means_nothing(client: Client, known: User, address: str) -> None:
    assert ask(client, "linyue", address) == 302
    assert "_auth_user_id" not in client.session


def test_a_claimed_address_does_not_help(client: Client, known: User, settings: Any) -> None:
    answer = client.get(PAGE, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_USER="linyue", HTTP_X_FORWARDED_FOR=TRUSTED)

    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_without_the_setting_the_header_means_nothing(client: Client, known: User, settings: Any) -> None:
    settings.GATEWAY_HEADER = ""

    assert ask(client, "linyue") == 302


@pytest.mark.parametrize("name", ["nobody", "", "enterprise"])
def test_a_name_nobody_has_opens_nothing(client: Client, known: User, name: str) -> None:
    before = User.objects.count()

    assert ask(client, name) == 302
    assert User.objects.count() == before


def test_an_empty_name_is_nobody_although_most_accounts_have_none(client: Client, operator: Actor) -> None:
    assert operator.user.external_id == ""
    assert ask(client, "") == 302


def test_a_closed_account_stays_closed(client: Client, known: User) -> None:
    User.objects.filter(pk=known.pk).update(is_active=False)

    assert ask(client, "linyue") == 302


def test_the_next_person_at_the_gateway_takes_over(client: Client, known: User, operator: Actor) -> None:
    User.objects.filter(pk=operator.user.pk).update(external_id="chenli")
    ask(client, "linyue")
    ask(client, "chenli")

    assert client.session["_auth_user_id"] == str(operator.user.pk)


def test_a_gateway_that_names_nobody_any_more_ends_the_session(client: Client, known: User) -> None:
    ask(client, "linyue")

    assert ask(client, None) == 302
    assert "_auth_user_id" not in client.session


def test_a_session_by_password_is_left_alone(client: Client, known: User) -> None:
    client.post("/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD})

    assert ask(client, None) == 200


def test_accounts_are_opened_only_where_the_site_wants_it(client: Client, db: None, settings: Any) -> None:
    settings.GATEWAY_CREATES = True

    assert ask(client, "wangyuan") == 200
    user = User.objects.get(external_id="wangyuan")
    assert (user.username, user.has_usable_password(), hasattr(user, "membership")) == ("wangyuan", False, False)
    assert AuditEntry.objects.get().action == "opened_by_gateway"
    assert ask(Client(), "wangyuan") == 200
    assert User.objects.count() == 1


def test_an_account_of_the_same_name_is_not_handed_over(client: Client, db: None, settings: Any) -> None:
    settings.GATEWAY_CREATES = True
    UserFactory.create(username="root", is_superuser=True)

    assert ask(client, "root") == 302
    assert User.objects.count() == 1


def test_signing_out_goes_on_to_the_gateway(client: Client, known: User, settings: Any) -> None:
    settings.GATEWAY_SIGN_OUT_URL = "https://sso.example.cn/logout"
    ask(client, "linyue")
    answer = client.post("/accounts/sign-out/", REMOTE_ADDR=TRUSTED, HTTP_X_FORWARDED_USER="linyue")

    assert answer.status_code == 200
    assert 'content="0; url=https://sso.example.cn/logout"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_who_signed_in_by_password_signs_out_here(client: Client, known: User, settings: Any) -> None:
    settings.GATEWAY_SIGN_OUT_URL = "https://sso.example.cn/logout"
    client.force_login(known)

    assert client.post("/accounts/sign-out/")["Location"] == "/"
