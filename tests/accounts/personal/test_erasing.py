"""After erasing, the whole database no longer knows the person; the organization's rows and the trail stay."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from matching.models import Match, Question, Quote
from platforms.models import CalendarFeed
from requests.enums import NeedStatus
from requests.models import Need, NeedDraft, NeedRevision
from tests.factories import PASSWORD, NeedFactory, QuestionFactory, QuoteFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import ConsentRecord, Invitation, Membership, Registration, User, Zone
from zhongshi.accounts.services import erasing
from zhongshi.accounts.services.mailing import mail_owe
from zhongshi.accounts.services.members import invitation_send
from zhongshi.accounts.services.profiles import person_note
from zhongshi.backup.programs import program
from zhongshi.core import notifications
from zhongshi.core.errors import DomainError
from zhongshi.core.models import AuditEntry, Delivery, NoticeSettings, Notification, OutboxEvent

NAME, MAIL, PHONE, LOGIN = (
    "欧阳晓岚",
    "ouyang.xiaolan@firm.example.cn",
    "139-8123-4567",
    "ouyang.xiaolan@firm.example.cn",
)
MARKS = (NAME, MAIL, PHONE, "13981234567")


@pytest.fixture
def person(zone: Zone) -> Actor:
    """A manager who is the contact as well, with a colleague who manages too."""
    actor = make_actor(Role.ENTERPRISE, zone, username=LOGIN, email=MAIL, first_name=NAME)
    Membership.objects.filter(user=actor.user).update(is_manager=True)
    organization = actor.organization
    organization.contact_name, organization.contact_phone, organization.contact_email = NAME, PHONE, MAIL.upper()
    organization.save()
    colleague = make_actor(Role.ENTERPRISE, zone, organization=organization, username="colleague")
    Membership.objects.filter(user=colleague.user).update(is_manager=True)
    return Actor(actor.user, organization, Role.ENTERPRISE, is_manager=True)


def leave_traces(person: Actor, match: Match, operator: Actor) -> None:
    """The person in every table that can hold one."""
    user, words = person.user, f"请联系{NAME}，电话{PHONE}，邮箱{MAIL}。"
    client = Client(headers={"user-agent": f"Mozilla {NAME}"})
    client.force_login(user)
    client.get("/accounts/profile/")
    Token.objects.create(user=user)
    TOTPDevice.objects.create(user=user, name=NAME)
    StaticDevice.objects.create(user=user, name=NAME).token_set.create(token="abc")
    now = timezone.now()
    soon = {"expires_at": now + timedelta(days=1), "language": "zh-hans"}
    zone = person.zone
    Registration.objects.create(kind="enterprise", zone=zone, person_name=NAME, email=MAIL, password="x", **soon)
    Invitation.objects.create(organization=operator.organization, email=MAIL, invited_by=operator.user, **soon)
    ConsentRecord.objects.create(user=user, document="privacy", version="1", at=now)
    NoticeSettings.objects.create(user=user)
    mail_owe("reset", key="x", address=MAIL)
    mail_owe("changed", key="y", user_id=user.pk, what="password", to=MAIL)
    mail_owe("taken", key="z", organization_id=1, person=NAME, email=MAIL)
    path = "/accounts/members/"
    notifications.owe([user], "member.joined", key="own", path=path, params={"person": "甲", "name": "乙"})
    notifications.owe([operator.user], "member.joined", key="other", path=path, params={"person": NAME, "name": words})
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=operator.user,
        content_type=kind,
        object_id=str(user.pk),
        object_repr=LOGIN,
        action_flag=CHANGE,
        change_message=words,
    )
    need = NeedFactory.create(organization=person.organization, created_by=user, title=f"{NAME}的需求", text=words)
    NeedRevision.objects.filter(need=need).update(
        title=need.title, text=words, created_by=user, conditions=[{"text": words}]
    )
    draft = NeedFactory.create(
        organization=person.organization, created_by=user, status=NeedStatus.DRAFT, title=NAME, text=words
    )
    NeedDraft.objects.create(need=draft, form="f", typed={"text": words})
    QuestionFactory.create(match=match, text=words, asked_by=user, answer=f"我是{NAME}", answered_by=user)
    QuoteFactory.create(match=match, note=words, payment=PHONE, quoted_by=user)
    CalendarFeed.objects.create(organization=person.organization, token_digest="d", created_by=user)
    OutboxEvent.objects.create(
        topic="t", handler="h", key="k", payload={"deep": [{MAIL: words}]}, available_at=now, last_error=words
    )
    person_note("looked", user)


def dump() -> str:
    """The whole database as text, as a backup would hold it."""
    config = connection.settings_dict
    place = ["-h", config["HOST"] or "", "-p", str(config["PORT"]), "-U", config["USER"], config["NAME"]]
    environment = {**os.environ, "PGPASSWORD": config["PASSWORD"] or ""}
    done = subprocess.run(
        [program("pg_dump", connection.pg_version // 10_000), *place], check=True, capture_output=True, env=environment
    )
    return done.stdout.decode()


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_whole_database_does_not_know_the_person(person: Actor, lead: Match, operator: Actor) -> None:
    leave_traces(person, lead, operator)
    before = dump()
    assert [mark for mark in MARKS[:3] if mark not in before] == []

    erasing.person_erase(user=person.user, by=person.user)

    after = dump()
    assert [line for line in after.splitlines() if any(mark.lower() in line.lower() for mark in MARKS)] == []


def test_business_and_trail_stay_under_a_pseudonym(person: Actor, lead: Match, operator: Actor) -> None:
    leave_traces(person, lead, operator)
    user, uuid = person.user, person.user.uuid

    erasing.person_erase(user=user, by=user)

    assert (user.username, user.email, user.first_name, user.is_active) == (f"erased-{uuid}", "", "", False)
    assert not user.has_usable_password()
    assert user.get_full_name() == "已注销账号"
    assert Need.objects.get(created_by=user).title == f"{'＊' * 4}的需求"
    assert NeedRevision.objects.get(created_by=user).conditions[0]["text"].startswith("请联系＊＊＊＊，电话＊＊＊")
    assert (Question.objects.count(), Quote.objects.count(), ConsentRecord.objects.count()) == (1, 1, 1)
    assert Question.objects.get().answer == "我是＊＊＊＊"
    assert Notification.objects.get().params["person"] == "＊＊＊＊"
    gone = [Token, TOTPDevice, StaticDevice, Registration, Invitation, NoticeSettings, NeedDraft]
    assert [model.__name__ for model in gone if model.objects.exists()] == []
    assert Delivery.objects.filter(recipient=user).count() == 0
    assert not Membership.objects.filter(user=user).exists()
    assert CalendarFeed.objects.get().revoked_at is not None
    deeds = AuditEntry.objects.filter(actor=user).order_by("id").values_list("action", flat=True)
    assert list(deeds) == ["looked", "account_erased"]
    organization = person.organization
    organization.refresh_from_db()
    assert (organization.contact_name, organization.contact_phone, organization.contact_email) == ("", "", "")


def test_masking_keeps_the_length(person: Actor, lead: Match, operator: Actor) -> None:
    leave_traces(person, lead, operator)
    long = Need.objects.get(status=NeedStatus.OPEN, created_by=person.user).text
    erasing.person_erase(user=person.user, by=person.user)
    assert len(Need.objects.get(created_by=person.user).text) == len(long)


def test_others_with_the_same_name_are_left_alone(person: Actor, enterprise2: Actor) -> None:
    theirs = NeedFactory.create(organization=enterprise2.organization, created_by=enterprise2.user, text=f"找{NAME}谈")
    enterprise2.organization.contact_name = NAME
    enterprise2.organization.save()
    erasing.person_erase(user=person.user, by=person.user)
    theirs.refresh_from_db()
    enterprise2.organization.refresh_from_db()
    assert (theirs.text, enterprise2.organization.contact_name) == (f"找{NAME}谈", NAME)


def test_erasing_twice_changes_nothing(person: Actor) -> None:
    erasing.person_erase(user=person.user, by=person.user)
    erasing.person_erase(user=person.user, by=person.user)
    assert AuditEntry.objects.filter(action="account_erased").count() == 1


def test_the_last_manager_hands_over_or_closes_first(person: Actor) -> None:
    Membership.objects.exclude(user=person.user).update(is_manager=False)
    with pytest.raises(DomainError):
        erasing.person_erase(user=person.user, by=person.user)
    person.user.refresh_from_db()
    assert (person.user.email, AuditEntry.objects.count()) == (MAIL, 0)


def test_the_last_member_counts_as_one(enterprise: Actor) -> None:
    assert erasing.erase_obstacle(enterprise.user) != ""


def test_a_zone_office_is_not_left_empty(zone_admin: Actor) -> None:
    assert erasing.erase_obstacle(zone_admin.user).startswith("园区管理方")


def test_invitations_the_person_sent_are_revoked(person: Actor) -> None:
    row = invitation_send(actor=person, email="new@example.com")
    erasing.person_erase(user=person.user, by=person.user)
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_the_command_asks_twice(person: Actor) -> None:
    said = StringIO()
    call_command("erase_person", LOGIN, stdout=said)
    assert User.objects.get(pk=person.user.pk).erased_at is None
    call_command("erase_person", LOGIN, yes=True, stdout=said)
    assert User.objects.get(pk=person.user.pk).erased_at is not None
    with pytest.raises(CommandError, match="no such account"):
        call_command("erase_person", LOGIN, yes=True)
    assert AuditEntry.objects.get(action="account_erased").actor is None


@pytest.fixture
def page_of(client: Client) -> Callable[[Actor], Client]:
    def signed_in(actor: Actor) -> Client:
        client.force_login(actor.user)
        return client

    return signed_in


def test_the_page_deletes_against_the_password(person: Actor, page_of: Callable[[Actor], Client]) -> None:
    client = page_of(person)
    assert client.get("/accounts/data/delete/").status_code == 200
    entered: dict[str, Any] = {"password": "wrong", "is_understood": "on"}
    assert client.post("/accounts/data/delete/", entered).status_code == 422
    assert client.post("/accounts/data/delete/", {"password": PASSWORD}).status_code == 422
    assert User.objects.get(pk=person.user.pk).is_active

    answer = client.post("/accounts/data/delete/", {"password": PASSWORD, "is_understood": "on"}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert not User.objects.get(pk=person.user.pk).is_active
    assert client.get("/accounts/profile/").status_code == 302
    assert not client.login(username=LOGIN, password=PASSWORD)


def test_the_page_says_what_is_in_the_way(enterprise: Actor, page_of: Callable[[Actor], Client]) -> None:
    client = page_of(enterprise)
    assert 'name="is_understood"' not in client.get("/accounts/data/delete/").content.decode()
    assert client.post("/accounts/data/delete/", {"password": PASSWORD, "is_understood": "on"}).status_code == 422
    assert User.objects.get(pk=enterprise.user.pk).is_active


def test_who_has_no_password_types_the_name(person: Actor, page_of: Callable[[Actor], Client]) -> None:
    person.user.set_unusable_password()
    person.user.save()
    client = page_of(person)
    assert client.post("/accounts/data/delete/", {"username": "x", "is_understood": "on"}).status_code == 422
    assert client.post("/accounts/data/delete/", {"username": LOGIN, "is_understood": "on"}).status_code == 302
