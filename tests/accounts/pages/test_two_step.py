"""One-time codes: switched on, asked for, replaced, switched off."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from tests.accounts.posting import post
from tests.conftest import ApiOf
from tests.factories import PASSWORD
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User
from zhongshi.core.models import AuditEntry

SET_UP = "/accounts/two-step/"
CODE = "/accounts/sign-in/code/"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture(autouse=True)
def in_the_middle_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code is good for half a minute: none runs out while a test uses it."""
    held = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: held)


def code_of(user: User, step: int = 0) -> str:
    """The code an app shows; `step` 1: the next one, which is taken as well. A code opens once."""
    device = TOTPDevice.objects.get(user=user)
    app = TOTP(device.bin_key, drift=step)
    app.time = time.time()
    return f"{app.token():06d}"


def switch_on(user: User) -> list[str]:
    """Switch codes on as the page does; the recovery codes. The code used for it may be used once more by the test."""
    client = Client()
    client.force_login(user)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"password": PASSWORD, "code": code_of(user)})
    TOTPDevice.objects.filter(user=user).update(last_t=-1)
    return list(answer.context["codes"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def person(enterprise: Actor) -> User:
    User.objects.filter(pk=enterprise.user.pk).update(language="en")
    return User.objects.get(pk=enterprise.user.pk)


def test_the_secret_is_shown_as_a_picture_and_in_letters(client: Client, person: User) -> None:
    client.force_login(person)
    words = client.get(SET_UP).content.decode()

    assert re.search(r'<svg[^>]*class="qr-code"', words)
    assert "<style" not in words
    assert " style=" not in words
    assert re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", words)
    assert TOTPDevice.objects.get().confirmed is False
    assert client.get(SET_UP).content.decode().count("account-secret") == 1
    assert TOTPDevice.objects.count() == 1


def test_the_first_code_switches_on_and_gives_recovery_codes_once(client: Client, person: User) -> None:
    client.force_login(person)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"password": PASSWORD, "code": code_of(person)})

    codes = answer.context["codes"]
    assert (len(codes), len(set(codes))) == (10, 10)
    assert all(code in answer.content.decode() for code in codes)
    assert TOTPDevice.objects.get().confirmed is True
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert not stored & {code.replace("-", "") for code in codes}
    assert client.get(SET_UP)["Location"] == "/accounts/security/"
    assert "10 recovery codes are left" in client.get("/accounts/security/?lang=en").content.decode()
    assert post() == [("enterprise@example.com", "One-time codes are switched on")]
    assert AuditEntry.objects.get().action == "two_step_on"


def test_a_wrong_first_code_switches_nothing_on(client: Client, person: User) -> None:
    client.force_login(person)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"password": PASSWORD, "code": wrong(code_of(person))})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert TOTPDevice.objects.get().confirmed is False
    assert not StaticToken.objects.exists()


