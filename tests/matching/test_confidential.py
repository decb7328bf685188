"""Every reader by every way: what comes out of a confidential need, and what the record says of it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from matching.models import Match
from matching.services.choosing import match_choose
from matching.services.leads import lead_accept, question_answer
from requests.models import Agreement, Disclosure, Need
from requests.services.terms import agreement_text_save
from tests.conftest import ApiOf
from tests.factories import MatchFactory, NeedFactory, QuestionFactory, UserFactory
from tests.matching.confidential import SECRETS, TEXT, TITLE, classify, manager, sign
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
Told = list[tuple[str, str, str]]
BrowserOf = Callable[[Actor], Client]


@pytest.fixture
def secret(lead: Match) -> Match:
    classify(lead.need)
    lead.need.refresh_from_db()
    return lead


@pytest.fixture
def browser_of() -> BrowserOf:
    def signed_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user)
        client.cookies["language"] = "en"
        return client

    return signed_in


def told() -> Told:
    """The record: who, what, by which way."""
    rows = Disclosure.objects.order_by("pk").values_list("user__username", "stage", "medium")
    return [(str(who), str(stage), str(medium)) for who, stage, medium in rows]


def is_silent(text: str) -> bool:
    return not any(word in text for word in SECRETS)


def test_a_lead_before_the_signature_by_page_and_api(
    secret: Match, operator: Actor, enterprise: Actor, browser_of: BrowserOf, api: ApiOf
) -> None:
    page = browser_of(operator).get(f"/desk/leads/{secret.uuid}/").content.decode()
    body = api(operator).get(f"/api/v1/leads/{secret.uuid}/").json()

    assert is_silent(page + str(body))
    assert enterprise.organization.name not in page + str(body)
    assert f"Confidential need {secret.need.number}" in page
    assert (body["need"]["title"], body["need"]["text"], body["need"]["is_full_text"]) == ("", "", False)
    assert body["disclosure"]["stage"] == "conditions"
    assert body["disclosure"]["readable"] == ["conditions", "region", "budget_class"]
    assert [row["kind"] for row in body["disclosure"]["conditions"]] == ["process", "parameter"]
    assert body["disclosure"]["agreement"]["status"] == "none"
    assert body["disclosure"]["agreement"]["text"].startswith("保密协议")
    assert told() == [("operator", "conditions", "page"), ("operator", "conditions", "api")]


def test_a_lead_after_the_signature_and_after_the_choice(
    secret: Match, operator: Actor, enterprise: Actor, browser_of: BrowserOf, api: ApiOf
) -> None:
    client = api(manager(operator))
    answer = client.post(f"/api/v1/leads/{secret.uuid}/sign/", {"name": "陈立", "agrees": True}, format="json")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["need"]["title"], body["need"]["text"], body["disclosure"]["stage"]) == (TITLE, TEXT, "text")
    assert (body["contacts"], body["disclosure"]["agreement"]["text"]) == (None, None)
    page = browser_of(operator).get(f"/desk/leads/{secret.uuid}/").content.decode()
    assert TITLE in page
    assert TEXT in page

    match_choose(actor=enterprise, match=lead_accept(actor=operator, match=secret))

    body = client.get(f"/api/v1/leads/{secret.uuid}/").json()
    assert body["disclosure"]["stage"] == "contacts"
    assert body["contacts"]["organization"] == enterprise.organization.name
    assert Disclosure.objects.latest("pk").fields == ["conditions", "contacts", "region", "text", "title"]
    assert [stage for _who, stage, _medium in told()] == ["text", "text", "contacts"]


def test_chosen_without_a_signature_gives_contacts_and_no_text(
    secret: Match, operator: Actor, enterprise: Actor, api: ApiOf
) -> None:
    match_choose(actor=enterprise, match=lead_accept(actor=operator, match=secret))

    body = api(operator).get(f"/api/v1/leads/{secret.uuid}/").json()

    assert body["contacts"]["phone"] == enterprise.organization.contact_phone
    assert is_silent(str(body))
    assert body["disclosure"]["agreement"]["text"]


def test_lists_disclose_nothing_and_record_nothing(
    secret: Match, operator: Actor, zone_admin: Actor, api: ApiOf
) -> None:
    sign(operator, secret)

    leads = api(operator).get("/api/v1/leads/").json()["results"]
    needs = api(zone_admin).get("/api/v1/needs/").json()["results"]

    assert is_silent(str(leads) + str(needs))
    assert leads[0]["disclosure"]["stage"] == "text"
    assert leads[0]["disclosure"]["conditions"] is None
    assert needs[0]["title"] == ""
    assert told() == []


def test_the_owner_reads_its_need_unrecorded(
    secret: Match, enterprise: Actor, browser_of: BrowserOf, api: ApiOf
) -> None:
    need = secret.need
    browser = browser_of(enterprise)
    pages = browser.get(f"/needs/{need.number}/").content.decode() + browser.get("/needs/").content.decode()
    body = api(enterprise).get(f"/api/v1/needs/{need.uuid}/").json()

    assert TITLE in pages
    assert body["text"] == TEXT
    for name in ("report.xlsx", "report.pdf"):
        assert browser.get(f"/needs/{need.number}/{name}").status_code == 200
    assert told() == []


PARK_PAGES = [
    "/park/",
    "/park/needs/",
    "/park/needs/?q=绝密",
    "/park/review/",
    "/park/review/?view=list",
    "/park/audit/",
    "/park/readings/",
    "/needs/{number}/",
    "/needs/{number}/matches/",
    "/needs/{number}/matches/{match}/",
    "/needs/{number}/compare/?m={match}",
    "/needs/{number}/quotes/",
    "/needs/{number}/excluded/",
    "/needs/{number}/withdraw/",
    "/needs/{number}/readings/",
    "/park/review/{match}/",
    "/park/review/need/{need}/",
    "/park/needs/{number}/nominate/",
]


@pytest.mark.parametrize("path", PARK_PAGES)
def test_no_page_of_the_office_shows_a_word_without_a_reason(
    secret: Match, zone_admin: Actor, browser_of: BrowserOf, path: str
) -> None:
    need = secret.need
    address = path.format(number=need.number, match=secret.uuid, need=need.uuid)

    answer = browser_of(zone_admin).get(address)

    assert answer.status_code == 200
    shown = answer.content.decode().replace('value="绝密"', "").replace("?q=%E7%BB%9D%E5%AF%86", "")
    assert is_silent(shown)


def test_what_both_sides_write_to_each_other_is_not_for_the_office(
    secret: Match, enterprise: Actor, zone_admin: Actor, browser_of: BrowserOf, api: ApiOf
) -> None:
    question = QuestionFactory.create(match=secret, text=f"{TITLE}？")
    question_answer(actor=enterprise, question=question, text=TEXT)
    address = f"/needs/{secret.need.number}/matches/{secret.uuid}/"
    results = f"/api/v1/needs/{secret.need.uuid}/matches/"

    assert is_silent(browser_of(zone_admin).get(address).content.decode() + str(api(zone_admin).get(results).json()))
    assert TEXT in browser_of(enterprise).get(address).content.decode()
    assert TEXT in str(api(enterprise).get(results).json())


def test_a_search_for_words_of_a_confidential_title_finds_nothing(
    secret: Match, zone_admin: Actor, browser_of: BrowserOf
) -> None:
    browser = browser_of(zone_admin)

    assert secret.need.number not in browser.get("/park/needs/?q=绝密标题").content.decode()
    assert secret.need.number in browser.get(f"/park/needs/?q={secret.need.number}").content.decode()
    Need.objects.filter(pk=secret.need_id).update(visibility="matched")
    assert secret.need.number in browser.get("/park/needs/?q=绝密标题").content.decode()


def test_the_office_opens_a_need_with_a_reason(secret: Match, zone_admin: Actor, browser_of: BrowserOf) -> None:
    number, browser = secret.need.number, browser_of(zone_admin)
    refused = browser.post(f"/needs/{number}/reason/", {"reason": "看"})
    assert refused.status_code == 400
    assert ">看</textarea>" in refused.content.decode()
    assert is_silent(refused.content.decode())
    assert browser.get(f"/needs/{number}/edit/")["Location"] == f"/needs/{number}/"

    assert browser.post(f"/needs/{number}/reason/", {"reason": "企业来电请协助"}).status_code == 302

    assert TEXT in browser.get(f"/needs/{number}/").content.decode()
    assert TEXT in browser.get(f"/needs/{number}/edit/").content.decode()
    last = Disclosure.objects.latest("pk")
    assert (last.user, last.organization, last.stage, last.reason) == (
        zone_admin.user,
        zone_admin.organization,
        "text",
        "企业来电请协助",
    )
    assert AuditEntry.objects.filter(action="disclosed").count() == Disclosure.objects.count()


def test_a_reason_holds_for_one_person_and_one_need(secret: Match, zone_admin: Actor, api: ApiOf) -> None:
    other = classify(NeedFactory.create(organization=secret.need.organization))
    client = api(zone_admin)

    body = client.post(f"/api/v1/needs/{secret.need.uuid}/reason/", {"reason": "核对工艺条件"}, format="json").json()

    assert (body["title"], body["text"]) == (TITLE, TEXT)
    assert client.get(f"/api/v1/needs/{other.uuid}/").json()["title"] == ""
    assert told()[-1] == ("zone_admin", "conditions", "api")


@pytest.mark.parametrize("name", ["report.xlsx", "report.pdf"])
def test_reports_for_the_office_follow_the_reason(
    secret: Match, zone_admin: Actor, browser_of: BrowserOf, name: str
) -> None:
    browser, address = browser_of(zone_admin), f"/needs/{secret.need.number}/{name}"
    closed = browser.get(address)
    browser.post(f"/needs/{secret.need.number}/reason/", {"reason": "核对工艺条件"})
    opened = browser.get(address)

    assert [medium for _who, _stage, medium in told()] == [name[-4:].strip(".")] * 2
    assert [stage for _who, stage, _medium in told()] == ["conditions", "text"]
    if name.endswith("xlsx"):
        assert is_silent(_inside(closed.content))
        assert TITLE in _inside(opened.content)


def _inside(file: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def test_the_superuser_states_a_reason_too(secret: Match) -> None:
    question = QuestionFactory.create(match=secret, text=TITLE, answer=TEXT)
    root = Client()
    root.force_login(UserFactory.create(username="root", is_staff=True, is_superuser=True))
    address = f"/admin/requests/need/{secret.need_id}/change/"
    lists = "".join(
        root.get(f"/admin/{page}/").content.decode()
        for page in ("requests/need", "matching/match", "matching/scoringrun", "matching/question")
    )

    lists += root.get(f"/admin/matching/question/{question.pk}/change/").content.decode()
    assert is_silent(lists + root.get(address).content.decode())
    assert is_silent(root.get("/admin/requests/need/?q=绝密标题").content.decode().replace('value="绝密标题"', ""))
    root.post(address, {"_read": "1", "reading_reason": "处理投诉，编号 12"})
    assert TEXT in root.get(address).content.decode()
    assert told() == [("root", "conditions", "admin"), ("root", "text", "admin")]


def test_the_enterprise_sees_who_read_and_decides(
    secret: Match, operator: Actor, enterprise: Actor, browser_of: BrowserOf
) -> None:
    agreement = sign(operator, secret)
    desk, browser = browser_of(operator), browser_of(enterprise)
    for _ in range(3):
        desk.get(f"/desk/leads/{secret.uuid}/")

    page = browser.get(f"/needs/{secret.need.number}/").content.decode()

    assert "Who read it" in page
    assert operator.organization.name in page
    assert '<td data-label="Times" class="number">3</td>' in page
    browser.post(f"/needs/{secret.need.number}/agreements/{agreement.uuid}/", {"verdict": "revoke"})
    assert Agreement.objects.get().status == "revoked"
    assert is_silent(desk.get(f"/desk/leads/{secret.uuid}/").content.decode())


def test_files_hold_every_reading(
    secret: Match, operator: Actor, enterprise: Actor, zone_admin: Actor, browser_of: BrowserOf
) -> None:
    desk = browser_of(operator)
    for _ in range(3):
        desk.get(f"/desk/leads/{secret.uuid}/")

    own = browser_of(enterprise).get(f"/needs/{secret.need.number}/readings/?download=csv").content.decode("utf-8-sig")
    office = browser_of(zone_admin).get("/park/readings/?download=csv").content.decode("utf-8-sig")
    sheet = browser_of(zone_admin).get("/park/readings/?download=xlsx")

    rows = list(csv.reader(io.StringIO(own)))
    assert (len(rows), rows[1][1], rows[1][4], rows[1][7]) == (
        4,
        secret.need.number,
        operator.organization.name,
        "page",
    )
    assert office == own
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    sheet.close()


def test_the_record_stays_with_owner_and_zone(
    secret: Match, operator: Actor, enterprise2: Actor, other_zone_admin: Actor, browser_of: BrowserOf
) -> None:
    browser_of(operator).get(f"/desk/leads/{secret.uuid}/")

    assert browser_of(enterprise2).get(f"/needs/{secret.need.number}/readings/").status_code == 404
    assert secret.need.number not in browser_of(other_zone_admin).get("/park/readings/").content.decode()
    assert browser_of(operator).get("/park/readings/").status_code == 403


def test_the_agreement_on_the_desk_keeps_what_was_typed(secret: Match, operator: Actor, browser_of: BrowserOf) -> None:
    browser, address = browser_of(manager(operator)), f"/desk/leads/{secret.uuid}/"
    refused = browser.post(f"{address}sign/", {"name": "陈立"})

    assert refused.status_code == 400
    assert 'value="陈立"' in refused.content.decode()
    assert browser.post(f"{address}sign/", {"name": "陈立", "agrees": "on"}).status_code == 302
    assert TEXT in browser.get(address).content.decode()
    assert browser.post(f"{address}sign/", {"name": "陈立", "agrees": "on"}).status_code == 422


def test_an_operator_without_the_right_is_told_whom_to_ask(
    secret: Match, operator: Actor, browser_of: BrowserOf
) -> None:
    page = browser_of(operator).get(f"/desk/leads/{secret.uuid}/").content.decode()
    assert "Only a manager of your organization may sign for it." in page
    assert 'name="agrees"' not in page


def test_the_office_puts_its_own_text_in_force(secret: Match, zone_admin: Actor, browser_of: BrowserOf) -> None:
    browser = browser_of(zone_admin)
    refused = browser.post("/park/agreement/", {"chinese": "太短", "seen": "0"})
    assert refused.status_code == 400
    assert ">太短</textarea>" in refused.content.decode()

    assert (
        browser.post("/park/agreement/", {"chinese": "园区范本。" * 20, "english": "", "seen": "0"}).status_code == 302
    )

    page = browser.get("/park/agreement/").content.decode()
    assert "cd/1" in page
    stale = browser.post("/park/agreement/", {"chinese": "别的范本。" * 20, "seen": "0"})
    assert stale.status_code == 409
    assert "别的范本。" in stale.content.decode()
    assert agreement_text_save(actor=zone_admin, chinese="第二版范本。" * 20, seen=1).number == 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_of_confidential_leads_costs_the_same(
    secret: Match, operator: Actor, api: ApiOf, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count - 1):
        need = NeedFactory.create(visibility="nda")
        MatchFactory.create(need=need, capability=secret.capability, approved=True)
    sign(operator, secret)
    client = api(operator)
    client.get("/api/v1/leads/")

    with django_assert_num_queries(7):
        assert client.get("/api/v1/leads/?page_size=50").json()["count"] == count


def test_reading_is_refused_to_somebody_elses_operator(secret: Match, operator2: Actor, api: ApiOf) -> None:
    assert api(operator2).get(f"/api/v1/leads/{secret.uuid}/").status_code == 404
    assert api(operator2).post(f"/api/v1/leads/{secret.uuid}/sign/", {"name": "x", "agrees": True}).status_code == 404
    assert told() == []
