"""My data: the copy, the consents; the token of programs; an organization closed for good."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from matching.models import Match
from matching.services.choosing import match_choose
from matching.services.leads import lead_accept
from tests.conftest import ApiOf
from tests.factories import PASSWORD, NeedFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import ContactConsent, Invitation, Membership, Organization, User
from zhongshi.accounts.services.members import invitation_send
from zhongshi.accounts.services.registering import PRIVACY_VERSION, consent_note
from zhongshi.core import audit_chain
from zhongshi.core.audit import record
from zhongshi.core.models import AuditEntry, OutboxEvent

PAGE = "/accounts/data/"


@pytest.fixture
def owner(enterprise: Actor) -> Actor:
    Membership.objects.filter(user=enterprise.user).update(is_manager=True)
    return Actor(enterprise.user, enterprise.organization, enterprise.role, is_manager=True)


@pytest.fixture
def chosen(enterprise: Actor, operator: Actor, lead: Match) -> Match:
    """A match whose operator accepted and that the enterprise chose: both agreed to pass on contacts."""
    accepted = lead_accept(actor=operator, match=lead)
    return match_choose(actor=enterprise, match=Match.objects.get(pk=accepted.pk))


def test_the_copy_holds_what_is_kept(client: Client, enterprise: Actor, chosen: Match) -> None:
    consent_note(user=enterprise.user, version="2026-11-21")
    NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user, title="我的需求")
    client.force_login(enterprise.user)
    Token.objects.create(user=enterprise.user)

    answer = client.post(PAGE, {"password": PASSWORD})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="zhongshi-data-')
    archive = zipfile.ZipFile(BytesIO(answer.content))
    assert archive.namelist() == ["data.json", "data.html"]
    found = json.loads(archive.read("data.json"))
    assert found["account"]["username"] == "enterprise"
    assert found["account"]["organization"] == enterprise.organization.name
    assert [row["version"] for row in found["tables"]["consents"]] == ["2026-11-21"]
    assert [row["match"] for row in found["tables"]["consents to passing on contacts"]] == [str(chosen.uuid)]
    assert {row["action"] for row in found["tables"]["deeds"]} == {"status", "contacts_released"}
    assert [list(row) for row in found["tables"]["tokens of programs"]] == [["created"]]
    assert "我的需求" in archive.read("data.html").decode()
    assert Token.objects.get().key not in archive.read("data.json").decode()
    assert AuditEntry.objects.filter(action="data_exported", actor=enterprise.user).count() == 1


def test_the_copy_is_of_nobody_else(client: Client, enterprise: Actor, enterprise2: Actor) -> None:
    NeedFactory.create(organization=enterprise2.organization, created_by=enterprise2.user, title="别人的需求")
    client.force_login(enterprise.user)
    archive = zipfile.ZipFile(BytesIO(client.post(PAGE, {"password": PASSWORD}).content))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "别人的需求" not in everything
    assert "enterprise2" not in everything


def test_the_copy_wants_the_password(client: Client, enterprise: Actor) -> None:
    client.force_login(enterprise.user)
    assert client.post(PAGE, {"password": "wrong"}).status_code == 422
    assert not AuditEntry.objects.exists()


def test_choosing_and_accepting_are_consents(enterprise: Actor, operator: Actor, chosen: Match) -> None:
    assert list(ContactConsent.objects.order_by("id").values_list("user", "match", "withdrawn_at")) == [
        (operator.user.pk, chosen.uuid, None),
        (enterprise.user.pk, chosen.uuid, None),
    ]


def test_what_is_taken_back_is_hidden_from_the_other_side(
    client: Client, enterprise: Actor, operator: Actor, chosen: Match, api: ApiOf
) -> None:
    lead = f"/api/v1/leads/{chosen.uuid}/"
    assert api(operator).get(lead).json()["contacts"]["phone"] == enterprise.organization.contact_phone
    client.force_login(enterprise.user)
    own = ContactConsent.objects.get(user=enterprise.user)
    theirs = ContactConsent.objects.get(user=operator.user)
    assert client.post(f"/accounts/data/consents/{theirs.uuid}/withdraw/").status_code == 404

    assert client.post(f"/accounts/data/consents/{own.uuid}/withdraw/")["Location"] == PAGE

    assert api(operator).get(lead).json()["contacts"] is None
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None
    assert AuditEntry.objects.filter(action="contact_consent_withdrawn").count() == 1
    client.post(f"/accounts/data/consents/{own.uuid}/withdraw/")
    assert AuditEntry.objects.filter(action="contact_consent_withdrawn").count() == 1


def test_a_token_is_listed_and_revoked(client: Client, enterprise: Actor, api: ApiOf) -> None:
    programs = api(enterprise)
    assert programs.get("/api/v1/needs/").status_code == 200
    client.force_login(enterprise.user)
    assert "/accounts/token/revoke/" in client.get("/accounts/security/").content.decode()

    client.post("/accounts/token/revoke/")

    assert programs.get("/api/v1/needs/").status_code == 401
    assert "/accounts/token/revoke/" not in client.get("/accounts/security/").content.decode()
    client.post("/accounts/token/revoke/")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["token_revoked"]


def test_closing_an_organization(client: Client, owner: Actor) -> None:
    invitation = invitation_send(actor=owner, email="new@example.com")
    client.force_login(owner.user)
    page = "/accounts/organization/close/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"password": "wrong", "is_understood": "on"}).status_code == 422

    assert client.post(page, {"password": PASSWORD, "is_understood": "on"}).status_code == 302

    row = Organization.objects.get(pk=owner.organization.pk)
    assert (row.status, row.contact_name, row.contact_phone, row.contact_email) == ("closed", "", "", "")
    assert Invitation.objects.get(pk=invitation.pk).revoked_at is not None
    facts = OutboxEvent.objects.filter(topic="organization.standing").order_by("handler")
    assert [fact.payload for fact in facts] == [{"organization_id": row.pk}] * 2
    assert client.get(page).status_code == 403
    assert "已关闭" in client.get("/accounts/organization/").content.decode()
    client.post("/accounts/data/delete/", {"password": PASSWORD, "is_understood": "on"})
    assert User.objects.get(pk=owner.user.pk).erased_at is not None


def test_only_managers_close(client: Client, enterprise: Actor, zone_admin: Actor) -> None:
    Membership.objects.filter(user=zone_admin.user).update(is_manager=True)
    for actor in (enterprise, zone_admin):
        client.force_login(actor.user)
        assert (
            client.post("/accounts/organization/close/", {"password": PASSWORD, "is_understood": "on"}).status_code
            == 403
        )
    assert not Organization.objects.filter(status="closed").exists()


def test_the_privacy_page_is_the_version_people_agree_to(client: Client, db: None) -> None:
    assert f"版本 {PRIVACY_VERSION}" in client.get("/privacy/").content.decode()


def test_the_trail_says_how_far_it_is_sealed(client: Client, zone_admin: Actor, other_zone_admin: Actor) -> None:
    for actor, times in ((zone_admin, 2), (other_zone_admin, 3)):
        for _ in range(times):
            record("looked", actor.organization, actor=None, zone_code=actor.zone.code)
    client.force_login(zone_admin.user)
    assert "尚未封存" in client.get("/park/audit/").content.decode()
    audit_chain.seal()
    record("looked", zone_admin.organization, actor=None, zone_code=zone_admin.zone.code)
    words = client.get("/park/audit/").content.decode()
    assert "已封存至第 2 条" in words
    assert "另有 1 条新记录" in words
