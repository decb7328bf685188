"""Mails about accounts: owed without secrets, sent again as the same mail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from tests.accounts.posting import link, post
from tests.factories import make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Invitation, Membership, User
from zhongshi.accounts.services.mailing import mail_owe
from zhongshi.accounts.services.profiles import reset_ask
from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent


def invitation_of(actor: Actor) -> Invitation:
    return Invitation.objects.create(
        organization=actor.organization,
        email="new@example.cn",
        invited_by=actor.user,
        language="zh-hans",
        expires_at=timezone.now() + timedelta(days=1),
    )


def test_no_link_lies_in_the_outbox(enterprise: Actor) -> None:
    reset_ask(address="enterprise@example.com")
    row = invitation_of(enterprise)
    mail_owe("invited", key="k", invitation_id=row.pk)
    post()

    kept = json.dumps(list(OutboxEvent.objects.values_list("payload", "key")))
    tokens = [part for part in link().split("/") if len(part) > 20]
    assert len(tokens) == 1
    assert all(token not in kept for token in tokens)


def test_a_mail_sent_twice_is_the_same_mail(enterprise: Actor) -> None:
    mail_owe("invited", key="k", invitation_id=invitation_of(enterprise).pk)
    post()
    OutboxEvent.objects.update(state="pending")
    post()

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.to == second.to == ["new@example.cn"]


def test_it_is_written_in_the_readers_language(enterprise: Actor) -> None:
    mail_owe("invited", key="k", invitation_id=invitation_of(enterprise).pk)

    assert post() == [("new@example.cn", f"enterprise邀请您加入“{enterprise.organization.name}”")]
    assert "链接七天内有效，只能使用一次。" in str(mail.outbox[0].body)


@pytest.mark.parametrize("gone", ["revoked_at", "accepted_at"])
def test_what_is_over_is_not_sent(enterprise: Actor, gone: str) -> None:
    row = invitation_of(enterprise)
    mail_owe("invited", key="k", invitation_id=row.pk)
    Invitation.objects.update(**{gone: timezone.now()})

    assert post() == []
    assert OutboxEvent.objects.get().state == "done"


def test_a_kind_nobody_writes_is_a_mistake_at_once(db: None) -> None:
    with pytest.raises(KeyError):
        mail_owe("nothing", key="k")

    assert not OutboxEvent.objects.exists()


class Refusing(EmailBackend):
    """A mail server that refuses one address, for good (550) or for now (450)."""

    code = 550

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.to == ["gone@example.cn"]:
                raise SMTPRecipientsRefused({"gone@example.cn": (self.code, b"no such user")})
        return super().send_messages(list(email_messages))


@pytest.mark.parametrize(("code", "state"), [(550, "dead"), (450, "pending")])
def test_an_address_refused_for_good_is_not_tried_again_and_the_others_are_told(
    enterprise: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch, code: int, state: str
) -> None:
    monkeypatch.setattr(Refusing, "code", code)
    monkeypatch.setattr(mail, "get_connection", lambda *_args, **_more: Refusing())
    other = make_actor(Role.ENTERPRISE, enterprise.zone, organization=enterprise.organization)
    User.objects.filter(pk=enterprise.user.pk).update(email="gone@example.cn")
    Membership.objects.update(is_manager=True)
    mail_owe("taken", key="k", organization_id=enterprise.organization.pk, person="李明", email="li@example.cn")
    row = OutboxEvent.objects.get()
    outbox.run(row.pk)

    row.refresh_from_db()
    assert row.state == state
    assert [letter.to for letter in mail.outbox] == ([[other.user.email]] if code == 550 else [])
