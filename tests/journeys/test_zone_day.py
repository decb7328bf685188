"""A zone administrator's whole day: figures, a certificate, a need sent back, matches in bulk, a campaign, a report."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urljoin

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from .conftest import SignIn, load_by
from .service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def _review_a_certificate(page: Page, colleague: Page, uuid: str) -> None:
    """One person checks, another publishes: the first finds no second button."""
    page.goto("/park/review/?kind=certificate")
    load_by(page, page.locator(f"main a[href*='{uuid}']").first)
    load_by(page, page.locator("button[name=decision][value=approve]"))
    page.goto(f"/park/review/certificate/{uuid}/")
    assert page.locator("button[name=decision][value=approve]").count() == 0
    expect(page.locator(".notice-warn").first).to_be_visible()

    colleague.goto(f"/park/review/certificate/{uuid}/")
    load_by(colleague, colleague.locator("button[name=decision][value=approve]"))
    colleague.goto(f"/park/review/certificate/{uuid}/")
    assert colleague.locator("button[name=decision]").count() == 0


def _return_a_need(page: Page) -> None:
    page.goto("/park/needs/")
    load_by(page, page.get_by_role("link", name=re.compile("含氟中间体")).first)
    form = page.locator("form[action*='/return/']")
    form.locator("[name=note]").fill("请写明溶剂回收方式。")
    load_by(page, form.locator("button").last)
    expect(page.get_by_text("请写明溶剂回收方式。").first).to_be_attached()


def _decide_in_bulk(page: Page) -> None:
    page.goto("/park/review/?view=list&kind=match")
    boxes = page.locator("input[name=item]")
    assert boxes.count() >= 3
    both = [box.get_attribute("value") for box in boxes.all()[:2]]
    for box in boxes.all()[:2]:
        box.check()
    load_by(page, page.locator("button[name=decision][value=approve]"))
    page.goto("/park/review/?view=list&kind=match")
    waiting = [box.get_attribute("value") for box in boxes.all()]
    assert waiting
    assert not set(both) & set(waiting)


def _announce_a_campaign(page: Page) -> None:
    page.goto("/park/campaigns/new/")
    page.fill("[name=title]", "新材料中试需求征集")
    page.fill("[name=text]", "征集新材料方向的中试需求。")
    page.fill("[name=opens_on]", timezone.localdate().isoformat())
    page.fill("[name=closes_on]", (timezone.localdate() - timedelta(days=1)).isoformat())
    load_by(page, page.locator("main form button.button-primary"))
    # Closing before it opens is refused; what was typed stays.
    expect(page.locator("[name=title]")).to_have_value("新材料中试需求征集")
    page.fill("[name=closes_on]", (timezone.localdate() + timedelta(days=30)).isoformat())
    load_by(page, page.locator("main form button.button-primary"))
    page.goto("/campaigns/")
    expect(page.get_by_text("新材料中试需求征集").first).to_be_visible()


def test_a_zone_administrators_day(service: Service, sign_in: SignIn) -> None:
    page = sign_in("admin", javascript=True)
    page.goto("/park/")
    expect(page.locator("table").first).to_be_visible()
    load_by(page, page.locator("a[href*='/park/coverage/']").first)
    expect(page.locator("h1").first).to_be_visible()

    certificate = service.look_up("select uuid from platforms_certificate where number = '示例-2026-0001'")
    _review_a_certificate(page, sign_in("admin2"), certificate)
    _return_a_need(page)
    _decide_in_bulk(page)
    _announce_a_campaign(page)

    month = timezone.localdate().strftime("%Y-%m")
    page.goto(f"/park/reports/{month}/")
    link = page.locator("main a", has_text="PDF").first.get_attribute("href")
    assert link
    answer = page.request.get(urljoin(page.url, link))
    assert answer.status == 200
    assert "成都高新区" in pypdfium2.PdfDocument(answer.body())[0].get_textpage().get_text_range()

    page.goto("/park/audit/")
    assert page.locator("main table tbody tr").count() >= 5
