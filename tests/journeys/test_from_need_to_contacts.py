"""The main job, once from end to end: a need typed into a form ends with two parties that can call each other."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from .conftest import SignIn, load_by
from .service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TITLE = "智能手表整机小批量试产"
TEXT = (
    "智能手表整机,样机已完成。想在成都找智能硬件中试平台做小批量试产,必须做可靠性测试,"
    "最好还能做光学测试。预算80万元以内。"
)
QUESTION = "一批大约多少台？"
REPLY = "首批三百台。"
LISTING = "智能硬件可靠性与拆解检测"
PATIENCE_SECONDS = 30


def _until(page: Page, wanted: Locator) -> None:
    """Reload until the worker has done its part; without JavaScript the page looks again by itself, later."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not wanted.count() and time.monotonic() < deadline:
        time.sleep(0.3)
        page.reload()
    expect(wanted.first).to_be_visible()


def _post_need(page: Page) -> str:
    """Paste, read, confirm, submit; returns the need's number."""
    page.goto("/needs/new/")
    page.fill("[name$=title]", TITLE)
    page.fill("[name$=text]", TEXT)
    load_by(page, page.locator("button[value=read]"))
    marked = page.locator("mark").all_inner_texts()
    assert "可靠性测试" in marked
    assert "成都" in marked
    assert page.input_value("[name$=text]") == TEXT

    load_by(page, page.locator("button[value=submit]"))
    found = re.search(r"N-\d{4}-\d{4,}", page.url)
    assert found, page.url
    return found.group()


def _answer(page: Page, action: str, **fields: str) -> None:
    form = page.locator(f"form[action$='/{action}/']")
    page.locator(f"#answer a[href*='do={action}']").click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    load_by(page, form.locator("button.button-primary"))


def test_from_need_to_contacts(service: Service, sign_in: SignIn) -> None:
    enterprise, operator, admin = sign_in("enterprise"), sign_in("operator"), sign_in("admin")

    number = _post_need(enterprise)

    # A real worker scores it; the zone's rule approves what fits well, and the operator is told.
    enterprise.goto(f"/needs/{number}/matches/")
    _until(enterprise, enterprise.get_by_text(LISTING))
    expect(enterprise.get_by_text("公开信息整理，未经平台核验").first).to_be_visible()
    operator.goto("/notifications/")
    _until(operator, operator.get_by_text(TITLE))

    # The administrator rejects a weak match with a note, which reaches the enterprise.
    weak = service.look_up(
        "select m.uuid from matching_match m join requests_need n on n.id = m.need_id "  # noqa: S608 - our own number
        f"where n.number = '{number}' and m.status = 'proposed' order by m.score limit 1"
    )
    admin.goto(f"/park/review/{weak}/")
    rejected = admin.locator("h1").inner_text()
    admin.fill("[name$=note]", "与需求的行业不符")
    load_by(admin, admin.locator("button[name=decision]:not([value=approve]), button[value=reject]").first)
    enterprise.goto("/notifications/")
    expect(enterprise.get_by_text("与需求的行业不符").first).to_be_visible()
    expect(enterprise.get_by_text(rejected).first).to_be_visible()

    # The operator asks, is answered, and quotes.
    operator.goto("/desk/leads/")
    load_by(operator, operator.locator("main a[href*='/desk/leads/']").filter(has_text=TITLE).first)
    expect(operator.get_by_text("样机已完成").first).to_be_visible()
    lead = operator.url
    _answer(operator, "ask", question=QUESTION)
    enterprise.goto(f"/needs/{number}/matches/")
    enterprise.locator("[name=answer]").first.fill(REPLY)
    load_by(enterprise, enterprise.locator("form:has([name=answer]) button").first)
    operator.goto(lead)
    expect(operator.get_by_text(REPLY).first).to_be_visible()
    valid_until = (timezone.localdate() + timedelta(days=30)).isoformat()
    _answer(operator, "quote", amount="680000", valid_until=valid_until, days="40")

    # Nobody has seen a telephone number so far. The enterprise chooses, and both see the other's.
    for page, address in ((enterprise, f"/needs/{number}/matches/"), (operator, lead)):
        page.goto(address)
        assert "028-0000-" not in page.content()
    enterprise.goto(f"/needs/{number}/matches/")
    load_by(enterprise, enterprise.locator("a[href$='/choose/']").first)
    assert "680,000" in enterprise.content()
    load_by(enterprise, enterprise.locator("main form[method=post] button"))
    enterprise.goto(f"/needs/{number}/matches/")
    expect(enterprise.get_by_text("028-0000-0003").first).to_be_visible()
    operator.goto(lead)
    expect(operator.get_by_text("028-0000-0001").first).to_be_visible()

    # Every step is in the audit trail, and the mails went out.
    admin.goto("/park/audit/")
    assert admin.locator("main table tbody tr").count() >= 8
    _mailed(service, "operator@example.com")
    assert all(child.alive() for child in service.children)


def _mailed(service: Service, address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    letters = ""
    while time.monotonic() < deadline:
        letters = "\n".join(path.read_text() for path in service.mail_folder.glob("*.log"))
        if f"To: {address}" in letters:
            return
        time.sleep(0.3)
    pytest.fail(f"no mail to {address}: {letters[-500:]}")
