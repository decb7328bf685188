"""Signing in and out, and where one lands."""

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from tests.factories import PASSWORD, UserFactory
from zhongshi.accounts.actors import Actor


def test_the_right_password_leads_to_the_workspace(client: Client, enterprise: Actor) -> None:
    answer = client.post("/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/workspace/")
    assert client.session["_auth_user_id"] == str(enterprise.user.pk)


def test_one_returns_to_the_page_that_was_asked_for(client: Client, enterprise: Actor) -> None:
    asked = client.get("/notifications/")
    assert asked["Location"] == "/accounts/sign-in/?next=/notifications/"

    answer = client.post(asked["Location"], {"username": "enterprise", "password": PASSWORD, "next": "/notifications/"})

    assert answer["Location"] == "/notifications/"


def test_no_page_of_somebody_else_is_next(client: Client, enterprise: Actor) -> None:
    answer = client.post(
        "/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == "/accounts/workspace/"


@pytest.mark.parametrize("name", ["enterprise", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client: Client, enterprise: Actor, name: str) -> None:
    answer = client.post("/accounts/sign-in/?lang=en", {"username": name, "password": "wrong"})

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["User name and password do not fit together."]
    assert "_auth_user_id" not in client.session


def test_guessing_is_slowed_down(client: Client, enterprise: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "2/min")
    address = {"REMOTE_ADDR": "203.0.113.77"}
    for _ in range(2):
        wrong = client.post("/accounts/sign-in/", {"username": "enterprise", "password": "wrong"}, **address)
        assert wrong.status_code == 200

    answer = client.post("/accounts/sign-in/?lang=en", {"username": "enterprise", "password": PASSWORD}, **address)

    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client: Client, enterprise: Actor) -> None:
    client.force_login(enterprise.user)

    assert client.get("/accounts/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_each_role_has_its_workspace(client: Client, enterprise: Actor, operator: Actor, zone_admin: Actor) -> None:
    places = {enterprise: "/needs/", operator: "/desk/leads/", zone_admin: "/park/review/"}
    for actor, place in places.items():
        client.force_login(actor.user)
        assert client.get("/accounts/workspace/")["Location"] == place


@pytest.mark.django_db
def test_without_organization_the_workspace_is_the_home_page(client: Client) -> None:
    client.force_login(UserFactory.create())

    assert client.get("/accounts/workspace/")["Location"] == "/"


@pytest.mark.django_db
def test_the_workspace_asks_a_visitor_to_sign_in(client: Client) -> None:
    assert client.get("/accounts/workspace/")["Location"] == "/accounts/sign-in/?next=/accounts/workspace/"
