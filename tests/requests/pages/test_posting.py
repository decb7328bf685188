"""Posting a need: one form, several buttons, nothing typed is lost, nothing stored unasked."""

from __future__ import annotations

import pytest
from django.test import Client

from requests.models import Need
from tests.requests.pages.conftest import BrowserOf
from tests.requests.pages.sheet import TEXT, controls_of, row_of
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core.models import AuditEntry, OutboxEvent

NEW = "/needs/new/"


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def read(browser: Client, **typed: str) -> dict[str, str]:
    """Fill in the empty sheet and press "read"."""
    blank = controls_of(browser.get(NEW).content)
    page = browser.post(NEW, {**blank, "title": "乳球蛋白中试", "text": TEXT, **typed, "action": "read"})
    assert page.status_code == 200
    return controls_of(page.content)


def test_reading_shows_each_condition_with_its_words_marked_and_stores_nothing(browser: Client) -> None:
    blank = controls_of(browser.get(NEW).content)

    page = browser.post(NEW, {**blank, "title": "乳球蛋白中试", "text": TEXT, "action": "read"})

    sheet = controls_of(page.content)
    volume, permit = row_of(sheet, "parameter"), row_of(sheet, "qualification")
    assert (sheet[f"{volume}-quantity"], sheet[f"{volume}-min"], sheet[f"{volume}-unit"]) == ("volume", "500", "L")
    assert (sheet[f"{permit}-value"], sheet[f"{permit}-hard"]) == ("GMP", "on")
    assert "<mark>500L</mark>" in page.content.decode()
    assert "<mark>GMP</mark>" in page.content.decode()
    assert (sheet["title"], sheet["text"]) == ("乳球蛋白中试", TEXT)
    assert Need.objects.count() == 0


def test_submitting_the_confirmed_sheet_opens_the_need(browser: Client, enterprise: Actor) -> None:
    sheet = read(browser)

    answer = browser.post(NEW, {**sheet, "action": "submit"})

    need = Need.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/needs/{need.number}/matches/")
    assert (need.status, need.organization, need.text) == ("open", enterprise.organization, TEXT)
    gmp = need.conditions.get(kind="qualification")
    assert (gmp.value, gmp.is_hard, gmp.text, gmp.origin) == ("GMP", True, "GMP", "read")
    whole = f"{need.title}\n{need.text}"
    assert whole[gmp.span_start : gmp.span_end] == "GMP"
    assert OutboxEvent.objects.filter(topic="need.opened")[0].payload == {"need_id": need.pk, "revision": 1}
    assert AuditEntry.objects.filter(object_id=need.uuid).count() == 2


def test_the_same_sheet_sent_twice_is_one_need(browser: Client) -> None:
    sheet = read(browser)

    first = browser.post(NEW, {**sheet, "action": "submit"})
    second = browser.post(NEW, {**sheet, "action": "submit"})

    assert first["Location"] == second["Location"]
    assert Need.objects.count() == 1


def test_the_same_sheet_with_other_words_asks_before_it_becomes_a_second_need(browser: Client) -> None:
    sheet = read(browser)
    browser.post(NEW, {**sheet, "action": "submit"})

    refused = browser.post(NEW, {**sheet, "title": "别的", "action": "submit"})

    again = controls_of(refused.content)
    assert refused.status_code == 422
    assert "already sent once with other words" in refused.content.decode()
    assert again["title"] == "别的"
    assert again["key"] != sheet["key"]
    assert browser.post(NEW, {**again, "action": "submit"}).status_code == 302
    assert Need.objects.count() == 2


def test_a_draft_sent_again_with_submit_is_the_same_need_submitted(browser: Client) -> None:
    sheet = read(browser)
    saved = browser.post(NEW, {**sheet, "action": "save"})
    need = Need.objects.get()
    assert (saved["Location"], need.status) == (f"/needs/{need.number}/", "draft")

    browser.post(NEW, {**sheet, "action": "submit"})

    need.refresh_from_db()
    assert (Need.objects.count(), need.status) == (1, "open")


