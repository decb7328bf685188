"""Registering: what strangers enter, what they are told, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from tests.accounts.posting import link, owed, post
from tests.alike import unstamped
from tests.factories import OrganizationFactory, UserFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import ConsentRecord, Membership, Organization, Registration, User, Zone
from zhongshi.accounts.services.registering import PRIVACY_VERSION
from zhongshi.core.models import AuditEntry, Notification

URL = "/accounts/register/"
CODE = "91110000600037341L"
PASSWORD = "sheng-wu-fan-ying-77"


@pytest.fixture
def entered(zone: Zone) -> dict[str, Any]:
    return {
        "kind": "enterprise",
        "name": "新材料公司",
        "credit_code": CODE.lower(),
        "zone": zone.pk,
        "region": "",
        "contact_name": "李工",
        "contact_phone": "028-1234",
        "person_name": "李明",
        "email": "Li@Example.cn",
        "password": PASSWORD,
        "consent": "on",
        "website": "",
    }


def people() -> list[tuple[str, bool]]:
    return list(User.objects.order_by("pk").values_list("username", "is_active"))


def test_the_form_asks_and_tells_what_comes_next(client: Client, zone: Zone) -> None:
    words = client.get(f"{URL}?lang=en").content.decode()

    for part in ("Unified social credit code", "成都高新区", "Within two working days", 'name="website"', "/privacy/"):
        assert part in words


def test_nothing_exists_before_the_address_is_confirmed(client: Client, entered: dict[str, Any]) -> None:
    answer = client.post(URL, entered)

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/register/sent/")
    row = Registration.objects.get()
    assert (row.email, row.organization["credit_code"], row.organization["contact_email"]) == (
        "li@example.cn",
        CODE,
        "Li@Example.cn",
    )
    assert PASSWORD not in row.password
    assert owed() == [("confirm", {"registration_id": row.pk})]
    assert (User.objects.count(), Organization.objects.count()) == (0, 0)


def test_confirming_opens_account_and_organization(client: Client, entered: dict[str, Any], zone_admin: Actor) -> None:
    client.post(f"{URL}?lang=en", entered)
    assert post() == [("li@example.cn", "Please confirm your e-mail address")]
    assert "li@example.cn" in client.get(link()).content.decode()
    assert User.objects.count() == 1

    answer = client.post(link())

    assert answer["Location"] == "/accounts/register/confirmed/"
    user = User.objects.get(username="li@example.cn")
    assert (user.email, user.first_name, user.is_active, user.language) == ("li@example.cn", "李明", True, "en")
    member = Membership.objects.get(user=user)
    assert (member.role, member.is_manager, member.organization.status) == ("enterprise", True, "submitted")
    assert (member.organization.name, member.organization.credit_code) == ("新材料公司", CODE)
    consent = ConsentRecord.objects.get()
    assert (consent.user, consent.document, consent.version) == (user, "privacy", PRIVACY_VERSION)
    assert Notification.objects.get().recipient == zone_admin.user
    assert AuditEntry.objects.get().actor == user
    assert Registration.objects.get().password == ""
    signed_in = client.post("/accounts/sign-in/", {"username": "LI@example.cn", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert client.get("/accounts/workspace/")["Location"] == "/accounts/organization/"


def test_a_second_click_opens_nothing_more(client: Client, entered: dict[str, Any]) -> None:
    client.post(URL, entered)
    post()
    first, second = client.post(link()), client.post(link())

    assert first["Location"] == second["Location"]
    assert (User.objects.count(), Organization.objects.count()) == (1, 1)


def test_known_codes_and_addresses_are_answered_like_new_ones(client: Client, entered: dict[str, Any]) -> None:
    OrganizationFactory.create(credit_code=CODE)
    UserFactory.create(username="somebody", email="known@example.cn")
    bodies = [entered, entered | {"credit_code": "91350100M000100Y43"}, entered | {"email": "KNOWN@example.cn"}]
    first = [Client().post(URL, body) for body in bodies]
    second = [Client().get(answer["Location"]) for answer in first]

    assert {(answer.status_code, answer["Location"], answer.content) for answer in first} == {
        (302, "/accounts/register/sent/", b"")
    }
    assert len({unstamped(answer.content) for answer in second}) == 1


def test_an_organization_that_is_there_already_hears_of_it_and_nobody_else_does(
    client: Client, entered: dict[str, Any], zone: Zone
) -> None:
    known = OrganizationFactory.create(zone=zone, name="新材料公司", credit_code=CODE)
    manager = make_actor(Role.ENTERPRISE, zone, organization=known, language="en")
    Membership.objects.filter(user=manager.user).update(is_manager=True)
    colleague = make_actor(Role.ENTERPRISE, zone, organization=known)
    client.post(URL, entered)
    post()
    answer = client.post(link())

    assert answer["Location"] == "/accounts/register/confirmed/"
    assert post() == [(manager.user.email, "Somebody wants to join 新材料公司")]
    assert "李明 (li@example.cn)" in str(mail.outbox[-1].body)
    assert colleague.user.email not in [to for letter in mail.outbox for to in letter.to]
    assert Organization.objects.count() == 1
    assert not User.objects.filter(username="li@example.cn").exists()


def test_a_known_address_is_told_by_mail_that_it_has_an_account(client: Client, entered: dict[str, Any]) -> None:
    UserFactory.create(username="somebody", email="li@example.cn")
    client.post(f"{URL}?lang=en", entered)

    assert post() == [("li@example.cn", "You already have an account")]
    assert link() == "/accounts/sign-in/"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"credit_code": "123"}, "credit_code", "you entered 3"),
        ({"credit_code": ""}, "credit_code", "This field is required."),
        ({"kind": "zone"}, "kind", "Select a valid choice"),
        ({"password": "short"}, "password", "at least 10 characters"),
        ({"password": "li@example.cn1"}, "password", "too similar"),
        ({"consent": ""}, "consent", "Without your consent"),
        ({"email": "nobody"}, "email", "valid email"),
        ({"zone": "0"}, "zone", "Select a valid choice"),
    ],
)
def test_a_refused_form_keeps_all_but_the_password(
    client: Client, entered: dict[str, Any], changed: dict[str, str], field: str, said: str
) -> None:
    answer = client.post(f"{URL}?lang=en", entered | changed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in str(answer.context["form"].errors[field])
    words = answer.content.decode()
    assert 'value="新材料公司"' in words
    assert 'value="李明"' in words
    assert PASSWORD not in words
    assert not Registration.objects.exists()


def test_programs_are_answered_and_ignored(client: Client, entered: dict[str, Any]) -> None:
    answer = client.post(URL, entered | {"website": "https://spam.example"})

    assert answer["Location"] == "/accounts/register/sent/"
    assert (Registration.objects.count(), owed()) == (0, [])


def test_one_address_registers_only_so_often(
    client: Client, entered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "register", "1/hour")
    answers = [client.post(URL, entered, REMOTE_ADDR="203.0.113.90") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert 'value="新材料公司"' in answers[1].content.decode()
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_wrong_or_too_old_opens_nothing(client: Client, entered: dict[str, Any], method: str) -> None:
    client.post(URL, entered)
    post()
    path = link()
    Registration.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert getattr(client, method)(path).status_code == 410
    assert getattr(client, method)(f"{path[:-2]}x/").status_code == 410
    assert User.objects.count() == 0


def test_whoever_is_signed_in_has_no_use_for_it(client: Client, enterprise: Actor) -> None:
    client.force_login(enterprise.user)

    assert client.get(URL)["Location"] == "/accounts/workspace/"
