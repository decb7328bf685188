"""The office's other pages: dashboard, gap, organizations, trail, report, campaigns' report. Two zones throughout."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from matching.models import Match
from requests.models import Need
from tests.factories import (
    CampaignFactory,
    CapabilityFactory,
    ConditionFactory,
    FactFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    PlatformFactory,
    QuoteFactory,
    ScoringRunFactory,
)
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.audit import record
from zhongshi.core.models import AuditEntry
from zhongshi.vocabulary.models import Term


def this_month() -> str:
    """Asked for when it is needed: the suite may run across the month's end."""
    return f"{timezone.localdate():%Y-%m}"


@pytest.fixture
def browser(zone_admin: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(zone_admin)


@pytest.fixture
def terms(db: None) -> None:
    Term.objects.create(kind="chain", code="BIO", name_zh="生物制造", name_en="biomanufacturing")
    Term.objects.create(kind="chain", code="MAT", name_zh="新材料", name_en="new materials")
    Term.objects.create(kind="stage", code="PILOT", name_zh="中试", name_en="pilot test")


def _failed(zone: Zone, chain: str = "生物制造", **values: Any) -> Need:
    """An open need of a cell that found nobody."""
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone), **values)
    ConditionFactory.create(need=need, kind="chain", value=chain)
    ConditionFactory.create(need=need, kind="stage", value="PILOT")
    excluded = [{"reason": "GMP", "kind": "qualification", "count": 7}]
    ScoringRunFactory.create(need=need, excluded=excluded)
    return need


def _offer(zone: Zone, chain: str = "生物制造", stage: str = "PILOT", **values: Any) -> Any:
    row = CapabilityFactory.create(platform=PlatformFactory.create(zone=zone, chains=[chain]), **values)
    if stage:
        FactFactory.create(capability=row, kind="stage", value=stage)
    return row


def test_the_dashboard_counts_ones_own_zone_only(terms: None, zone: Zone, other_zone: Zone, browser: Client) -> None:
    need = _failed(zone, title="本园需求")
    _failed(other_zone, title="别园需求")
    _offer(other_zone, chain="新材料")

    page = browser.get("/park/").content.decode()
    wide = browser.get("/park/?supply=all").content.decode()

    assert "<dt>New needs</dt><dd>1</dd>" in page
    assert '<a href="/park/coverage/BIO/PILOT/">gap<span class="park-unmet">1 need unmet</span></a>' in page
    assert "New materials" not in page.split("<tbody>")[1]
    assert '<a href="/park/coverage/MAT/PILOT/">1</a>' in wide
    assert "别园需求" not in page + wide
    assert need.title in page
    assert "Main reason: “qualification” is met by nobody (1)." in page