def test_windows_line_ends_do_not_shift_the_words(browser: Client) -> None:
    sheet = read(browser, text="第一行\r\n第二行\r\n必须有GMP")

    browser.post(NEW, {**sheet, "text": "第一行\r\n第二行\r\n必须有GMP", "action": "submit"})

    need = Need.objects.get()
    gmp = need.conditions.get(kind="qualification")
    assert need.text == "第一行\n第二行\n必须有GMP"
    assert f"{need.title}\n{need.text}"[gmp.span_start : gmp.span_end] == "GMP"


def test_an_edited_row_counts_as_entered_and_keeps_its_words(browser: Client) -> None:
    sheet = read(browser)
    volume = row_of(sheet, "parameter")

    browser.post(NEW, {**sheet, f"{volume}-max": "１,０００", f"{volume}-hard": "", "action": "submit"})

    row = Need.objects.get().conditions.get(quantity="volume")
    assert (row.low, row.high, row.is_hard, row.text, row.origin) == (500.0, 1000.0, False, "500L", "given")


def test_a_removed_row_is_not_stored_whatever_it_says(browser: Client) -> None:
    sheet = read(browser)
    volume = row_of(sheet, "parameter")

    answer = browser.post(NEW, {**sheet, f"{volume}-min": "many", f"{volume}-remove": "on", "action": "submit"})

    assert answer.status_code == 302
    assert not Need.objects.get().conditions.filter(quantity="volume").exists()


def test_a_row_added_by_hand_keeps_everything_else_and_is_stored(browser: Client) -> None:
    sheet = read(browser)
    permit = row_of(sheet, "qualification")

    page = browser.post(
        NEW, {**sheet, "title": "改过的标题", f"{permit}-hard": "", "add_kind": "hazard", "action": "add"}
    )

    more = controls_of(page.content)
    assert (more["title"], f"{permit}-hard" in more) == ("改过的标题", False)
    assert int(more["conditions-TOTAL_FORMS"]) == int(sheet["conditions-TOTAL_FORMS"]) + 1
    browser.post(NEW, {**more, f"{row_of(more, 'hazard')}-value": "易燃易爆", "action": "submit"})
    row = Need.objects.get().conditions.get(kind="hazard")
    assert (row.value, row.origin, row.text) == ("易燃易爆", "given", "")


def test_a_row_added_by_hand_needs_no_text_first(browser: Client) -> None:
    blank = controls_of(browser.get(NEW).content)

    page = browser.post(NEW, {**blank, "action": "add:parameter:pressure"})

    sheet = controls_of(page.content)
    assert (sheet["conditions-0-kind"], sheet["conditions-0-quantity"]) == ("parameter", "pressure")


@pytest.mark.parametrize(
    ("field", "typed", "said", "anchor"),
    [
        ("title", "", "Please give the need a title.", "id_title"),
        ("budget", "much", "Enter a number.", "id_budget"),
    ],
)
def test_a_bad_field_is_named_and_everything_stays(
    browser: Client, field: str, typed: str, said: str, anchor: str
) -> None:
    sheet = read(browser, text="必须有GMP")

    page = browser.post(NEW, {**sheet, field: typed, "action": "submit"})

    assert page.status_code == 400
    assert f'<a href="#{anchor}">{said}</a>' in page.content.decode()
    assert controls_of(page.content) | {"csrfmiddlewaretoken": ""} == sheet | {field: typed, "csrfmiddlewaretoken": ""}
    assert Need.objects.count() == 0


def test_a_bad_row_is_named_by_its_field(browser: Client) -> None:
    sheet = read(browser)
    volume = row_of(sheet, "parameter")

    page = browser.post(NEW, {**sheet, f"{volume}-min": "900", f"{volume}-max": "100", "action": "submit"})

    assert page.status_code == 400
    assert f'<a href="#id_{volume}-max">The upper bound lies below the lower one.</a>' in page.content.decode()
    assert controls_of(page.content)[f"{volume}-min"] == "900"


