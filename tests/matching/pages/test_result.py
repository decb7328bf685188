"""The explained result: ranked cards, reasons, questions, quotes, the choice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from matching.models import Match, ScoringRun
from platforms.models import Capability
from requests.models import Need, NeedRevision
from tests.factories import CapabilityFactory, MatchFactory, QuestionFactory, QuoteFactory, ScoringRunFactory
from tests.matching.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor

POLLS = 'hx-trigger="every 2s"'
REFRESH = '<noscript><meta http-equiv="refresh" content="4"></noscript>'
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def verdict(condition: int, word: str, *, hard: bool = True, text: str = "") -> dict[str, Any]:
    evidence = {"text": text, "source": "declared" if text else "", "date": "2025-12-25" if text else ""}
    return {"condition": condition, "kind": "process", "hard": hard, "verdict": word, "evidence": evidence}


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def result(browser: Client, need: Need) -> str:
    answer = browser.get(f"/needs/{need.number}/matches/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_while_scoring_the_page_looks_again_by_itself(browser: Client, need: Need) -> None:
    page = result(browser, need)

    assert POLLS in page
    assert REFRESH in page
    assert "Matching …" in page
    assert f'<a href="/needs/{need.number}/matches/">Look again now</a>' in page


def test_the_part_that_polls_is_only_the_result(browser: Client, need: Need) -> None:
    waiting = browser.get(f"/needs/{need.number}/matches/", headers=PART)
    ScoringRunFactory.create(need=need)
    ready = browser.get(f"/needs/{need.number}/matches/", headers=PART)

    assert waiting.content.decode().lstrip().startswith('<div id="result" hx-get=')
    assert ready.content.decode().lstrip().startswith('<div id="result">')
    assert {"HX-Request", "HX-Request-Type"} <= set(ready["Vary"].split(", "))


def test_once_scored_it_stays(browser: Client, need: Need, proposed: Match) -> None:
    page = result(browser, need)

    assert POLLS not in page
    assert REFRESH not in page
    assert "1 capability proposed" in page
    assert proposed.capability.name in page


def test_an_edited_need_is_scoring_again_although_an_older_run_exists(
    browser: Client, need: Need, proposed: Match
) -> None:
    Need.objects.filter(pk=need.pk).update(revision=2)

    assert POLLS in result(browser, need)


def test_a_card_says_score_verdicts_evidence_and_source(browser: Client, need: Need, capability: Capability) -> None:
    MatchFactory.create(
        need=need,
        capability=capability,
        score=91,
        verdicts=[verdict(0, "pass", text="两台发酵罐"), verdict(1, "unknown")],
    )

    page = result(browser, need)

    assert "<strong>91</strong> <span>very good fit</span>" in page
    assert "1 met" in page
    assert "1 to be confirmed" in page
    assert 'class="nowrap verdict-unknown"' in page
    assert "50%" in page
    assert "两台发酵罐" in page
    assert "2025-12-25" in page
    assert "Compiled from public information, not verified by the platform" in page
    assert "80</span>" in page


def test_a_failed_must_stands_outside_the_ranking(browser: Client, need: Need, capability: Capability) -> None:
    MatchFactory.create(need=need, capability=capability, verdicts=[verdict(1, "fail", text="最大200L")])

    page = result(browser, need)

    assert "0 capabilities proposed" in page
    assert "Not a full fit; could do a part" in page
    assert "A “must” is not met" not in page
    card = browser.get(f"/needs/{need.number}/matches/{Match.objects.get().uuid}/").content.decode()
    assert "A “must” is not met: volume 500 L" in card
    assert "最大200L" in card


def test_the_side_says_how_they_were_selected(browser: Client, need: Need) -> None:
    other = CapabilityFactory.create()
    ScoringRunFactory.create(
        need=need,
        funnel=[
            {"step": "listed", "condition": None, "count": 1286},
            {"step": "condition", "condition": 1, "count": 14},
        ],
        excluded=[{"reason": "500L", "kind": "parameter", "condition": 1, "count": 23}],
        relaxations=[
            {"condition": 0, "kind": "process", "change": {"action": "drop"}, "gain": 6},
            {"condition": 1, "kind": "parameter", "change": {"action": "widen", "min": 200, "max": 500}, "gain": 3},
        ],
        routes=[{"capabilities": [str(other.uuid)]}, {"capabilities": ["00000000-0000-0000-0000-000000000000"]}],
    )

    page = result(browser, need)

    assert "<dt>published capabilities</dt><dd>1,286</dd>" in page
    assert "<dt>volume 500 L</dt><dd>14</dd>" in page
    assert "<dt>not met: volume 500 L</dt><dd>23</dd>" in page
    assert "<span>process 发酵: no longer a must</span><strong>+6</strong></button>" in page
    assert "<span>volume 500 L → 200–500 L</span><strong>+3</strong></button>" in page
    assert f'href="/needs/{need.number}/excluded/"' in page
    assert f'href="/needs/{need.number}/routes/"' in page
    assert page.count('<ol class="steps">') == 1
    assert other.name in page
    assert "rules r1" in page


def test_an_answered_match_of_an_older_revision_keeps_the_conditions_it_was_judged_by(
    browser: Client, need: Need, capability: Capability
) -> None:
    NeedRevision.objects.filter(need=need, number=1).update(conditions=[{"kind": "process", "value": "旧工艺"}])
    MatchFactory.create(need=need, capability=capability, quoted=True)
    Need.objects.filter(pk=need.pk).update(revision=2)
    need.refresh_from_db()
    ScoringRunFactory.create(need=need)

    assert "process 旧工艺" in result(browser, need)


@pytest.mark.parametrize(("rows", "cards"), [(1, 1), (30, 5)])
def test_the_page_costs_the_same_for_one_and_thirty(
    rows: int, cards: int, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(1, rows + 1):
        MatchFactory.create(need=need, rank=rank)

    with django_assert_num_queries(13):
        page = result(browser, need)

    assert page.count('<article class="card card-flush match-card"') == cards
    assert page.count('<article class="card match-row"') == rows - cards


def test_what_waits_for_the_owner_is_a_full_card_wherever_it_ranks(browser: Client, need: Need) -> None:
    for rank in range(1, 8):
        MatchFactory.create(need=need, rank=rank)
    asked = MatchFactory.create(need=need, rank=8, approved=True)
    question = QuestionFactory.create(match=asked)
    fails = MatchFactory.create(need=need, rank=9, quoted=True, verdicts=[verdict(1, "fail")])

    page = result(browser, need)

    assert page.count('class="card card-flush match-card"') == 7
    assert f'id="a-{question.uuid}"' in page
    assert f"/matches/{fails.uuid}/choose/" in page


def test_only_the_first_verdict_table_is_open(browser: Client, need: Need) -> None:
    for rank in (1, 2):
        MatchFactory.create(need=need, rank=rank)

    page = result(browser, need)

    assert (page.count('<details class="verdicts" open>'), page.count('<details class="verdicts">')) == (1, 1)


def test_an_operators_question_is_answered_once(browser: Client, need: Need, lead: Match) -> None:
    question = QuestionFactory.create(match=lead)
    assert "料液粘度是多少？" in result(browser, need)

    answer = browser.post(f"/needs/{need.number}/questions/{question.uuid}/", {"answer": "约50 cP"})

    question.refresh_from_db()
    assert (answer["Location"], question.answer) == (f"/needs/{need.number}/matches/", "约50 cP")
    again = browser.post(f"/needs/{need.number}/questions/{question.uuid}/", {"answer": "改口"})
    question.refresh_from_db()
    assert (again.status_code, question.answer) == (422, "约50 cP")


def test_an_empty_answer_is_refused(browser: Client, need: Need, lead: Match) -> None:
    question = QuestionFactory.create(match=lead)

    refused = browser.post(f"/needs/{need.number}/questions/{question.uuid}/", {"answer": " "})

    assert refused.status_code == 400
    assert "Please write your answer." in refused.content.decode()


def test_choosing_repeats_the_numbers_then_releases_the_contacts(
    browser: Client, need: Need, capability: Capability
) -> None:
    match = MatchFactory.create(need=need, capability=capability, quoted=True)
    QuoteFactory.create(match=match, amount="620000.00", days=18)
    contact = capability.platform.organization.contact_phone
    assert contact not in result(browser, need)

    asked = browser.get(f"/needs/{need.number}/matches/{match.uuid}/choose/").content.decode()
    assert "620,000 CNY" in asked
    answer = browser.post(f"/needs/{need.number}/matches/{match.uuid}/choose/")

    match.refresh_from_db()
    assert (answer["Location"], match.status) == (f"/needs/{need.number}/matches/", "chosen")
    assert contact in result(browser, need)


def test_an_unanswered_match_cannot_be_chosen(browser: Client, need: Need, lead: Match) -> None:
    address = f"/needs/{need.number}/matches/{lead.uuid}/choose/"

    assert "Only an operator that has accepted or quoted can be chosen." in browser.get(address).content.decode()
    refused = browser.post(address)

    lead.refresh_from_db()
    assert (refused.status_code, lead.status) == (422, "approved")


def test_strangers_neither_answer_nor_choose(enterprise2: Actor, lead: Match, browser_of: BrowserOf) -> None:
    question, number = QuestionFactory.create(match=lead), lead.need.number
    stranger = browser_of(enterprise2)

    assert stranger.post(f"/needs/{number}/questions/{question.uuid}/", {"answer": "x"}).status_code == 404
    assert stranger.post(f"/needs/{number}/matches/{lead.uuid}/choose/").status_code == 404


def test_the_office_sees_the_result_without_the_owners_buttons(
    zone_admin: Actor, need: Need, browser_of: BrowserOf
) -> None:
    match = MatchFactory.create(need=need, quoted=True)
    waiting = MatchFactory.create(need=need, rank=2)

    page = result(browser_of(zone_admin), need)

    assert f"/matches/{match.uuid}/choose/" not in page
    assert f'href="/park/review/{waiting.uuid}/"' in page


def test_a_draft_has_no_result(browser: Client, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(status="draft")

    assert browser.get(f"/needs/{need.number}/matches/").status_code == 404
    assert ScoringRun.objects.count() == 0
