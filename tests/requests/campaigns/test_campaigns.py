"""Campaigns: who writes them, who reads them, how needs get in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from requests.models import Campaign, Need
from requests.services.campaigns import CampaignClosed, CampaignInput, campaign_join, campaign_leave, campaign_save
from tests.factories import CampaignFactory, NeedFactory, OrganizationFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.errors import InvalidInput, NotAllowed
from zhongshi.core.models import AuditEntry
from zhongshi.vocabulary.models import Term

TODAY = timezone.localdate()


def _input(**values: Any) -> CampaignInput:
    given: dict[str, Any] = {"title": "生物制造征集", "text": "征集发酵需求", "opens_on": TODAY, "closes_on": TODAY}
    return CampaignInput(**(given | values))


def _signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    client.cookies["language"] = "en"
    return client


def test_an_office_writes_and_changes_its_campaign(zone_admin: Actor, zone: Zone) -> None:
    campaign = campaign_save(actor=zone_admin, entered=_input())
    changed = campaign_save(actor=zone_admin, entered=_input(title="新标题", is_public=False), campaign=campaign)

    row = Campaign.objects.get()
    assert (changed, row.zone, row.title, row.is_public, row.created_by) == (
        row,
        zone,
        "新标题",
        False,
        zone_admin.user,
    )
    assert list(AuditEntry.objects.values_list("action", "zone_code")) == [("campaign_saved", "cd")] * 2


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"text": ""}, "text"), ({"closes_on": TODAY - timedelta(days=1)}, "closes_on")],
)
def test_a_campaign_needs_words_and_days(values: dict[str, Any], field: str, zone_admin: Actor) -> None:
    with pytest.raises(InvalidInput) as refusal:
        campaign_save(actor=zone_admin, entered=_input(**values))
    assert list(refusal.value.errors or {}) == [field]
    assert not Campaign.objects.exists()


def test_nobody_else_writes_it(enterprise: Actor, other_zone_admin: Actor, zone: Zone) -> None:
    campaign = CampaignFactory.create(zone=zone, title="原题")
    for stranger in (enterprise, other_zone_admin):
        with pytest.raises(NotAllowed):
            campaign_save(actor=stranger, entered=_input(), campaign=campaign)
    with pytest.raises(NotAllowed):
        campaign_save(actor=enterprise, entered=_input())
    campaign.refresh_from_db()
    assert campaign.title == "原题"


def test_the_owner_joins_while_it_is_open_and_the_office_at_any_time(
    need: Need, zone: Zone, enterprise: Actor, zone_admin: Actor
) -> None:
    now_open = CampaignFactory.create(zone=zone)
    over = CampaignFactory.create(zone=zone, closes_on=TODAY - timedelta(days=1))

    campaign_join(actor=enterprise, need=need, campaign=now_open)
    campaign_join(actor=enterprise, need=need, campaign=now_open)
    with pytest.raises(CampaignClosed):
        campaign_join(actor=enterprise, need=need, campaign=over)
    campaign_join(actor=zone_admin, need=need, campaign=over)

    need.refresh_from_db()
    assert need.campaign == over
    assert list(AuditEntry.objects.order_by("id").values_list("action", "note")) == [
        ("campaign_joined", now_open.title),
        ("campaign_joined", over.title),
    ]


def test_strangers_and_other_zones_do_not_join(
    need: Need, zone: Zone, other_zone: Zone, enterprise: Actor, enterprise2: Actor, other_zone_admin: Actor
) -> None:
    mine, theirs = CampaignFactory.create(zone=zone), CampaignFactory.create(zone=other_zone)
    for stranger in (enterprise2, other_zone_admin):
        with pytest.raises(NotAllowed):
            campaign_join(actor=stranger, need=need, campaign=mine)
    with pytest.raises(CampaignClosed):
        campaign_join(actor=enterprise, need=need, campaign=theirs)
    with pytest.raises(NotAllowed):
        campaign_leave(actor=enterprise, need=need)
    need.refresh_from_db()
    assert (need.campaign, AuditEntry.objects.count()) == (None, 0)


def test_a_need_posted_from_a_campaign_is_in_it(zone: Zone, enterprise: Actor) -> None:
    campaign = CampaignFactory.create(zone=zone)
    address = f"/needs/new/?campaign={campaign.uuid}"
    client = _signed_in(enterprise)

    assert f"This need goes into the campaign “{campaign.title}”." in client.get(address).content.decode()
    client.post(
        address,
        {"title": "发酵中试", "text": "需要500L发酵罐。", "visibility": "matched", "key": "k1", "action": "submit"},
    )

    assert Need.objects.get().campaign == campaign


def test_a_campaign_that_closed_meanwhile_leaves_the_need_by_itself(zone: Zone, enterprise: Actor) -> None:
    campaign = CampaignFactory.create(zone=zone, closes_on=TODAY - timedelta(days=1))
    client = _signed_in(enterprise)

    answer = client.post(
        f"/needs/new/?campaign={campaign.uuid}",
        {"title": "发酵中试", "text": "需要500L发酵罐。", "visibility": "matched", "key": "k1", "action": "submit"},
        follow=True,
    )

    assert Need.objects.get().campaign is None
    assert "The campaign takes no needs any more" in answer.content.decode()


def test_everybody_reads_public_campaigns_only(zone: Zone, zone_admin: Actor, other_zone_admin: Actor) -> None:
    shown = CampaignFactory.create(zone=zone, title="公开征集")
    hidden = CampaignFactory.create(zone=zone, title="内部征集", is_public=False)
    address = f"/campaigns/{hidden.uuid}/"

    page = Client().get("/campaigns/").content.decode()

    assert (shown.title in page, hidden.title in page) == (True, False)
    assert Client().get(address).status_code == 404
    assert _signed_in(other_zone_admin).get(address).status_code == 404
    assert _signed_in(zone_admin).get(address).status_code == 200


def test_the_page_says_who_may_post_now(
    zone: Zone, other_zone: Zone, enterprise: Actor, operator: Actor, zone_admin: Actor
) -> None:
    campaign, theirs = CampaignFactory.create(zone=zone), CampaignFactory.create(zone=other_zone)
    post = f'href="/needs/new/?campaign={campaign.uuid}"'
    address = f"/campaigns/{campaign.uuid}/"

    assert post in _signed_in(enterprise).get(address).content.decode()
    assert post not in _signed_in(operator).get(address).content.decode()
    assert "Report of this campaign" in _signed_in(zone_admin).get(address).content.decode()
    assert "For enterprises of this zone." in _signed_in(enterprise).get(f"/campaigns/{theirs.uuid}/").content.decode()


def test_the_form_writes_and_keeps_what_was_typed(zone: Zone, zone_admin: Actor) -> None:
    Term.objects.create(kind="chain", code="BIO", name_zh="生物制造")
    client = _signed_in(zone_admin)
    sent = {"title": "秋季征集", "text": "发酵方向", "opens_on": "2026-11-01", "chains": "生物制造", "is_public": "on"}

    refused = client.post("/park/campaigns/new/", {**sent, "closes_on": "2026-10-01"})
    client.post("/park/campaigns/new/", {**sent, "closes_on": "2026-12-31"})

    assert (refused.status_code, "秋季征集" in refused.content.decode()) == (400, True)
    row = Campaign.objects.get()
    assert (row.title, row.chains, row.zone, str(row.closes_on)) == ("秋季征集", ["生物制造"], zone, "2026-12-31")
    client.post(f"/park/campaigns/{row.uuid}/edit/", {**sent, "title": "冬季征集", "closes_on": "2026-12-31"})
    row.refresh_from_db()
    assert row.title == "冬季征集"


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("path", "queries"), [("/park/campaigns/", 7), ("/campaigns/", 6)])
def test_lists_cost_the_same_for_one_and_thirty(
    rows: int,
    path: str,
    queries: int,
    zone: Zone,
    zone_admin: Actor,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        campaign = CampaignFactory.create(zone=zone)
        NeedFactory.create(organization=OrganizationFactory.create(zone=zone), campaign=campaign)
    client = _signed_in(zone_admin)

    with django_assert_num_queries(queries):
        page = client.get(path).content.decode()

    assert f'Campaigns <span class="muted">{rows}</span>' in page


def test_a_title_is_shown_in_the_language_there_is(english: None, zone: Zone) -> None:
    both = CampaignFactory.create(zone=zone, title_en="Autumn call", text_en="Fermentation")
    one = CampaignFactory.create(zone=zone, title="征集")

    assert (both.shown_title, both.shown_text, one.shown_title) == ("Autumn call", "Fermentation", "征集")
