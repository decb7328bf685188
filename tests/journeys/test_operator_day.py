"""An operator's whole day, on a telephone: a lead, a fact for the listing, an offer, weeks, papers, figures."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from .conftest import SignIn, load_by

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LEAD = "农药中间体放大与检测"


def _narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def _open_the_lead(page: Page) -> None:
    page.goto("/desk/leads/")
    page.get_by_role("link", name=re.compile(LEAD)).first.click()
    expect(page).to_have_url(re.compile(r"/desk/leads/[0-9a-f-]{36}/"))


def _answer_the_lead(page: Page) -> None:
    _open_the_lead(page)
    expect(page.get_by_text("必须在甘肃").first).to_be_visible()
    _narrow(page)

    # What the listing does not say is asked; the answer is in the listing from then on.
    page.locator("#confirm button[name=chosen]:not([value=no])").first.click()
    expect(page.get_by_text(re.compile("重新匹配|已写入")).first).to_be_visible()
    page.goto("/desk/services/")
    page.get_by_role("link", name="精细化工与中间体工业放大").first.click()
    expect(page.locator("#s-answered")).to_be_visible()

    # An offer without its amount is refused, and keeps the rest.
    _open_the_lead(page)
    page.locator("a[href*='do=quote']").click()
    form = page.locator("form[action$='/quote/']")
    form.locator("[name=note]").fill("含三废处置")
    form.locator("[name=valid_until]").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    load_by(page, form.locator("button.button-primary"))
    form = page.locator("form[action$='/quote/']")
    expect(form.locator("[name=note]")).to_have_value("含三废处置")
    form.locator("[name=amount]").fill("880000")
    form.locator("[name=days]").fill("45")
    load_by(page, form.locator("button.button-primary"))
    page.goto("/desk/leads/?state=quoted")
    expect(page.get_by_text(LEAD).first).to_be_visible()
    _narrow(page)


def _state_weeks(page: Page) -> None:
    page.goto("/desk/capacity/")
    day = timezone.localdate() + timedelta(weeks=11)
    form = page.locator("form:has([name=first])")
    form.locator("[name=first]").fill(day.isoformat())
    form.locator("input[name=state][value=reserved]").check()
    load_by(page, form.locator("button.button-primary"))
    expect(page.locator("td.slot", has_text="预留").first).to_be_attached()

    # A private address for calendar programs; once revoked it leads nowhere.
    load_by(page, page.locator("button[name=do][value=feed]"))
    feed = re.search(r"/desk/capacity/\S+\.ics", page.input_value("input.address"))
    assert feed
    answer = page.request.get(feed.group())
    assert (answer.status, answer.text()[:15]) == (200, "BEGIN:VCALENDAR")
    page.goto("/desk/capacity/")
    page.locator("button[name=do][value=revoke]").click()
    page.locator("dialog button[value=yes]").click()
    expect(page.locator("button[name=do][value=revoke]")).to_have_count(0)
    assert page.request.get(feed.group()).status == 404


def _hand_in_a_certificate(page: Page) -> None:
    page.goto("/desk/certs/")
    page.locator("main a[href$='/certs/new/']").first.click()
    page.select_option("[name=qualification]", index=1)
    page.fill("[name=number]", "示例-2026-0077")
    page.fill("[name=issuer]", "示例发证机关")
    page.fill("[name=valid_until]", (timezone.localdate() - timedelta(days=1)).isoformat())
    load_by(page, page.locator("main form button.button-primary"))
    # A paper that has run out is refused; number and issuer stay.
    expect(page.locator("[name=number]")).to_have_value("示例-2026-0077")
    page.fill("[name=valid_until]", (timezone.localdate() + timedelta(days=300)).isoformat())
    load_by(page, page.locator("main form button.button-primary"))
    expect(page.get_by_text("示例-2026-0077").first).to_be_visible()
    _narrow(page)


def test_an_operators_day_on_a_telephone(sign_in: SignIn) -> None:
    page = sign_in("operator3", javascript=True, width=390)
    expect(page).to_have_url(re.compile("/desk/"))
    _narrow(page)
    _answer_the_lead(page)
    _state_weeks(page)
    _hand_in_a_certificate(page)
    for address in ("/desk/services/import/", "/desk/stats/", "/notifications/", "/desk/services/"):
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        _narrow(page)
    assert page.request.get("/desk/stats.xlsx").status == 200
