"""The operator's certificates: listed with their dates, added, renewed, corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from platforms.models import Capability, Certificate

LIST = "/desk/certs/"
pytestmark = pytest.mark.django_db(transaction=True)
SENT = {
    "qualification": "GMP",
    "number": "SC-1",
    "issuer": "省药监局",
    "scope": "",
    "valid_from": "",
    "valid_until": "",
}


def paper(capability: Capability, days: int | None, **fields: object) -> Certificate:
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    columns = {"qualification": "GMP", "status": "published"} | fields
    return Certificate.objects.create(platform=capability.platform, valid_until=until, **columns)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(
    rows: int, browser: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        paper(capability, number, number=f"SC-{number}")

    with django_assert_num_queries(10):
        page = browser.get(LIST).content.decode()

    assert page.count("SC-") == min(rows, 20)


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "expired"), (0, "0 days left"), (1, "1 day left"), (90, "90 days left"), (91, "valid")]
)
def test_what_its_dates_mean(browser: Client, capability: Capability, days: int, said: str) -> None:
    paper(capability, days)

    page = browser.get(LIST).content.decode()

    assert f"</svg>{said}</span>" in page
    assert ("cert-expired" in page) == (days < 0)


def test_one_is_added_and_waits_for_review(browser: Client, capability: Capability) -> None:
    browser.post(f"/desk/platforms/{capability.platform.uuid}/certs/new/", SENT)

    row = Certificate.objects.get()
    assert (row.status, row.number, row.renews) == ("submitted", "SC-1", None)


def test_a_renewal_begins_with_what_stays(browser: Client, capability: Capability) -> None:
    old = paper(capability, 5, issuer="省药监局", number="SC-0")

    form = browser.get(f"{LIST}{old.uuid}/").content.decode()
    browser.post(f"{LIST}{old.uuid}/", {**SENT, "valid_until": "2999-01-01"})

    assert 'value="省药监局"' in form
    assert "SC-0" not in form
    assert old.renewals.get().number == "SC-1"
    assert "renewal submitted" in browser.get(LIST).content.decode()


def test_a_returned_one_is_corrected(browser: Client, capability: Capability) -> None:
    old = paper(capability, 5, status="returned", number="SC-0", issuer="x")

    assert 'value="SC-0"' in browser.get(f"{LIST}{old.uuid}/").content.decode()
    browser.post(f"{LIST}{old.uuid}/", SENT)

    row = Certificate.objects.get()
    assert (row.status, row.number) == ("submitted", "SC-1")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": ""}, "This field is required."),
        ({"qualification": "nonsense"}, "Select a valid choice."),
        ({"valid_until": "2020-01-01"}, "This paper has run out."),
        ({"valid_from": "2030-01-02", "valid_until": "2030-01-01"}, "Lies before the first day."),
    ],
)
def test_a_bad_one_stays_typed(browser: Client, capability: Capability, fields: dict[str, str], said: str) -> None:
    refused = browser.post(f"/desk/platforms/{capability.platform.uuid}/certs/new/", {**SENT, **fields})

    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert 'value="省药监局"' in refused.content.decode()
    assert Certificate.objects.count() == 0


def test_strangers_see_none(stranger: Client, capability: Capability) -> None:
    row = paper(capability, 5, number="SC-7")

    assert "SC-7" not in stranger.get(LIST).content.decode()
    assert stranger.get(f"{LIST}{row.uuid}/").status_code == 404
    assert stranger.post(f"{LIST}{row.uuid}/", SENT).status_code == 404
    assert Certificate.objects.count() == 1
