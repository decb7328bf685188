"""From where one is signed in, and how that ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import UserSession

URL = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0"


def sign_in(**headers: str) -> Client:
    client = Client(**headers)
    client.post("/accounts/sign-in/", {"username": "enterprise", "password": PASSWORD})
    return client


def test_devices_are_listed_in_words_and_this_one_is_marked(enterprise: Actor) -> None:
    sign_in(HTTP_USER_AGENT="curl/8", REMOTE_ADDR="203.0.113.5")
    client = sign_in(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.6")
    words = client.get(f"{URL}?lang=en").content.decode()

    for part in ("Signed in on 2 devices", "Firefox · Linux", "Unknown browser", "203.0.113.5", "203.0.113.6"):
        assert part in words
    assert words.count("this device") == 1
    assert words.index("this device") > words.index("Firefox · Linux")


def test_a_session_begins_with_what_is_known_of_it(enterprise: Actor) -> None:
    client = sign_in(HTTP_USER_AGENT=FIREFOX * 9, REMOTE_ADDR="203.0.113.6")

    row = UserSession.objects.get()
    assert (row.user, row.session_id, row.address) == (enterprise.user, client.session.session_key, "203.0.113.6")
    assert len(row.user_agent) == 300


def test_one_device_is_signed_out(enterprise: Actor) -> None:
    other, client = sign_in(), sign_in()
    row = UserSession.objects.get(session_id=other.session.session_key)

    assert client.post(f"/accounts/sessions/{row.uuid}/end/")["Location"] == URL
    assert other.get(URL).status_code == 302
    assert client.get(URL).status_code == 200
    assert UserSession.objects.count() == 1


def test_ending_this_one_is_signing_out(enterprise: Actor) -> None:
    client = sign_in()
    row = UserSession.objects.get()

    assert client.post(f"/accounts/sessions/{row.uuid}/end/")["Location"] == "/accounts/sign-in/"
    assert client.get(URL).status_code == 302
    assert not UserSession.objects.exists()


def test_all_others_are_signed_out(enterprise: Actor, operator: Actor) -> None:
    others, client = [sign_in() for _ in range(3)], sign_in()
    stranger = Client()
    stranger.force_login(operator.user)
    client.post("/accounts/sessions/end-others/")

    assert [other.get(URL).status_code for other in others] == [302, 302, 302]
    assert (client.get(URL).status_code, stranger.get(URL).status_code) == (200, 200)


def test_nobody_ends_sessions_of_others(client: Client, enterprise: Actor, operator: Actor) -> None:
    victim = sign_in()
    row = UserSession.objects.get()
    client.force_login(operator.user)

    assert client.post(f"/accounts/sessions/{row.uuid}/end/").status_code == 404
    assert victim.get(URL).status_code == 200


def test_signing_out_takes_the_row_with_it(enterprise: Actor) -> None:
    client = sign_in()
    client.post("/accounts/sign-out/")

    assert not UserSession.objects.exists()


def test_sessions_that_ran_out_are_not_listed(enterprise: Actor) -> None:
    other, client = sign_in(), sign_in()
    UserSession.objects.get(session_id=other.session.session_key).session.__class__.objects.filter(
        pk=other.session.session_key
    ).update(expire_date=timezone.now() - timedelta(seconds=1))

    assert "Signed in on 1 device" in client.get(f"{URL}?lang=en").content.decode()


def test_the_last_time_is_noted_once_a_minute(enterprise: Actor, django_assert_num_queries: Any) -> None:
    client = sign_in(REMOTE_ADDR="203.0.113.6")
    long_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(seen_at=long_ago)
    with django_assert_num_queries(2):  # the session and the user; the page is refused before anything else
        client.get("/accounts/members/invite/")
    assert UserSession.objects.get().seen_at == long_ago
    cache.clear()
    with django_assert_num_queries(3):
        client.get("/accounts/members/invite/", REMOTE_ADDR="203.0.113.7")

    row = UserSession.objects.get()
    assert (row.seen_at > long_ago, row.address) == (True, "203.0.113.7")


@pytest.mark.parametrize("number", [1, 30])
def test_it_takes_the_same_queries_for_many(enterprise: Actor, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        sign_in()
    client = sign_in()
    with django_assert_num_queries(6):
        assert len(client.get(URL).context["rows"]) == min(number + 1, 20)
