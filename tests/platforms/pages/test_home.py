"""The first page: true counts, the three doors, the newest listings."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from platforms.enums import ListingStatus
from platforms.models import Capability
from tests.factories import CapabilityFactory, FactFactory, PlatformFactory


@pytest.mark.django_db
def test_an_empty_catalogue_says_so(client: Client) -> None:
    page = client.get("/?lang=en")

    assert page.status_code == 200
    assert page.context["capability_count"] == 0
    assert "No listings yet." in page.content.decode()


@pytest.mark.django_db
def test_counts_are_of_what_anybody_may_see(client: Client, capability: Capability) -> None:
    CapabilityFactory.create(platform=capability.platform, status=ListingStatus.DRAFT)
    PlatformFactory.create(status=ListingStatus.SUBMITTED)

    page = client.get("/")

    assert page.context["capability_count"] == 1
    assert page.context["platform_count"] == 1
    assert page.context["chains"] == [("生物制造", 1)]
    assert page.context["common_processes"] == ["发酵"]
    assert "1 项服务能力" in page.content.decode()


@pytest.mark.django_db
def test_three_doors_lead_to_finding_posting_and_linking(client: Client) -> None:
    text = client.get("/").content.decode()

    doors = text[text.index('<nav class="doors"') : text.index("</nav>", text.index('<nav class="doors"'))]
    assert [part.split('"')[0] for part in doors.split('href="')[1:] if "icons.svg" not in part.split('"')[0]] == [
        "/services/",
        "/needs/new/",
        "/chains/",
    ]


@pytest.mark.django_db
def test_newest_source_comes_first_and_undated_ones_stay_away(client: Client) -> None:
    for name, day in (("甲", "2024-01-01"), ("乙", "2026-01-01"), ("丙", "")):
        CapabilityFactory.create(name=name, platform=PlatformFactory.create(source_date=day))

    rows = client.get("/").context["rows"]

    assert [row.capability.name for row in rows] == ["乙", "甲"]


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_listings(client: Client) -> None:
    def queries_of_home() -> int:
        client.get("/")  # fills what the process keeps
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    FactFactory.create()
    few = queries_of_home()
    for _ in range(3):
        FactFactory.create()
    assert queries_of_home() == few


@pytest.mark.django_db
def test_listings_that_state_a_size_come_before_newer_ones_that_do_not(client: Client) -> None:
    newer = CapabilityFactory.create(platform=PlatformFactory.create(source_date="2026-05-01"))
    older = CapabilityFactory.create(platform=PlatformFactory.create(source_date="2024-01-01"))
    FactFactory.create(capability=older, volume=True)

    assert [row.capability for row in client.get("/").context["rows"]] == [older, newer]
