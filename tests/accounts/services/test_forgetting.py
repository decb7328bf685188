"""What is not kept."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Invitation, Registration, UserSession
from zhongshi.accounts.services.forgetting import accounts_forget
from zhongshi.accounts.tasks import forget


def test_what_is_over_goes_and_what_is_not_stays(enterprise: Actor) -> None:
    now = timezone.now()
    for days in (-1, 1):
        Registration.objects.create(
            kind="enterprise", zone=enterprise.zone, email=f"p{days}@example.cn", expires_at=now + timedelta(days=days)
        )
    for days in (-91, -1):
        Invitation.objects.create(
            organization=enterprise.organization,
            email=f"p{days}@example.cn",
            invited_by=enterprise.user,
            expires_at=now + timedelta(days=days),
        )
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(enterprise.user)
    UserSession.objects.get(session_id=clients[0].session.session_key).session.delete()
    clients[0].force_login(enterprise.user)
    row = UserSession.objects.get(session_id=clients[0].session.session_key).session
    row.expire_date = now - timedelta(seconds=1)
    row.save()

    assert accounts_forget() == {"registrations": 1, "invitations": 1, "sessions": 1}
    assert Registration.objects.get().email == "p1@example.cn"
    assert Invitation.objects.get().email == "p-1@example.cn"
    assert UserSession.objects.get().session_id == clients[1].session.session_key
    forget()
    assert (Registration.objects.count(), UserSession.objects.count()) == (1, 1)
