"""The people of an organization: listed, invited, made managers, removed; and how an invitation is accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.throttling import SimpleRateThrottle

from tests.accounts.posting import link, owed, post
from tests.factories import OrganizationFactory, UserFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import ConsentRecord, Invitation, Membership, User, UserSession
from zhongshi.core.models import AuditEntry, Notification

URL = "/accounts/members/"
INVITE = "/accounts/members/invite/"
PASSWORD = "sheng-wu-fan-ying-77"


@pytest.fixture
def manager(operator: Actor, client: Client) -> Actor:
    """The operator's person as a manager, signed in with `client`."""
    Membership.objects.filter(user=operator.user).update(is_manager=True)
    client.force_login(operator.user)
    return operator


@pytest.fixture
def colleague(operator: Actor) -> Actor:
    """Another person of the same organization, who manages nothing."""
    return make_actor(
        Role.OPERATOR, operator.zone, organization=operator.organization, username="colleague", first_name="何静"
    )


def invitation_of(actor: Actor, email: str = "new@example.cn", **columns: Any) -> Invitation:
    columns.setdefault("expires_at", timezone.now() + timedelta(days=7))
    return Invitation.objects.create(
        organization=actor.organization, email=email, invited_by=actor.user, language="en", **columns
    )


def test_the_list_names_everybody_and_what_is_open(client: Client, manager: Actor, colleague: Actor) -> None:
    invitation_of(manager)
    invitation_of(manager, "old@example.cn", expires_at=timezone.now() - timedelta(days=1))
    OrganizationFactory.create()
    words = client.get(f"{URL}?lang=en").content.decode()

    for part in ("2 members", "何静", "colleague@example.com", "never", "1 open invitation", "new@example.cn"):
        assert part in words
    assert "old@example.cn" not in words


def test_it_is_sorted_by_the_last_sign_in_when_asked(client: Client, manager: Actor, colleague: Actor) -> None:
    User.objects.filter(pk=colleague.user.pk).update(last_login=timezone.now() + timedelta(hours=1))
    orders = {
        sort: [row.user.username for row in client.get(URL, {"sort": sort}).context["page"]]
        for sort in ("name", "seen")
    }

    assert orders["seen"] == ["colleague", "operator"]
    assert orders["name"] == ["operator", "colleague"]


@pytest.mark.parametrize("people", [1, 30])
def test_it_takes_the_same_queries_for_many(
    client: Client, manager: Actor, people: int, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        make_actor(Role.OPERATOR, manager.zone, organization=manager.organization)
    client.get(URL)
    with django_assert_num_queries(8):
        client.get(URL)


def test_an_invitation_is_sent_by_mail(client: Client, manager: Actor) -> None:
    User.objects.filter(pk=manager.user.pk).update(first_name="陈立", language="en")
    answer = client.post(INVITE, {"email": "New@Example.cn", "is_manager": "on"})

    assert answer["Location"] == URL
    row = Invitation.objects.get()
    assert (row.email, row.is_manager, row.invited_by) == ("new@example.cn", True, manager.user)
    assert timedelta(days=6, hours=23) < row.expires_at - timezone.now() <= timedelta(days=7)
    assert owed() == [("invited", {"invitation_id": row.pk})]
    assert post() == [("new@example.cn", f"陈立 invites you to {manager.organization.name}")]
    assert AuditEntry.objects.get().action == "invited"


def test_inviting_again_renews_the_same_invitation(client: Client, manager: Actor) -> None:
    row = invitation_of(manager, expires_at=timezone.now() + timedelta(hours=1))
    client.post(INVITE, {"email": row.email})

    renewed = Invitation.objects.get()
    assert renewed.expires_at > row.expires_at
    assert len(owed()) == 1


def test_addresses_with_and_without_an_account_elsewhere_are_answered_alike(client: Client, manager: Actor) -> None:
    UserFactory.create(username="elsewhere", email="known@example.cn")
    answers = [client.post(INVITE, {"email": email}) for email in ("known@example.cn", "fresh1@example.cn")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, URL)}
    assert [kind for kind, _facts in owed()] == ["invited", "invited"]


