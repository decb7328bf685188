"""Name and language, another e-mail address, another password, and a new one for who forgot it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from rest_framework.authtoken.models import Token
from rest_framework.throttling import SimpleRateThrottle

from tests.accounts.posting import link, owed, post
from tests.factories import PASSWORD, UserFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import User, UserSession
from zhongshi.core.models import AuditEntry

NEW = "sheng-wu-fan-ying-77"


@pytest.fixture
def person(client: Client, enterprise: Actor) -> User:
    """The enterprise's person, signed in with `client`."""
    User.objects.filter(pk=enterprise.user.pk).update(language="en")
    client.force_login(enterprise.user)
    return enterprise.user


def test_name_and_language_are_kept(client: Client, person: User) -> None:
    answer = client.post("/accounts/profile/", {"name": "林悦", "language": "en"})

    assert (answer["Location"], answer.cookies["language"].value) == ("/accounts/profile/", "en")
    person.refresh_from_db()
    assert (person.first_name, person.language) == ("林悦", "en")
    assert 'value="林悦"' in client.get("/accounts/profile/").content.decode()


def test_a_refused_profile_keeps_what_was_typed(client: Client, person: User) -> None:
    answer = client.post("/accounts/profile/", {"name": "林悦", "language": "fr"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["language"])
    assert 'value="林悦"' in answer.content.decode()


def test_another_address_counts_when_its_owner_confirms(client: Client, person: User) -> None:
    before = person.email
    client.post("/accounts/profile/email/", {"email": "Next@example.cn", "password": PASSWORD})
    person.refresh_from_db()
    assert person.email == before
    assert post() == [("next@example.cn", "Please confirm your new e-mail address")]
    path = link()
    assert Client().get(path).status_code == 200

    assert Client().post(path)["Location"] == "/accounts/sign-in/"

    person.refresh_from_db()
    assert (person.email, person.username) == ("next@example.cn", "enterprise")
    assert post() == [(before, "Your e-mail address was changed")]
    assert AuditEntry.objects.get().action == "email_changed"
    assert Client().post(path).status_code == 410


def test_a_name_that_is_the_address_changes_with_it(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(username="old@example.cn", email="old@example.cn")
    client.post("/accounts/profile/email/", {"email": "next@example.cn", "password": PASSWORD})
    post()
    client.post(link())

    person.refresh_from_db()
    assert (person.email, person.username) == ("next@example.cn", "next@example.cn")


def test_an_address_of_somebody_else_is_asked_alike_and_never_taken_over(client: Client, person: User) -> None:
    UserFactory.create(username="other", email="taken@example.cn")
    answers = [
        client.post("/accounts/profile/email/", {"email": email, "password": PASSWORD})
        for email in ("taken@example.cn", "free@example.cn")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/profile/")}
    assert [kind for kind, _ in owed()] == ["email", "email"]
    post()
    mail.outbox.pop()
    assert mail.outbox[-1].to == ["taken@example.cn"]

    assert client.post(link()).status_code == 410
    person.refresh_from_db()
    assert person.email == "enterprise@example.com"


def test_another_address_needs_the_password(client: Client, person: User) -> None:
    answer = client.post("/accounts/profile/email/", {"email": "next@example.cn", "password": "wrong"})

    assert (answer.status_code, list(answer.context["email_form"].errors)) == (422, ["password"])
    assert 'value="next@example.cn"' in answer.content.decode()
    assert owed() == []


def test_a_new_password_signs_out_everybody_else(client: Client, person: User) -> None:
    other = Client()
    other.force_login(person)
    Token.objects.create(user=person)
    old_key = client.session.session_key

    answer = client.post("/accounts/security/", {"password": PASSWORD, "new_password": NEW})

    assert answer["Location"] == "/accounts/security/"
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert client.get("/accounts/security/").status_code == 200
    assert other.get("/accounts/security/").status_code == 302
    assert Token.objects.count() == 0
    assert UserSession.objects.get().session_id == client.session.session_key != old_key
    assert post() == [("enterprise@example.com", "Your password was changed")]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.zone_code) == ("password_changed", person.uuid, "cd")


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"password": "wrong", "new_password": NEW}, "password"),
        ({"password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"password": PASSWORD, "new_password": "password1234"}, "new_password"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(
    client: Client, person: User, entered: dict[str, str], field: str
) -> None:
    answer = client.post("/accounts/security/", entered)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert NEW not in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert owed() == []


def test_a_forgotten_password_is_replaced_by_a_link(client: Client, enterprise: Actor) -> None:
    User.objects.filter(pk=enterprise.user.pk).update(language="en")
    other = Client()
    other.force_login(enterprise.user)
    assert client.post("/accounts/reset/", {"email": "Enterprise@example.com"})["Location"] == "/accounts/reset/sent/"
    assert post() == [("enterprise@example.com", "A new password")]
    path = link()
    shown = client.get(path)
    assert shown["Location"].endswith("/set-password/")

    answer = client.post(shown["Location"], {"new_password": NEW})

    assert answer["Location"] == "/accounts/sign-in/"
    enterprise.user.refresh_from_db()
    assert enterprise.user.check_password(NEW)
    assert other.get("/accounts/profile/").status_code == 302
    assert "_auth_user_id" not in client.session
    again = Client().get(path, follow=True)
    assert again.context["validlink"] is False


def test_a_weak_new_password_is_refused_and_the_link_stays_good(client: Client, enterprise: Actor) -> None:
    client.post("/accounts/reset/", {"email": "enterprise@example.com"})
    post()
    path = client.get(link())["Location"]

    assert client.post(path, {"new_password": "short"}).status_code == 422
    assert client.post(path, {"new_password": NEW}).status_code == 302


def test_known_and_unknown_addresses_are_answered_alike_with_the_same_work(
    client: Client, enterprise: Actor, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    answers = []
    for email in ("enterprise@example.com", "nobody@example.com"):
        with django_assert_num_queries(6):  # type: ignore[operator]
            answers.append(Client().post("/accounts/reset/", {"email": email}))

    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (302, "/accounts/reset/sent/", b"")
    }
    assert [kind for kind, _ in owed()] == ["reset", "reset"]
    assert [to for to, _subject in post()] == ["enterprise@example.com"]


def test_one_address_gets_one_mail_in_five_minutes(client: Client, enterprise: Actor) -> None:
    answers = [client.post("/accounts/reset/", {"email": "enterprise@example.com"}).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert len(owed()) in {1, 2}  # two where the third falls into the next five minutes


def test_closed_accounts_and_those_of_a_gateway_get_none(client: Client, enterprise: Actor, operator: Actor) -> None:
    User.objects.filter(pk=enterprise.user.pk).update(is_active=False)
    User.objects.filter(pk=operator.user.pk).update(password="!")
    for email in ("enterprise@example.com", "operator@example.com"):
        client.post("/accounts/reset/", {"email": email})

    assert post() == []


def test_asking_is_slowed_down(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "reset", "1/hour")
    answers = [
        client.post("/accounts/reset/", {"email": f"p{n}@example.cn"}, REMOTE_ADDR="203.0.113.91").status_code
        for n in range(2)
    ]

    assert answers == [302, 429]
    assert len(owed()) == 1