def test_the_dashboard_is_narrowed_by_period_and_chain(terms: None, zone: Zone, browser: Client) -> None:
    _failed(zone, chain="新材料")
    old = _failed(zone)
    Need.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=800))

    assert "<dt>New needs</dt><dd>1</dd>" in browser.get("/park/").content.decode()
    assert "<dt>New needs</dt><dd>0</dd>" in browser.get("/park/?chain=BIO").content.decode()
    assert "<dt>New needs</dt><dd>1</dd>" in browser.get("/park/?chain=MAT&period=2026x").content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_dashboard_costs_the_same_for_one_and_thirty(
    rows: int, terms: None, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _failed(zone)
    for _ in range(rows):
        lead = MatchFactory.create(need=_failed(zone), approved=True)
        Match.objects.filter(pk=lead.pk).update(answer_due_at=timezone.now() - timedelta(hours=1))

    browser.get("/park/")  # the names of the terms are kept from now on
    with django_assert_num_queries(37):
        page = browser.get("/park/").content.decode()

    assert f'Needs attention <span class="muted">{rows + 1}</span>' in page


def test_the_dashboard_as_a_file_has_the_same_figures(terms: None, zone: Zone, browser: Client) -> None:
    _failed(zone)

    answer = browser.get("/park/?download=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheet_names == ["Numbers", "Coverage", "Funnel", "About this file"]
    rows = book.get_sheet_by_name("Coverage").to_python()
    assert ["Biomanufacturing", "Pilot test", 0.0, 1.0, 1.0, "yes"] in rows
    assert book.get_sheet_by_name("Funnel").to_python()[1][:2] == ["posted", 1.0]


def test_the_gap_page_names_who_failed_and_whom_to_ask(
    terms: None, zone: Zone, other_zone: Zone, browser: Client
) -> None:
    failed, _ = _failed(zone, title="本园需求"), _failed(other_zone, title="别园需求")
    silent, elsewhere = _offer(zone, stage=""), _offer(other_zone, chain="新材料")

    page = browser.get("/park/coverage/BIO/PILOT/").content.decode()

    assert failed.title in page
    assert "别园需求" not in page
    assert "Nobody has published a service for this stage." in page
    asked, invited = page.split("Ask first")[1].split("Invite: same stage")
    assert silent.name in asked
    assert elsewhere.name in invited
    assert "<dt>qualification</dt><dd>1 need</dd>" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_gap_page_costs_the_same_for_one_and_thirty(
    rows: int, terms: None, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        _failed(zone)
        _offer(zone)

    browser.get("/park/coverage/BIO/PILOT/")
    with django_assert_num_queries(14):
        page = browser.get("/park/coverage/BIO/PILOT/").content.decode()

    assert f'Who can do it now <span class="muted">{rows}</span>' in page


def test_organizations_of_the_zone_by_state_and_words(zone: Zone, other_zone: Zone, browser: Client) -> None:
    waiting = OrganizationFactory.create(zone=zone, name="蜀都生物", status="submitted")
    OrganizationFactory.create(zone=zone, name="天府材料")
    OrganizationFactory.create(zone=other_zone, name="江城光电")

    page = browser.get("/park/orgs/").content.decode()
    narrowed = browser.get("/park/orgs/?status=submitted&q=生物").content.decode()

    assert ("蜀都生物" in page, "天府材料" in page, "江城光电" in page) == (True, True, False)
    assert f'href="/park/review/organization/{waiting.uuid}/"' in narrowed
    assert "天府材料" not in narrowed
    assert "No organization here" in browser.get("/park/orgs/?q=无此机构").content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_organizations_cost_the_same_for_one_and_thirty(
    rows: int, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    OrganizationFactory.create_batch(rows, zone=zone)

    with django_assert_num_queries(8):
        page = browser.get("/park/orgs/").content.decode()

    assert f'Organizations <span class="muted">{rows}</span>' in page


@pytest.mark.parametrize("rows", [1, 30])
def test_needs_cost_the_same_for_one_and_thirty(
    rows: int, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = CampaignFactory.create(zone=zone)
    for _ in range(rows):
        NeedFactory.create(organization=OrganizationFactory.create(zone=zone), campaign=campaign)

    with django_assert_num_queries(9):
        page = browser.get("/park/needs/").content.decode()

    assert f'Needs of the zone <span class="muted">{rows}</span>' in page


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"), [("park/campaigns/{campaign}/", 10), ("park/needs/{need}/nominate/?q=发酵", 12)]
)
def test_work_lists_cost_the_same_for_one_and_thirty(
    rows: int,
    path: str,
    queries: int,
    zone: Zone,
    browser: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    campaign = CampaignFactory.create(zone=zone)
    for _ in range(rows):
        need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone), campaign=campaign)
        FactFactory.create(capability=CapabilityFactory.create(platform=PlatformFactory.create(zone=zone)))
    address = "/" + path.format(campaign=campaign.uuid, need=need.number)
    browser.get(address)

    with django_assert_num_queries(queries):
        page = browser.get(address).content.decode()

    assert f'<span class="muted">{rows}</span>' in page


def test_organizations_as_a_file(zone: Zone, other_zone: Zone, browser: Client) -> None:
    OrganizationFactory.create(zone=zone, name="蜀都生物", credit_code="91510100MA6CNX2B1X")
    OrganizationFactory.create(zone=other_zone)

    answer = browser.get("/park/orgs/?q=蜀都&download=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    (row,) = book.get_sheet_by_name("Organizations").to_python()[1:]
    assert row == ["蜀都生物", "enterprise", "approved", "91510100MA6CNX2B1X", 0.0, 0.0, 0.0]


def test_needs_are_narrowed_sorted_and_exported(zone: Zone, other_zone: Zone, browser: Client) -> None:
    first = NeedFactory.create(organization=OrganizationFactory.create(zone=zone), title="冻干中试")
    NeedFactory.create(organization=OrganizationFactory.create(zone=zone), title="烧结中试", status="submitted")
    NeedFactory.create(organization=OrganizationFactory.create(zone=other_zone), title="别园冻干")

    page = browser.get("/park/needs/?sort=oldest").content.decode()
    narrowed = browser.get("/park/needs/?q=冻干&status=open").content.decode()
    answer = browser.get("/park/needs/?q=冻干&download=xlsx")

    assert page.index("冻干中试") < page.index("烧结中试")
    assert ("冻干中试" in narrowed, "烧结中试" in narrowed, "别园冻干" in narrowed) == (True, False, False)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert [row[0] for row in book.get_sheet_by_name("Needs").to_python()] == ["Number", first.number]
    assert "All needs of the zone" in browser.get("/park/needs/?q=无此需求").content.decode()


def test_the_trail_is_narrowed_by_who_what_when_and_object(zone: Zone, zone_admin: Actor, browser: Client) -> None:
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    match = MatchFactory.create(need=need)
    record("nominated", match, actor=zone_admin.user, zone_code=zone.code, note="甲")
    record("edited", need, actor=zone_admin.user, zone_code=zone.code, note="乙")
    record("edited", NeedFactory.create(), actor=None, zone_code=zone.code, note="丙")
    record("edited", NeedFactory.create(), actor=None, zone_code="wh", note="丁")
    today = timezone.localdate()

    def seen(query: str) -> str:
        page = browser.get(f"/park/audit/{query}").content.decode()
        return "".join(note for note in "甲乙丙丁" if f'class="small">{note}</td>' in page)

    assert seen("") == "甲乙丙"
    assert seen("?who=-") == "丙"
    assert seen("?who=zone_admin") == "甲乙"
    assert seen("?what=nominated") == "甲"
    assert seen("?kind=need") == "乙丙"
    assert seen(f"?object={need.number}") == "甲乙"
    assert seen(f"?object={match.uuid}") == "甲"
    assert seen(f"?from={today}&to={today}") == "甲乙丙"
    assert seen(f"?to={today - timedelta(days=1)}") == ""
    assert seen("?from=nonsense&to=2026-13-77") == "甲乙丙"


def test_the_trail_as_a_file_has_the_filters_rows(zone: Zone, zone_admin: Actor, browser: Client) -> None:
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    record("edited", need, actor=zone_admin.user, zone_code=zone.code, note="=1+1")
    record("nominated", need, actor=None, zone_code=zone.code)

    answer = browser.get("/park/audit/?what=edited&download=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    (row,) = book.get_sheet_by_name("Audit trail").to_python()[1:]
    assert row[1:] == ["zone_admin", "edited by the zone office", "need", f"{need.number} {need.title}", "'=1+1"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_trail_costs_the_same_for_one_and_thirty(
    rows: int, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        record("edited", NeedFactory.create(), actor=None, zone_code=zone.code)

    with django_assert_num_queries(14):
        page = browser.get("/park/audit/").content.decode()

    assert f'Audit trail <span class="muted">{rows}</span>' in page


def _contracted(zone: Zone, amount: str) -> Match:
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    match = MatchFactory.create(need=need, quoted=True)
    QuoteFactory.create(match=match, amount="1.00")
    QuoteFactory.create(match=match, amount=amount)
    record("status", match, actor=None, from_status="quoted", to_status="chosen", zone_code=zone.code)
    record("status", need, actor=None, from_status="open", to_status="contracted", zone_code=zone.code)
    return match


def test_the_report_adds_up_from_rows_of_the_zone(terms: None, zone: Zone, other_zone: Zone, browser: Client) -> None:
    _failed(zone)
    mine, others = _contracted(zone, "120000.00"), _contracted(other_zone, "990000.00")

    page = browser.get(f"/park/reports/{this_month()}/").content.decode()

    assert '<dd>120,000 <span class="kpi-unit">yuan</span></dd>' in page
    assert "<dt>contracted</dt><dd>1</dd>" in page
    assert mine.capability.platform.name in page
    assert others.capability.platform.name not in page
    assert '<a href="/park/coverage/BIO/PILOT/">Pilot test</a>' in page


def test_the_report_prints_and_exports(terms: None, zone: Zone, browser: Client) -> None:
    match = _contracted(zone, "120000.00")

    pages = browser.get(f"/park/reports/{this_month()}/?download=pdf")
    answer = browser.get(f"/park/reports/{this_month()}/?download=xlsx")

    assert (pages["Content-Type"], pages.content[:5]) == ("application/pdf", b"%PDF-")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.get_sheet_by_name("Platforms").to_python()[1][:2] == [match.capability.platform.name, 1.0]
    assert ["contracted", 1.0] in book.get_sheet_by_name("Outcomes").to_python()


@pytest.mark.parametrize("month", ["2026-13", "soon", "2999-01"])
def test_there_is_no_report_of_the_future_or_of_nonsense(month: str, browser: Client) -> None:
    assert browser.get(f"/park/reports/{month}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_report_costs_the_same_for_one_and_thirty(
    rows: int, terms: None, zone: Zone, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        _contracted(zone, "5.00")

    with django_assert_num_queries(29):
        browser.get(f"/park/reports/{this_month()}/")


def test_a_campaign_reports_its_needs_and_takes_them_by_hand(zone: Zone, browser: Client) -> None:
    campaign = CampaignFactory.create(zone=zone)
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone))
    address = f"/park/campaigns/{campaign.uuid}/"

    assert browser.post(address, {"number": need.number.lower()}).status_code == 302
    need.refresh_from_db()
    assert need.campaign == campaign
    assert 'Needs of this campaign <span class="muted">1</span>' in browser.get(address).content.decode()
    browser.post(address, {"number": need.number, "action": "leave"})
    need.refresh_from_db()
    assert need.campaign is None
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "campaign_joined",
        "campaign_left",
    ]


def test_a_campaign_takes_no_needs_of_another_zone(zone: Zone, other_zone: Zone, browser: Client) -> None:
    campaign, theirs = CampaignFactory.create(zone=zone), CampaignFactory.create(zone=other_zone)
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=other_zone))

    refused = browser.post(f"/park/campaigns/{campaign.uuid}/", {"number": need.number})

    assert (refused.status_code, "No need of your zone has this number." in refused.content.decode()) == (400, True)
    assert browser.get(f"/park/campaigns/{theirs.uuid}/").status_code == 404
    need.refresh_from_db()
    assert need.campaign is None
