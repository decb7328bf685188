"""Limits hold over processes, restarts and bursts, by whoever the proxy says is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from requests.models import Need
from requests.services.needs import NeedInput, need_post
from tests.conftest import ApiOf
from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import RateBudget, SignInPause
from zhongshi.accounts.services.budgets import FREE_TRIES, budget_spend, pause_check, pause_end
from zhongshi.accounts.services.forgetting import accounts_forget
from zhongshi.accounts.throttles import StoredThrottle, address_of, neighbourhood
from zhongshi.core.errors import TooOften

TOKEN = "/api/v1/auth/token/"
SIGN_IN = "/accounts/sign-in/"


def _back(seconds: float) -> None:
    """Let time pass for the counters; less than none holds a pause of two seconds open on a slow machine."""
    ago = timedelta(seconds=seconds)
    for row in RateBudget.objects.all():
        RateBudget.objects.filter(pk=row.pk).update(spent_until=row.spent_until - ago)
    for pause in SignInPause.objects.all():
        SignInPause.objects.filter(pk=pause.pk).update(until=pause.until - ago, tried_at=pause.tried_at - ago)


def test_a_budget_is_spent_and_refills_evenly(db: None) -> None:
    begun = time.monotonic()
    first = [budget_spend("a", rate=3, period=60) for _ in range(5)]
    lasted = time.monotonic() - begun
    assert [wait is None for wait in first] == [True, True, True, False, False]
    assert all(19.9 - lasted < wait <= 20.1 for wait in first[3:] if wait is not None)

    _back(20)
    assert [budget_spend("a", rate=3, period=60) is None for _ in range(2)] == [True, False]
    assert budget_spend("b", rate=3, period=60) is None
    _back(3600)
    assert [budget_spend("a", rate=3, period=60) is None for _ in range(4)] == [True, True, True, False]


def test_counters_name_nobody_and_are_not_kept(db: None) -> None:
    budget_spend("throttle:sign_in:203.0.113.9:wang@example.cn", rate=1, period=1)
    pause_check("wang@example.cn")
    stored = f"{list(RateBudget.objects.values())} {list(SignInPause.objects.values())}"
    assert "wang" not in stored
    assert "203.0" not in stored

    _back(90_000)
    accounts_forget()
    assert (RateBudget.objects.count(), SignInPause.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_burst_from_many_connections_gets_no_more_than_the_budget() -> None:
    given: list[bool] = []
    start = threading.Barrier(12)

    def spend() -> None:
        start.wait()
        try:
            given.extend(budget_spend("burst", rate=10, period=3600) is None for _ in range(5))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=spend) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(given), sum(given)) == (60, 10)


@pytest.mark.django_db(transaction=True)
def test_guesses_that_come_at_once_are_counted_before_they_are_looked_at() -> None:
    looked_at: list[bool] = []
    start = threading.Barrier(10)
    pause_check("wang")
    SignInPause.objects.update(tries=FREE_TRIES + 7)  # The next one makes a pause of minutes.

    def guess() -> None:
        start.wait()
        try:
            looked_at.append(pause_check("wang") is None)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(looked_at) == 1


def test_each_further_wrong_password_waits_twice_as_long(db: None) -> None:
    assert [pause_check("wang") for _ in range(FREE_TRIES)] == [None] * FREE_TRIES
    waits = []
    for _ in range(11):
        pause = SignInPause.objects.get()
        waits.append(round((pause.until - pause.tried_at).total_seconds()))
        _back(-60)
        assert pause_check("wang") is not None
        _back(60 + waits[-1])
        assert pause_check("wang") is None
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]

    pause_end("wang")
    assert pause_check("wang") is None


def test_tries_are_forgotten_after_a_quiet_day(db: None) -> None:
    for _ in range(FREE_TRIES):
        pause_check("wang")
    _back(86_500)

    assert [pause_check("wang") for _ in range(FREE_TRIES - 1)] == [None] * (FREE_TRIES - 1)


@pytest.mark.parametrize("name", ["enterprise", "nobody-at-all"])
def test_many_addresses_do_not_help_to_guess(client: Client, api: ApiOf, enterprise: Actor, name: str) -> None:
    for number in range(FREE_TRIES):
        answer = client.post(SIGN_IN, {"username": name, "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}")
        assert answer.status_code == 200
    _back(-60)

    page = client.post(SIGN_IN, {"username": name, "password": PASSWORD}, REMOTE_ADDR="198.51.100.99")
    program = api(None).post(
        TOKEN, {"username": f" {name.upper()}", "password": PASSWORD}, format="json", REMOTE_ADDR="198.51.100.98"
    )

    assert (page.status_code, program.status_code) == (429, 429)
    assert 0 < int(program.headers["Retry-After"]) <= 62
    assert "_auth_user_id" not in client.session


def test_restarts_and_an_emptied_cache_reset_nothing(client: Client, enterprise: Actor) -> None:
    for number in range(FREE_TRIES):
        client.post(SIGN_IN, {"username": "enterprise", "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}")
    cache.clear()
    _back(-60)

    again = Client().post(SIGN_IN, {"username": "enterprise", "password": PASSWORD}, REMOTE_ADDR="198.51.100.99")
    assert again.status_code == 429


def test_the_right_password_ends_the_count(client: Client, enterprise: Actor) -> None:
    for _ in range(2):
        for _ in range(FREE_TRIES - 1):
            client.post(SIGN_IN, {"username": "enterprise", "password": "wrong"})
        assert client.post(SIGN_IN, {"username": "enterprise", "password": PASSWORD}).status_code == 302
        client.logout()


def test_strangers_do_not_lock_out_who_is_signed_in_from_the_same_place(client: Client, enterprise: Actor) -> None:
    at_home = Client(REMOTE_ADDR="203.0.113.7")
    at_home.post(SIGN_IN, {"username": "enterprise", "password": PASSWORD})
    at_home.get("/needs/")
    for number in range(FREE_TRIES + 1):
        client.post(SIGN_IN, {"username": "enterprise", "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}")

    second = Client(REMOTE_ADDR="203.0.113.7").post(SIGN_IN, {"username": "enterprise", "password": PASSWORD})
    assert second.status_code == 302


def test_forwarded_addresses_count_only_behind_as_many_proxies_as_there_are(settings: Any) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.3, 203.0.113.5"
    )
    found = []
    for proxies in (0, 1, 2):
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
        assert proxies == api_settings.NUM_PROXIES
        found.append(address_of(request))
    assert found == ["10.0.0.1", "203.0.113.5", "198.51.100.3"]


def test_a_made_up_forwarded_address_gets_no_fresh_budget(
    api: ApiOf, enterprise: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in_address", "3/min")
    answers = [
        api(None).post(
            TOKEN, {"username": f"n{number}", "password": "x"}, format="json", HTTP_X_FORWARDED_FOR=f"1.2.3.{number}"
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


def test_what_a_person_sends_to_pages_is_bounded_and_reading_is_not(
    client: Client, api: ApiOf, enterprise: Actor, enterprise2: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "page", "2/min")
    other = Client()
    client.force_login(enterprise.user)
    other.force_login(enterprise2.user)

    sent = [client.post("/prefs/", {"text_size": "large"}) for _ in range(3)]

    assert [answer.status_code for answer in sent] == [302, 302, 429]
    assert 0 < int(sent[2].headers["Retry-After"]) <= 30
    assert "您填写的内容还在" in sent[2].content.decode()
    assert [client.get("/needs/").status_code, other.post("/prefs/", {"text_size": "large"}).status_code] == [200, 302]
    assert api(enterprise).post("/api/v1/needs/parse/", {"text": "500L发酵罐"}, format="json").status_code == 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "nowhere"),
        ("", "nowhere"),
    ],
)
def test_what_a_limit_by_address_counts_together(address: str, counted: str) -> None:
    assert neighbourhood(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_nothing_that_guards_is_counted_in_the_process() -> None:
    """LocMem would multiply every limit by the number of web processes."""
    stored = {throttle.scope for throttle in _throttles() if issubclass(throttle, StoredThrottle)}

    assert stored - {None} == set(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])


def _throttles(parent: type[Any] = BaseThrottle) -> Iterator[Any]:
    for one in parent.__subclasses__():
        yield from (one, *_throttles(one)) if issubclass(one, StoredThrottle) else _throttles(one)


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_needs_gets_no_more_than_the_days_quota(enterprise: Actor, settings: Any) -> None:
    settings.NEEDS_PER_DAY = 4
    refused: list[str] = []
    start = threading.Barrier(8)

    def post(number: int) -> None:
        entered = NeedInput(title=f"发酵 {number}", text="需要500L发酵罐。")
        start.wait()
        try:
            need_post(actor=enterprise, entered=entered)
        except TooOften as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Need.objects.count(), refused) == (4, ["too_many_requests"] * 4)


def test_the_days_quota_is_said_and_drafts_and_others_are_free(
    api: ApiOf, enterprise: Actor, enterprise2: Actor, settings: Any
) -> None:
    settings.NEEDS_PER_DAY = 1
    body = {"title": "发酵", "text": "需要500L发酵罐。"}
    answers = [
        api(actor).post("/api/v1/needs/", body, format="json") for actor in (enterprise, enterprise, enterprise2)
    ]

    assert [answer.status_code for answer in answers] == [201, 429, 201]
    assert answers[1].json()["code"] == "too_many_requests"
    need_post(actor=enterprise, entered=NeedInput(title="另一个", text="x"), as_draft=True)
