"""The operator's desk: leads by state, what each discloses, and the four answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from platforms.models import Capability, Fact
from requests.models import Need
from tests.factories import ConditionFactory, MatchFactory, NeedFactory, QuestionFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor

LEADS = "/desk/leads/"
QUOTE = {
    "amount": "620000",
    "currency": "CNY",
    "valid_until": "2999-12-31",
    "start": "2999-01-10",
    "days": "18",
    "note": "含三批",
    "lines-TOTAL_FORMS": "3",
    "lines-INITIAL_FORMS": "0",
    "lines-0-name": "试验费",
    "lines-0-amount": "480000",
    "lines-1-name": "物料",
    "lines-1-amount": "140000.00",
    "lines-2-name": "三废处理",
    "lines-2-amount": "",
}


@pytest.fixture
def browser(operator: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(operator)


def page_of(browser: Client, lead: Match) -> str:
    answer = browser.get(f"{LEADS}{lead.uuid}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(
    rows: int, browser: Client, capability: Capability, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        need = NeedFactory.create()
        ConditionFactory.create(need=need, volume=True)
        MatchFactory.create(need=need, capability=capability, approved=True)

    with django_assert_num_queries(18):
        page = browser.get(LEADS).content.decode()

    assert page.count("乳球蛋白发酵中试</a>") == min(rows, 20)
    assert page.count(" · 500 L</p>") == min(rows, 20)
    assert f'to answer <span class="tab-count">{rows}</span>' in page


def test_a_tab_shows_its_state_only(browser: Client, lead: Match) -> None:
    assert lead.need.title not in browser.get(f"{LEADS}?state=quoted").content.decode()
    assert lead.need.title in browser.get(f"{LEADS}?state=nonsense").content.decode()


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=47, minutes=30), 'badge-info">'),
        (timedelta(hours=5, minutes=30), "urgent: 5 hours left"),
        (timedelta(minutes=30), "urgent: less than 1 hour left"),
        (timedelta(minutes=-1), "time is up"),
    ],
)
def test_the_clock_turns_red_under_six_hours(browser: Client, lead: Match, left: timedelta, said: str) -> None:
    Match.objects.filter(pk=lead.pk).update(answer_due_at=timezone.now() + left)

    assert said in page_of(browser, lead)


def test_a_proposed_match_is_no_lead_yet(browser: Client, proposed: Match) -> None:
    assert browser.get(f"{LEADS}{proposed.uuid}/").status_code == 404
    assert proposed.need.title not in browser.get(LEADS).content.decode()


def test_a_lead_asks_to_confirm_what_the_listing_does_not_say(browser: Client, lead: Match) -> None:
    unknown = {"condition": 1, "kind": "parameter", "hard": True, "verdict": "unknown", "evidence": {"text": ""}}
    Match.objects.filter(pk=lead.pk).update(verdicts=[unknown])

    page = page_of(browser, lead)

    assert "Please confirm" in page
    assert "volume: asked for is 500 L. What is your range?" in page
    assert "Your listing does not say. Your answer is written into it." in page
    assert lead.need.text in page


def test_before_an_agreement_neither_title_nor_words_are_shown(browser: Client, lead: Match) -> None:
    Need.objects.filter(pk=lead.need_id).update(visibility="nda", title="绝密配方", text="绝密原文")
    lead.need.conditions.update(text="绝密片段")

    shown = page_of(browser, lead) + browser.get(LEADS).content.decode()

    assert "绝密" not in shown
    assert f"Confidential need {lead.need.number}" in shown
    assert "process 发酵" in shown


def test_accepting_moves_the_lead(browser: Client, lead: Match) -> None:
    answer = browser.post(f"{LEADS}{lead.uuid}/accept/")

    lead.refresh_from_db()
    assert (answer["Location"], lead.status) == (f"{LEADS}{lead.uuid}/", "accepted")
    again = browser.post(f"{LEADS}{lead.uuid}/accept/")
    assert again.status_code == 422
    assert "This step is not possible in the present state." in again.content.decode()


def test_a_quote_is_stored_with_its_items(browser: Client, lead: Match) -> None:
    answer = browser.post(f"{LEADS}{lead.uuid}/quote/", QUOTE)

    quote = lead.quotes.get()
    assert answer.status_code == 302
    assert (str(quote.amount), quote.currency, str(quote.valid_until), str(quote.starts_on), quote.days) == (
        "620000.00",
        "CNY",
        "2999-12-31",
        "2999-01-10",
        18,
    )
    assert quote.lines == [{"name": "试验费", "amount": "480000"}, {"name": "物料", "amount": "140000.00"}]
    assert "620,000 CNY" in page_of(browser, lead)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "much", "Enter a number."),
        ("amount", "-1", "Must be greater than zero."),
        ("valid_until", "2020-01-01", "Lies in the past."),
        ("amount", "620001", "The items add up to 620,000.00."),
        ("lines-1-amount", "much", "Enter a number."),
    ],
)
def test_a_bad_quote_is_named_and_stays_typed(browser: Client, lead: Match, field: str, typed: str, said: str) -> None:
    bare = {name: "" for name in QUOTE if name.endswith("-amount") and typed == "-1"}
    refused = browser.post(f"{LEADS}{lead.uuid}/quote/", {**QUOTE, **bare, field: typed})

    page = refused.content.decode()
    assert refused.status_code == 400
    assert said in page
    assert f'value="{typed}"' in page
    assert "含三批</textarea>" in page
    assert lead.quotes.count() == 0


def test_a_question_reaches_the_enterprise(browser: Client, lead: Match) -> None:
    browser.post(f"{LEADS}{lead.uuid}/ask/", {"question": "粘度是多少？"})

    assert lead.questions.get().text == "粘度是多少？"
    assert "not answered yet" in page_of(browser, lead)


def test_an_empty_question_is_refused(browser: Client, lead: Match) -> None:
    refused = browser.post(f"{LEADS}{lead.uuid}/ask/", {"question": ""})

    assert refused.status_code == 400
    assert "Please write your question." in refused.content.decode()


def test_declining_gives_a_reason_in_words(browser: Client, lead: Match) -> None:
    browser.post(f"{LEADS}{lead.uuid}/decline/", {"reason": "scale", "words": "最大只有200L"})

    lead.refresh_from_db()
    assert (lead.status, lead.decline_code) == ("declined", "scale")
    assert lead.decline_reason == "scale does not fit：最大只有200L"


@pytest.mark.parametrize("sent", [{}, {"reason": "other", "words": ""}, {"reason": "nonsense"}])
def test_declining_without_a_reason_is_refused(browser: Client, lead: Match, sent: dict[str, str]) -> None:
    refused = browser.post(f"{LEADS}{lead.uuid}/decline/", sent)

    lead.refresh_from_db()
    assert (refused.status_code, lead.status) == (400, "approved")


def test_contacts_appear_with_the_choice(browser: Client, lead: Match) -> None:
    phone = lead.need.organization.contact_phone
    assert phone not in page_of(browser, lead)

    Match.objects.filter(pk=lead.pk).update(status="chosen")

    assert phone in page_of(browser, lead)


def test_others_neither_see_nor_answer(
    operator2: Actor, enterprise: Actor, zone_admin: Actor, lead: Match, browser_of: BrowserOf
) -> None:
    QuestionFactory.create(match=lead)
    address = f"{LEADS}{lead.uuid}/"
    assert browser_of(operator2).get(address).status_code == 404
    assert browser_of(operator2).post(f"{address}accept/").status_code == 404
    assert browser_of(enterprise).get(address).status_code == 403
    assert browser_of(zone_admin).get(LEADS).status_code == 403
    lead.refresh_from_db()
    assert lead.status == "approved"


def test_there_are_four_answers_and_no_fifth(browser: Client, lead: Match) -> None:
    assert browser.post(f"{LEADS}{lead.uuid}/delete/").status_code == 404
    assert browser.get(f"{LEADS}{lead.uuid}/accept/").status_code == 405


def test_the_items_are_added_up_where_no_amount_is_typed(browser: Client, lead: Match) -> None:
    browser.post(f"{LEADS}{lead.uuid}/quote/", {**QUOTE, "amount": ""})

    assert str(lead.quotes.get().amount) == "620000.00"


def test_a_quote_without_any_amount_is_refused(browser: Client, lead: Match) -> None:
    bare = {name: "" for name in QUOTE if name.endswith("amount")}
    refused = browser.post(f"{LEADS}{lead.uuid}/quote/", {**QUOTE, **bare})

    assert refused.status_code == 400
    assert "Give an amount, or items with their amounts." in refused.content.decode()
    assert lead.quotes.count() == 0


def test_another_item_keeps_what_was_typed_and_complains_of_nothing(browser: Client, lead: Match) -> None:
    answer = browser.post(f"{LEADS}{lead.uuid}/quote/", {**QUOTE, "amount": "much", "more": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="lines-3-name"' in page
    assert 'name="lines-TOTAL_FORMS" value="4"' in page
    assert 'value="much"' in page
    assert 'value="试验费"' in page
    assert "error" not in page
    assert lead.quotes.count() == 0


def test_the_quote_form_opens_by_its_address_with_the_usual_items(browser: Client, lead: Match) -> None:
    closed = browser.get(f"{LEADS}{lead.uuid}/").content.decode()
    opened = browser.get(f"{LEADS}{lead.uuid}/?do=quote").content.decode()

    assert "lines-0-name" not in closed
    assert 'value="Waste treatment"' in opened


def test_htmx_gets_the_inbox_alone(browser: Client, lead: Match) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = browser.get(f"{LEADS}{lead.uuid}/", headers=headers)

    assert part.content.decode().startswith('<div id="inbox"')
    assert part["Vary"].count("HX-Request-Type") == 1


def test_the_first_lead_is_opened_beside_the_list(browser: Client, lead: Match) -> None:
    page = browser.get(LEADS).content.decode()

    assert lead.need.text in page
    assert "inbox-list" in page


def test_the_enterprise_is_not_named_before_the_choice(browser: Client, lead: Match) -> None:
    name = lead.need.organization.name
    assert name not in page_of(browser, lead)
    assert "成都市 (anonymous)" in page_of(browser, lead) or "(anonymous)" in page_of(browser, lead)


def unknown_of(lead: Match, index: int, kind: str) -> None:
    line = {"condition": index, "kind": kind, "hard": True, "verdict": "unknown", "evidence": {"text": ""}}
    Match.objects.filter(pk=lead.pk).update(verdicts=[line])


def test_an_answer_is_written_into_the_listing(browser: Client, lead: Match, operator: Actor) -> None:
    Fact.objects.all().delete()
    unknown_of(lead, 0, "process")

    answer = browser.post(f"{LEADS}{lead.uuid}/confirm/", {"condition": "0", "chosen": "发酵"})

    assert answer["Location"] == f"{LEADS}{lead.uuid}/"
    fact = lead.capability.facts.get()
    assert (fact.kind, fact.value, fact.is_negated, fact.source) == ("process", "发酵", False, "answered")
    assert fact.confirmed_by == operator.user
    assert "in your listing; being matched anew" in page_of(browser, lead)


def test_a_range_that_is_none_stays_typed(browser: Client, lead: Match) -> None:
    unknown_of(lead, 1, "parameter")
    for low, said in (("viel", "Enter a number."), ("900", "The upper bound lies below the lower one.")):
        sent = {"condition": "1", "low": low, "high": "300", "unit": "L"}
        refused = browser.post(f"{LEADS}{lead.uuid}/confirm/", sent)

        assert refused.status_code == 400
        assert f'value="{low}"' in refused.content.decode()
        assert said in refused.content.decode()
    assert lead.capability.facts.filter(source="answered").count() == 0


def test_an_answer_to_nothing_open_is_refused(browser: Client, lead: Match) -> None:
    for sent in ({"condition": "0", "chosen": "发酵"}, {"condition": "99", "chosen": "no"}, {"chosen": "no"}):
        assert browser.post(f"{LEADS}{lead.uuid}/confirm/", sent).status_code == 400
    assert lead.capability.facts.filter(source="answered").count() == 0
