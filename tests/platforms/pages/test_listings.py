"""The pages of one capability and one platform: every fact with its source, and never a contact."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from platforms.enums import ListingStatus
from platforms.models import Capability, Certificate, FreePeriod
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory
from zhongshi.accounts.actors import Actor

MARK = "公开信息整理，未经平台核验"


def test_a_fact_shows_its_value_words_source_and_date(client: Client, capability: Capability) -> None:
    page = client.get(f"/services/{capability.uuid}/?lang=en")

    text = page.content.decode()
    sizes = [(fact.quantity, fact.low, fact.source_date) for _, facts in page.context["sizes"] for fact in facts]
    assert sizes == [("volume", 500, "2025-12-25")]
    assert [(kind, [fact.value for fact in facts]) for kind, facts in page.context["groups"]] == [("process", ["发酵"])]
    assert "“500L发酵罐”" in text
    assert "500 L" in text
    assert "stated in the source" in text


def test_what_the_listing_does_not_say_is_listed(client: Client, capability: Capability) -> None:
    page = client.get(f"/services/{capability.uuid}/?lang=en")

    assert page.context["unknowns"] == [
        "Stages served",
        "Qualifications and certificates",
        "Technology readiness level",
        "Small batches for sale",
        "Price",
        "Availability",
    ]


@pytest.mark.parametrize("path", ["/", "/services/", "/services/{capability}/", "/platforms/{platform}/"])
def test_public_sources_are_marked_everywhere(client: Client, capability: Capability, path: str) -> None:
    address = path.format(capability=capability.uuid, platform=capability.platform.uuid)

    text = client.get(address).content.decode()

    assert MARK in text
    assert '<a href="https://example.com/list" rel="nofollow noopener noreferrer">example.com</a>' in text
    assert "2025-12-25" in text
    assert "来源等级 A" in text


@pytest.mark.parametrize("path", ["/", "/services/", "/services/{capability}/", "/platforms/{platform}/"])
def test_a_confirmed_platform_is_not_marked_unverified(client: Client, capability: Capability, path: str) -> None:
    capability.platform.is_confirmed = True
    capability.platform.save()
    address = path.format(capability=capability.uuid, platform=capability.platform.uuid)

    text = client.get(address).content.decode()

    assert MARK not in text
    assert "机构已确认" in text


@pytest.mark.parametrize("path", ["/", "/services/", "/services/{capability}/", "/platforms/{platform}/"])
def test_contacts_are_on_no_public_page(
    client: Client, capability: Capability, operator: Actor, zone_admin: Actor, path: str
) -> None:
    organization = operator.organization
    address = path.format(capability=capability.uuid, platform=capability.platform.uuid)
    for reader in (None, operator, zone_admin):
        if reader:
            client.force_login(reader.user)
        text = client.get(address).content.decode()
        for contact in (organization.contact_name, organization.contact_phone, organization.contact_email):
            assert contact
            assert contact not in text


def test_an_address_that_is_no_web_address_is_not_a_link(client: Client, capability: Capability) -> None:
    capability.platform.source_url = "javascript:alert(1)"
    capability.platform.save()

    text = client.get(f"/services/{capability.uuid}/").content.decode()

    assert 'href="javascript:' not in text
    assert "javascript:alert(1)" in text


@pytest.mark.parametrize("status", [ListingStatus.DRAFT, ListingStatus.SUBMITTED, ListingStatus.SUSPENDED])
def test_unpublished_is_for_its_operator_and_its_zone_only(
    client: Client,
    capability: Capability,
    operator: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
    status: str,
) -> None:
    Capability.objects.update(status=status)
    expected = {None: 404, operator2: 404, other_zone_admin: 404, operator: 200, zone_admin: 200}
    for reader, answer in expected.items():
        client.logout()
        if reader:
            client.force_login(reader.user)
        assert client.get(f"/services/{capability.uuid}/").status_code == answer


def test_an_unpublished_platform_is_not_found(client: Client, capability: Capability) -> None:
    capability.platform.status = ListingStatus.RETURNED
    capability.platform.save()

    assert client.get(f"/platforms/{capability.platform.uuid}/").status_code == 404
    assert client.get(f"/services/{capability.uuid}/").status_code == 404


def test_the_first_free_day_is_not_in_the_past(client: Client, capability: Capability) -> None:
    today = timezone.localdate()
    for first, last in ((-30, -10), (-5, 20), (40, 50)):
        FreePeriod.objects.create(
            capability=capability, starts_on=today + timedelta(first), ends_on=today + timedelta(last)
        )
    Capability.objects.update(is_availability_known=True)

    page = client.get(f"/services/{capability.uuid}/?lang=en")

    assert page.context["free_from"] == today
    assert f"Free from {today:%Y-%m-%d}" in page.content.decode()


def test_an_expired_certificate_says_so(client: Client, capability: Capability) -> None:
    today = timezone.localdate()
    for number, days in (("A-1", -1), ("A-2", 1)):
        Certificate.objects.create(
            platform=capability.platform,
            qualification="GMP",
            number=number,
            valid_until=today + timedelta(days),
            status=ListingStatus.PUBLISHED,
        )
    Certificate.objects.create(
        platform=capability.platform, qualification="CMA", number="A-3", status=ListingStatus.DRAFT
    )

    text = client.get(f"/platforms/{capability.platform.uuid}/?lang=en").content.decode()

    assert text.count("expired") == 1
    assert f"<s>{today - timedelta(1):%Y-%m-%d}</s>" in text
    assert "A-2" in text
    assert "A-3" not in text


def test_a_platform_lists_its_published_capabilities(client: Client, capability: Capability) -> None:
    CapabilityFactory.create(platform=capability.platform, status=ListingStatus.DRAFT)
    CapabilityFactory.create(platform=PlatformFactory.create())

    page = client.get(f"/platforms/{capability.platform.uuid}/")

    assert [row.capability.pk for row in page.context["rows"]] == [capability.pk]


def test_the_need_form_is_one_step_away(client: Client, capability: Capability) -> None:
    assert (
        f'href="/needs/new/?capability={capability.uuid}"'
        in client.get(f"/services/{capability.uuid}/").content.decode()
    )


@pytest.mark.parametrize("path", ["/services/", "/services/{capability}/", "/platforms/{platform}/"])
def test_a_phrase_nobody_could_read_is_not_shown_as_a_fact(client: Client, capability: Capability, path: str) -> None:
    FactFactory.create(capability=capability, kind="phrase", value="process:挂釉", text="挂釉", source="read")
    address = path.format(capability=capability.uuid, platform=capability.platform.uuid)

    page = client.get(address)

    assert page.status_code == 200
    assert "挂釉" not in page.content.decode()