def test_a_parameter_without_quantity_is_refused(browser: Client) -> None:
    blank = controls_of(browser.get(NEW).content)
    sheet = controls_of(browser.post(NEW, {**blank, "add_kind": "parameter", "action": "add"}).content)

    page = browser.post(
        NEW,
        {**sheet, "title": "题", "text": "文", "conditions-0-min": "5", "conditions-0-unit": "L", "action": "submit"},
    )

    assert page.status_code == 400
    assert "Choose what is measured." in page.content.decode()


def test_reading_again_keeps_what_was_changed_by_hand(browser: Client) -> None:
    sheet = read(browser)
    permit, volume = row_of(sheet, "qualification"), row_of(sheet, "parameter")

    page = browser.post(
        NEW,
        {
            **sheet,
            "text": TEXT + "还需要冻干。",
            f"{permit}-hard": "",
            f"{volume}-remove": "on",
            "action": "read",
        },
    )

    again = controls_of(page.content)
    assert f"{row_of(again, 'qualification')}-hard" not in again
    assert again[f"{row_of(again, 'parameter')}-remove"] == "on"
    assert "冷冻干燥" in [value for name, value in again.items() if name.endswith("-value")]


def test_reading_again_drops_untouched_rows_whose_words_are_gone(browser: Client) -> None:
    sheet = read(browser)

    page = browser.post(NEW, {**sheet, "text": "需要500L发酵罐", "action": "read"})

    assert "qualification" not in controls_of(page.content).values()


def test_a_typed_budget_moves_into_the_table_and_wins_over_the_text(browser: Client) -> None:
    sheet = read(browser, budget="50")

    row = row_of(sheet, "budget")
    assert (sheet[f"{row}-max"], sheet[f"{row}-unit"], sheet["budget"]) == ("500000", "CNY", "")
    browser.post(NEW, {**sheet, "action": "submit"})
    assert [row.high for row in Need.objects.get().conditions.filter(kind="budget")] == [500_000.0]


def test_reading_nothing_says_so(browser: Client) -> None:
    blank = controls_of(browser.get(NEW).content)

    page = browser.post(NEW, {**blank, "title": "只有标题", "action": "read"})

    assert page.status_code == 400
    assert '<a href="#id_text">Please describe what you want to pilot.</a>' in page.content.decode()
    assert controls_of(page.content)["title"] == "只有标题"


def test_a_forged_reading_does_no_harm(browser: Client) -> None:
    sheet = read(browser)
    permit = row_of(sheet, "qualification")
    forged = '{"kind": "qualification", "span": ["x", -1], "confidence": "high", "text": 7, "extra": [1]}'

    answer = browser.post(NEW, {**sheet, f"{permit}-read": forged, "action": "submit"})

    row = Need.objects.get().conditions.get(kind="qualification")
    assert (answer.status_code, row.value, row.span_start, row.confidence) == (302, "GMP", None, 1.0)


def test_a_zone_that_looks_first_gets_a_submitted_need(browser: Client, zone: Zone) -> None:
    zone.opens_needs_itself = False
    zone.save()

    answer = browser.post(NEW, {**read(browser), "action": "submit"})

    need = Need.objects.get()
    assert (need.status, answer["Location"]) == ("submitted", f"/needs/{need.number}/")


def test_only_enterprises_post(operator: Actor, zone_admin: Actor, browser_of: BrowserOf) -> None:
    assert browser_of(operator).get(NEW).status_code == 403
    assert browser_of(zone_admin).post(NEW, {"action": "submit", "title": "题", "text": "文"}).status_code == 403
    assert Need.objects.count() == 0


@pytest.mark.django_db
def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(NEW)["Location"] == f"/accounts/sign-in/?next={NEW}"
