"""The office sends a need back from its page, with a common reason, own words, or both."""

from __future__ import annotations

import pytest
from django.test import Client

from platforms.templatetags.desk import listing_pill
from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification


@pytest.fixture
def office(zone_admin: Actor) -> Client:
    client = Client()
    client.force_login(zone_admin.user)
    client.cookies["language"] = "en"
    return client


@pytest.mark.parametrize(
    ("sent", "note"),
    [
        ({"reason": "scale"}, "scale or throughput is missing"),
        ({"reason": "scale", "note": "请写明批量"}, "scale or throughput is missing：请写明批量"),
        ({"reason": "other", "note": "请写明批量"}, "请写明批量"),
        ({"reason": "made up", "note": "请写明批量"}, "请写明批量"),
    ],
)
def test_the_owner_reads_reason_and_words(sent: dict[str, str], note: str, need: Need, office: Client) -> None:
    assert "scale or throughput is missing" in office.get(f"/needs/{need.number}/").content.decode()

    office.post(f"/park/needs/{need.number}/return/", sent)

    need.refresh_from_db()
    assert (need.status, Notification.objects.get(event="need.returned").params["note"]) == ("returned", note)


@pytest.mark.parametrize("sent", [{}, {"reason": "other"}, {"note": "  "}])
def test_without_either_nothing_goes_back(sent: dict[str, str], need: Need, office: Client) -> None:
    refused = office.post(f"/park/needs/{need.number}/return/", sent)

    need.refresh_from_db()
    assert (refused.status_code, need.status) == (400, "open")


def test_a_certificate_checked_once_has_words(english: None) -> None:
    assert "checked once, waits for a second person" in listing_pill("checked")