@pytest.mark.parametrize("email", ["", "nobody", "colleague@example.com"])
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(
    client: Client, manager: Actor, colleague: Actor, email: str
) -> None:
    answer = client.post(INVITE, {"email": email, "is_manager": "on"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]
    assert f'value="{email}"' in answer.content.decode() or not email
    assert not Invitation.objects.exists()


def test_invitations_are_counted(client: Client, manager: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "invite", "1/hour")
    answers = [client.post(INVITE, {"email": f"p{n}@example.cn"}).status_code for n in range(2)]

    assert answers == [302, 429]
    assert Invitation.objects.count() == 1


def test_an_invited_person_opens_an_account(client: Client, manager: Actor) -> None:
    client.post(INVITE, {"email": "new@example.cn"})
    post()
    visitor = Client()
    assert manager.organization.name in visitor.get(link()).content.decode()

    answer = visitor.post(link(), {"name": "何静", "password": PASSWORD, "consent": "on"})

    assert answer["Location"] == "/accounts/sign-in/"
    user = User.objects.get(username="new@example.cn")
    member = Membership.objects.get(user=user)
    assert (member.organization, member.role, member.is_manager) == (manager.organization, "operator", False)
    assert (user.first_name, user.check_password(PASSWORD)) == ("何静", True)
    assert ConsentRecord.objects.get().user == user
    assert Notification.objects.get().recipient == manager.user
    assert AuditEntry.objects.filter(action="joined", actor=user).exists()


def test_a_link_works_once(client: Client, manager: Actor) -> None:
    client.post(INVITE, {"email": "new@example.cn"})
    post()
    entered = {"name": "何静", "password": PASSWORD, "consent": "on"}

    assert [Client().post(link(), entered).status_code for _ in range(2)] == [302, 410]
    assert Membership.objects.filter(organization=manager.organization).count() == 2


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_a_revoked_or_late_link_is_worth_nothing(client: Client, manager: Actor, change: dict[str, Any]) -> None:
    client.post(INVITE, {"email": "new@example.cn"})
    post()
    Invitation.objects.update(**change)

    assert Client().get(link()).status_code == 410
    assert Client().post(link(), {"name": "x", "password": PASSWORD, "consent": "on"}).status_code == 410
    assert not User.objects.filter(username="new@example.cn").exists()


def test_a_weak_password_is_refused_and_the_link_stays_good(client: Client, manager: Actor) -> None:
    client.post(INVITE, {"email": "new@example.cn"})
    post()
    answer = Client().post(link(), {"name": "何静", "password": "short", "consent": "on"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert 'value="何静"' in answer.content.decode()
    assert Client().get(link()).status_code == 200


def test_who_has_an_account_joins_with_it(client: Client, manager: Actor) -> None:
    user = UserFactory.create(username="free", email="free@example.cn")
    client.post(INVITE, {"email": "free@example.cn", "is_manager": "on"})
    post()
    visitor = Client()
    assert "?next=/accounts/invitation/" in visitor.get(link()).content.decode()
    assert visitor.post(link()).status_code == 200
    assert not Membership.objects.filter(user=user).exists()
    visitor.force_login(user)

    assert visitor.post(link())["Location"] == "/accounts/workspace/"
    assert Membership.objects.get(user=user).is_manager is True


def test_who_belongs_to_another_organization_cannot_join(client: Client, manager: Actor, enterprise: Actor) -> None:
    client.post(INVITE, {"email": enterprise.user.email})
    post()
    visitor = Client()
    visitor.force_login(enterprise.user)

    assert visitor.post(link()).status_code == 403
    assert Membership.objects.get(user=enterprise.user).organization == enterprise.organization


def test_revoking_closes_the_link(client: Client, manager: Actor) -> None:
    row = invitation_of(manager)
    address = f"/accounts/members/invitations/{row.uuid}/revoke/"

    assert client.post(address)["Location"] == URL
    row.refresh_from_db()
    assert row.revoked_at is not None
    words = client.post(f"{address}?lang=en", follow=True).content.decode()
    assert "This link no longer works" in words


def test_a_colleague_becomes_a_manager_and_no_longer(client: Client, manager: Actor, colleague: Actor) -> None:
    address = f"/accounts/members/{colleague.user.uuid}/manager/"
    client.post(address, {"is_manager": "1"})
    assert Membership.objects.get(user=colleague.user).is_manager is True
    client.post(address, {"is_manager": "0"})

    assert Membership.objects.get(user=colleague.user).is_manager is False
    assert AuditEntry.objects.filter(action="manager_set").count() == 2


def test_removing_ends_sessions_and_tokens_at_once(client: Client, manager: Actor, colleague: Actor) -> None:
    other = Client()
    other.force_login(colleague.user)
    Token.objects.create(user=colleague.user)
    assert other.get("/accounts/profile/").status_code == 200

    client.post(f"/accounts/members/{colleague.user.uuid}/remove/")

    assert not Membership.objects.filter(user=colleague.user).exists()
    assert other.get("/accounts/profile/").status_code == 302
    assert (Token.objects.count(), UserSession.objects.filter(user=colleague.user).count()) == (0, 0)
    assert User.objects.filter(pk=colleague.user.pk).exists()
    assert AuditEntry.objects.get(action="member_removed").detail == {"member": str(colleague.user.uuid)}


def test_the_last_manager_stays(client: Client, manager: Actor, colleague: Actor) -> None:
    own = manager.user.uuid
    for address, body in [
        (f"/accounts/members/{own}/manager/", {"is_manager": "0"}),
        (f"/accounts/members/{own}/remove/", {}),
        ("/accounts/members/leave/", {}),
    ]:
        assert "needs a manager" in client.post(f"{address}?lang=en", body, follow=True).content.decode()

    assert Membership.objects.get(user=manager.user).is_manager is True


def test_a_member_leaves(client: Client, manager: Actor, colleague: Actor) -> None:
    other = Client()
    other.force_login(colleague.user)

    assert other.post("/accounts/members/leave/")["Location"] == "/accounts/sign-in/"
    assert not Membership.objects.filter(user=colleague.user).exists()
    assert "_auth_user_id" not in other.session
    assert AuditEntry.objects.get().action == "member_left"


def test_people_of_others_are_not_there(client: Client, manager: Actor, enterprise: Actor) -> None:
    foreign = invitation_of(enterprise)
    for address in (
        f"/accounts/members/{enterprise.user.uuid}/remove/",
        f"/accounts/members/{enterprise.user.uuid}/manager/",
        f"/accounts/members/{uuid4()}/remove/",
        f"/accounts/members/invitations/{foreign.uuid}/revoke/",
    ):
        assert client.post(address).status_code == 404
    assert Membership.objects.filter(user=enterprise.user).exists()


def test_who_manages_nothing_changes_nothing(client: Client, manager: Actor, colleague: Actor) -> None:
    other = Client()
    other.force_login(colleague.user)

    assert other.get(URL).status_code == 403
    assert other.post(INVITE, {"email": "a@example.cn"}).status_code == 403
    assert other.post(f"/accounts/members/{manager.user.uuid}/remove/").status_code == 403
    assert (Invitation.objects.count(), Membership.objects.filter(organization=manager.organization).count()) == (0, 2)
    assert mail.outbox == []
