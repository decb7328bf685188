"""Where the registration stands, and its correction."""

from __future__ import annotations

import pytest
from django.test import Client

from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Membership, Organization

URL = "/accounts/organization/"
ENTERED = {
    "name": "更正后的名称",
    "credit_code": "91110000600037341L",
    "region": "",
    "contact_name": "李工",
    "contact_phone": "028-1",
}


def stand(actor: Actor, status: str, note: str = "") -> None:
    Organization.objects.filter(pk=actor.organization.pk).update(status=status, review_note=note)
    Membership.objects.filter(user=actor.user).update(is_manager=True)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("submitted", "usually decides within two working days"),
        ("returned", "Correct and hand in again"),
        ("suspended", "has suspended your organization"),
        ("approved", "may submit needs and listings"),
    ],
)
def test_the_status_is_said_in_words(client: Client, enterprise: Actor, status: str, said: str) -> None:
    stand(enterprise, status, "名称不符")
    client.force_login(enterprise.user)
    words = client.get(f"{URL}?lang=en").content.decode()

    assert said in words
    assert "名称不符" in words
    assert ("Prepare drafts" in words) is (status != "approved")


def test_a_manager_corrects_a_returned_registration(client: Client, enterprise: Actor) -> None:
    stand(enterprise, "returned", "名称不符")
    client.force_login(enterprise.user)

    assert client.post(URL, ENTERED)["Location"] == URL
    enterprise.organization.refresh_from_db()
    assert (enterprise.organization.status, enterprise.organization.name) == ("submitted", "更正后的名称")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, enterprise: Actor) -> None:
    stand(enterprise, "returned")
    client.force_login(enterprise.user)
    answer = client.post(URL, ENTERED | {"credit_code": "91110000600037341X"})

    assert answer.status_code == 422
    assert 'value="更正后的名称"' in answer.content.decode()
    enterprise.organization.refresh_from_db()
    assert enterprise.organization.status == "returned"


def test_what_was_not_returned_is_not_handed_in(client: Client, enterprise: Actor) -> None:
    stand(enterprise, "approved")
    client.force_login(enterprise.user)

    assert client.post(URL, ENTERED).status_code == 422
    enterprise.organization.refresh_from_db()
    assert (enterprise.organization.status, enterprise.organization.name != "更正后的名称") == ("approved", True)


def test_only_managers_correct(client: Client, enterprise: Actor) -> None:
    stand(enterprise, "returned")
    Membership.objects.update(is_manager=False)
    client.force_login(enterprise.user)

    assert client.post(URL, ENTERED).status_code == 403


def test_before_the_approval_the_posting_page_says_so_and_keeps_the_words(client: Client, enterprise: Actor) -> None:
    stand(enterprise, "submitted")
    client.force_login(enterprise.user)
    sheet = client.post("/needs/new/", {"title": "发酵中试", "text": "需要500L发酵罐。", "action": "read"}).context[
        "sheet"
    ]
    assert sheet is not None
    entered = {"title": "发酵中试", "text": "需要500L发酵罐。", "visibility": "matched", "rows-TOTAL_FORMS": "0"}
    answer = client.post("/needs/new/?lang=en", entered | {"rows-INITIAL_FORMS": "0", "action": "submit"})

    words = answer.content.decode()
    assert answer.status_code == 403
    assert "not approved by the zone&#x27;s office yet" in words
    assert "需要500L发酵罐。" in words
    assert not Need.objects.exclude(status="draft").exists()
