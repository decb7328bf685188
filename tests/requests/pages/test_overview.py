"""The page of one need: what comes next, where it stands, what was edited, why it came back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from requests.models import Need, NeedRevision
from requests.services import NeedInput, need_edit, need_open, need_post, need_return, need_submit
from tests.factories import MatchFactory, NeedFactory, QuestionFactory, QuoteFactory, ScoringRunFactory
from tests.requests.pages.conftest import BrowserOf
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone


@pytest.fixture
def browser(enterprise: Actor, browser_of: BrowserOf) -> Client:
    return browser_of(enterprise)


def shown(browser: Client, need: Need) -> str:
    answer = browser.get(f"/needs/{need.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def next_step(page: str) -> tuple[str, str, str]:
    """The sentence, the one button and where it leads."""
    block = re.search(r'<section class="next .*?</section>', page, re.DOTALL)
    assert block
    sentence = re.search(r"<p><strong>(.*?)</strong></p>", block[0], re.DOTALL)
    buttons = re.findall(r'(?:href|action)="([^"]+)".*?</svg>([^<]+)</(?:a|button)>', block[0], re.DOTALL)
    assert sentence
    assert len(buttons) <= 1
    where, words = buttons[0] if buttons else ("", "")
    return sentence[1], words, where


def course(page: str) -> list[tuple[str, str]]:
    """State and words of each station."""
    block = re.search(r'<ol class="steps">(.*?)</ol>', page, re.DOTALL)
    assert block
    return re.findall(r'<li class="step-(\w+)"[^>]*><strong>([^<]+)</strong>', block[1])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", ("This draft is not submitted yet; nobody else sees it.", "Go on writing", "edit/")),
        ("submitted", ("The zone&#x27;s office is checking it; matching starts when it opens the need.", "", None)),
        ("open", ("It is being held against every published capability.", "See the matches", "matches/")),
        ("contracted", ("You have chosen —; the contacts are open to both of you.", "See the contacts", "matches/")),
        ("completed", ("This need is completed.", "Post it again", "again/")),
        ("withdrawn", ("You have taken this need back.", "Post it again", "again/")),
        ("expired", ("The time of this need is over.", "Post it again", "again/")),
    ],
)
def test_every_status_has_one_sentence_and_at_most_one_button(
    status: str, expected: tuple[str, str, str | None], browser: Client, need: Need
) -> None:
    Need.objects.filter(pk=need.pk).update(status=status)

    sentence, words, where = expected
    assert next_step(shown(browser, need)) == (
        sentence,
        words,
        "" if where is None else f"/needs/{need.number}/{where}",
    )


def test_while_open_the_most_urgent_thing_comes_first(browser: Client, need: Need) -> None:
    run = ScoringRunFactory.create(need=need)
    assert next_step(shown(browser, need))[0] == "Nothing meets every “must”. See what relaxing one would open."

    MatchFactory.create(need=need, run=run)
    assert next_step(shown(browser, need))[0] == "1 capability may fit."

    due = timezone.now() + timedelta(hours=3)
    lead = MatchFactory.create(need=need, run=run, approved=True, rank=2, answer_due_at=due)
    at = timezone.localtime(due).strftime("%Y-%m-%d %H:%M")
    assert next_step(shown(browser, need))[0] == f"1 operators were asked; the next answer is due by {at}."

    MatchFactory.create(need=need, run=run, accepted=True, rank=3)
    assert next_step(shown(browser, need))[:2] == ("1 platform is willing to take it on.", "See who")

    quoted = MatchFactory.create(need=need, run=run, quoted=True, rank=4)
    QuoteFactory.create(match=quoted, valid_until="2027-04-01")
    assert next_step(shown(browser, need)) == (
        "1 offer is there. The first runs out on 2027-04-01.",
        "Compare the offers",
        f"/needs/{need.number}/quotes/",
    )

    QuestionFactory.create(match=lead)
    assert next_step(shown(browser, need))[:2] == ("1 question waits for your answer.", "Answer")


def test_the_course_has_who_and_when_at_every_station(
    browser: Client, enterprise: Actor, zone_admin: Actor, zone: Zone
) -> None:
    zone.opens_needs_itself = False
    zone.save()
    need, _created = need_post(actor=enterprise, entered=NeedInput(title="题", text="需要500L发酵罐"))
    assert course(shown(browser, need))[:3] == [("done", "submitted"), ("current", "checked"), ("open", "matched")]

    need_open(actor=zone_admin, need=need)
    run = ScoringRunFactory.create(need=need)
    match = MatchFactory.create(need=need, run=run, quoted=True, reviewed_by=zone_admin.user)
    QuoteFactory.create(match=match)

    page = shown(browser, need)
    assert course(page) == [
        ("done", "submitted"),
        ("done", "checked"),
        ("done", "matched"),
        ("done", "asked for offers"),
        ("done", "quoted"),
        ("current", "contracted"),
        ("open", "completed"),
    ]
    stations = re.search(r'<ol class="steps">(.*?)</ol>', page, re.DOTALL)
    assert stations
    for who in ("enterprise", "zone_admin", match.capability.platform.name):
        assert who in stations[1]
    assert "1 of 1 have answered" in stations[1]


def test_a_returned_need_shows_why_and_leads_to_its_sheet(
    browser: Client, need: Need, zone_admin: Actor, enterprise: Actor
) -> None:
    need_return(actor=zone_admin, need=need, note="请补充批次\n和每批产量")

    page = shown(browser, need)

    assert next_step(page) == (
        "The zone&#x27;s office sent it back: please clarify, then submit it again.",
        "Fix and resubmit",
        f"/needs/{need.number}/edit/",
    )
    assert '<blockquote class="next-detail need-text">请补充批次\n和每批产量</blockquote>' in page
    assert course(page)[:2] == [("open", "submitted"), ("current", "checked")]
    assert "请补充批次" in browser.get(f"/needs/{need.number}/edit/").content.decode()

    need_submit(actor=enterprise, need=Need.objects.get(pk=need.pk))
    assert '<blockquote class="next-detail' not in shown(browser, need)


def test_edits_are_listed_with_what_each_changed_and_by_whom(
    browser: Client, enterprise: Actor, zone_admin: Actor, need: Need
) -> None:
    NeedRevision.objects.filter(need=need).update(
        conditions=[
            {"kind": "process", "value": "发酵", "op": "require", "hard": True},
            {"kind": "qualification", "value": "GMP", "op": "require", "hard": False},
        ]
    )
    entered = NeedInput(
        title="改过的标题",
        text="第一行\n新的一行",
        conditions=[
            {"kind": "process", "value": "发酵", "op": "require", "hard": False},
            {"kind": "material", "value": "乳球蛋白", "op": "require"},
        ],
    )
    need_edit(actor=zone_admin, need=need, revision=1, entered=entered)

    page = shown(browser, need)

    found = re.findall(r'<span class="change-name">([^<]+)</span>(.*?)</li>', page, re.DOTALL)
    said = {name: re.sub(r"<[^>]+>|\s+", " ", words).split() for name, words in found}
    assert list(said) == ["Title", "Description", "process", "qualification", "material or product"]
    assert said["Title"] == ["before:", "乳球蛋白发酵中试", "→", "now:", "改过的标题"]
    assert said["process"][0] == "before:"
    assert "(must)" in said["process"]
    assert "(should)" in said["process"]
    assert said["qualification"][0] == "before:"
    assert "now:" not in said["qualification"]
    assert said["material or product"][0] == "now:"
    assert "Revision 2 of" in page
    assert "zone_admin" in page


def test_one_revision_has_no_history(browser: Client, need: Need) -> None:
    assert "History of edits" not in shown(browser, need)


def test_the_office_is_led_to_its_decision(zone_admin: Actor, need: Need, browser_of: BrowserOf) -> None:
    Need.objects.filter(pk=need.pk).update(status="submitted")

    page = shown(browser_of(zone_admin), need)

    assert next_step(page) == ("Check this need: open it, or return it with a note.", "Decide", "#decision")
    assert "/again/" not in page


@pytest.mark.parametrize("matches", [1, 30])
def test_the_page_costs_the_same_for_one_and_thirty_matches(
    matches: int, browser: Client, need: Need, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = ScoringRunFactory.create(need=need)
    for rank in range(1, matches + 1):
        match: Match = MatchFactory.create(need=need, run=run, rank=rank, quoted=True)
        QuoteFactory.create(match=match)
        QuestionFactory.create(match=match)
        NeedRevision.objects.create(need=need, number=rank + 1, title=need.title, text=need.text)

    with django_assert_num_queries(14):
        page = shown(browser, need)

    assert f"{matches} match" in page


def test_a_draft_may_be_deleted_and_not_withdrawn(browser: Client, enterprise: Actor) -> None:
    need = NeedFactory.create(organization=enterprise.organization, status="draft")

    page = shown(browser, need)

    assert f'href="/needs/{need.number}/delete/"' in page
    assert f'href="/needs/{need.number}/withdraw/"' not in page
    assert f'action="/needs/{need.number}/again/"' not in page
