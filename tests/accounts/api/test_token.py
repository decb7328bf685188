"""POST /api/v1/auth/token/"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.authtoken.models import Token
from rest_framework.throttling import SimpleRateThrottle

from tests.conftest import ApiOf
from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User

URL = "/api/v1/auth/token/"
NEEDS = "/api/v1/needs/"


def test_gives_a_token_that_signs_in(api: ApiOf, enterprise: Actor) -> None:
    client = api(None)
    answer = client.post(URL, {"username": "enterprise", "password": PASSWORD}, format="json")

    assert answer.status_code == 200
    assert answer.json() == {"token": Token.objects.get(user=enterprise.user).key}
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}")
    assert client.get(NEEDS).status_code == 200


def test_a_second_time_gives_the_same_token(api: ApiOf, enterprise: Actor) -> None:
    entered = {"username": "enterprise", "password": PASSWORD}
    first, second = (api(None).post(URL, entered, format="json").json() for _ in range(2))

    assert first == second
    assert Token.objects.count() == 1


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(api: ApiOf, enterprise: Actor) -> None:
    User.objects.create_user("closed", password=PASSWORD, is_active=False)
    bodies = [
        {"username": "enterprise", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "closed", "password": PASSWORD},
    ]
    answers = [api(None).post(URL, body, format="json") for body in bodies]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "not_authenticated"
    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"username", "password"}),
        ({"username": "enterprise"}, {"password"}),
        ({"username": "", "password": "x"}, {"username"}),
        ({"username": ["a"], "password": "x"}, {"username"}),
        ({"username": "a", "password": "x", "role": "admin"}, {"role"}),
    ],
)
def test_bad_input_names_the_field(api: ApiOf, db: None, body: dict[str, Any], fields: set[str]) -> None:
    answer = api(None).post(URL, body, format="json")

    assert (answer.status_code, set(answer.json()["errors"])) == (400, fields)


def test_is_rate_limited(api: ApiOf, enterprise: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "2/min")
    entered = {"username": "enterprise", "password": "wrong"}
    answers = [api(None).post(URL, entered, format="json") for _ in range(3)]
    right = api(None).post(URL, {"username": "enterprise", "password": PASSWORD}, format="json")

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert right.status_code == 429


def test_one_name_that_is_guessed_at_does_not_lock_out_its_neighbours(
    api: ApiOf, enterprise: Actor, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "1/min")
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in_address", "3/min")
    names = ["enterprise", "ENTERPRISE ", "operator", "zone_admin"]
    answers = [api(None).post(URL, {"username": name, "password": PASSWORD}, format="json") for name in names]

    assert [answer.status_code for answer in answers] == [200, 429, 200, 429]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer a b"])
def test_a_wrong_token_is_401(api: ApiOf, db: None, header: str) -> None:
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get(NEEDS)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_person_without_organization_may_nothing(api: ApiOf, db: None) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.objects.create(user=root).key}")

    assert (client.get(NEEDS).status_code, client.get(NEEDS).json()["code"]) == (403, "not_allowed")
    assert client.get("/api/v1/capabilities/").status_code == 200