def test_switching_on_and_off_asks_for_the_password(client: Client, person: User) -> None:
    client.force_login(person)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"password": "stolen session", "code": code_of(person, -1)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert TOTPDevice.objects.get().confirmed is False
    client.post(SET_UP, {"password": PASSWORD, "code": code_of(person, -1)})

    answer = client.post("/accounts/two-step/disable/", {"password": "stolen session", "code": code_of(person)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert TOTPDevice.objects.get().confirmed is True


def test_who_has_no_password_gives_the_code_alone(client: Client, person: User) -> None:
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    client.get(SET_UP)
    assert client.post(SET_UP, {"code": code_of(person, -1)}).status_code == 200
    assert client.post("/accounts/two-step/disable/", {"code": code_of(person)}).status_code == 302
    assert not TOTPDevice.objects.exists()


def enter(client: Client, **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": "enterprise", "password": PASSWORD, **more})


def test_signing_in_asks_for_the_code_and_signs_nobody_in_before(client: Client, person: User) -> None:
    switch_on(person)
    first = enter(client, next="/notifications/")

    assert first["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/profile/").status_code == 302
    assert client.get(CODE).status_code == 200
    second = client.post(CODE, {"code": f" {code_of(person)[:3]} {code_of(person)[3:]}"})
    assert second["Location"] == "/notifications/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert "two_step_pending" not in client.session


def test_a_code_opens_once(client: Client, person: User) -> None:
    switch_on(person)
    code = code_of(person)
    statuses = []
    for browser in (Client(), Client()):
        enter(browser)
        statuses.append(browser.post(CODE, {"code": code}).status_code)

    assert statuses == [302, 422]


def test_wrong_codes_make_even_the_right_one_wait(client: Client, person: User, settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 60
    switch_on(person)
    enter(client)
    refused = client.post(f"{CODE}?lang=en", {"code": wrong(code_of(person))})
    waiting = client.post(f"{CODE}?lang=en", {"code": code_of(person)})

    assert "This code is not right" in str(refused.context["form"].errors)
    assert "there is a pause" in str(waiting.context["form"].errors)
    assert TOTPDevice.objects.get().throttling_failure_count == 1
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_once(client: Client, person: User) -> None:
    [code, *_] = switch_on(person)
    statuses = []
    for browser in (Client(), Client()):
        enter(browser)
        statuses.append(browser.post(CODE, {"code": code.upper()}).status_code)

    assert statuses == [302, 422]
    assert StaticToken.objects.count() == 9


def test_the_second_step_needs_the_first(client: Client, person: User) -> None:
    switch_on(person)

    assert client.get(CODE)["Location"] == SIGN_IN
    assert client.post(CODE, {"code": code_of(person)})["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("change", ["password", "closed", "late"])
def test_the_first_step_does_not_outlive_its_reason(client: Client, person: User, change: str) -> None:
    switch_on(person)
    enter(client)
    if change == "password":
        person.set_password("another-long-one-88")
        person.save()
    elif change == "closed":
        User.objects.filter(pk=person.pk).update(is_active=False)
    else:
        session = client.session
        session["two_step_pending"] = session["two_step_pending"] | {"until": time.time() - 1}
        session.save()

    assert client.post(CODE, {"code": code_of(person)})["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


def test_no_page_of_somebody_else_is_next(client: Client, person: User) -> None:
    switch_on(person)
    enter(client, next="https://evil.example/")

    assert client.post(CODE, {"code": code_of(person)})["Location"] == "/accounts/workspace/"


def test_the_admin_has_no_door_of_its_own(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    switch_on(person)
    refused = client.post("/admin/login/", {"username": "enterprise", "password": PASSWORD, "next": "/admin/"})

    assert refused["Location"] == "/accounts/sign-in/?next=/admin/"
    assert "_auth_user_id" not in client.session


def test_people_without_business_in_the_admin_are_told(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get("/admin/login/").status_code == 403
    User.objects.filter(pk=person.pk).update(is_staff=True)

    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_new_recovery_codes_void_the_old(client: Client, person: User) -> None:
    [old, *_] = switch_on(person)
    client.force_login(person)
    answer = client.post("/accounts/two-step/recovery/", {"code": code_of(person)})

    assert len(answer.context["codes"]) == 10
    browser = Client()
    enter(browser)
    assert browser.post(CODE, {"code": old}).status_code == 422


def test_switching_off_needs_password_and_code(client: Client, person: User) -> None:
    codes = switch_on(person)
    client.force_login(person)
    address = "/accounts/two-step/disable/"

    assert client.post(address, {"password": "wrong", "code": codes[0]}).status_code == 422
    assert client.post(address, {"password": PASSWORD, "code": "000000-no"}).status_code == 422
    assert TOTPDevice.objects.count() == 1
    StaticToken.objects.first().device.throttle_reset()  # type: ignore[union-attr]
    post()
    assert client.post(address, {"password": PASSWORD, "code": code_of(person)})["Location"] == "/accounts/security/"
    assert (TOTPDevice.objects.count(), StaticToken.objects.count()) == (0, 0)
    assert post() == [("enterprise@example.com", "One-time codes are switched off")]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["two_step_on", "two_step_off"]
    assert enter(Client())["Location"] == "/accounts/workspace/"


def test_programs_send_the_code_too(api: ApiOf, person: User) -> None:
    switch_on(person)
    url, body = "/api/v1/auth/token/", {"username": "enterprise", "password": PASSWORD}
    without = api(None).post(url, body, format="json", HTTP_ACCEPT_LANGUAGE="en")
    assert (without.status_code, without.json()["detail"]) == (
        401,
        "A one-time code is needed as well: send it as `code`.",
    )
    guessed = api(None).post(url, body | {"password": "wrong", "code": code_of(person)}, format="json")
    assert guessed.status_code == 401
    assert Token.objects.count() == 0

    right = api(None).post(url, body | {"code": code_of(person)}, format="json")

    assert right.json() == {"token": Token.objects.get(user=person).key}
    assert api(None).post(url, body | {"code": code_of(person)}, format="json").status_code == 401


def test_administrators_are_led_to_codes_where_the_site_wants_them(
    client: Client, zone_admin: Actor, api: ApiOf, settings: Any
) -> None:
    settings.REQUIRE_TOTP_FOR_ADMINS = True
    entered = {"username": "zone_admin", "password": PASSWORD}
    client.post(SIGN_IN, entered)

    assert client.get("/park/review/")["Location"] == SET_UP
    assert client.get("/api/v1/audit/").status_code == 403
    assert api(None).post("/api/v1/auth/token/", entered, format="json").status_code == 403
    assert "asks administrators" in client.get(f"{SET_UP}?lang=en").content.decode()
    client.post(SET_UP, {"password": PASSWORD, "code": code_of(zone_admin.user)})
    assert client.get("/park/review/").status_code == 200


def test_others_are_not(client: Client, enterprise: Actor, settings: Any) -> None:
    settings.REQUIRE_TOTP_FOR_ADMINS = True
    enter(client)

    assert client.get("/needs/").status_code == 200
