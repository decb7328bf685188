"""Every button that commits somebody, pressed three times at once on the page and in the API: one effect, and words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from matching.enums import MatchStatus
from matching.models import Match, Question, Quote
from platforms.models import Platform
from requests.models import Need
from tests.concurrency.racing import ROUNDS, race
from tests.factories import (
    CapabilityFactory,
    CertificateFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    PlatformFactory,
    QuestionFactory,
)
from tests.requests.pages.sheet import controls_of
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Invitation, Membership
from zhongshi.core.errors import IllegalTransition, StaleTransition
from zhongshi.core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()
OFFER = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0", "amount": "1000", "currency": "CNY", "valid_until": SOON}
TOLD = {409, 422}
Counter = Callable[[], int]
Button = tuple[str, dict[str, Any], Counter]


class World:
    """The people, and a fresh row for each button."""

    def __init__(self, enterprise: Actor, operator: Actor, zone_admin: Actor) -> None:
        self.people = {"enterprise": enterprise, "operator": operator, "office": zone_admin}

    def match(self, **fields: Any) -> Match:
        enterprise, operator = self.people["enterprise"], self.people["operator"]
        need = NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user)
        platform = PlatformFactory.create(zone=need.zone, organization=operator.organization)
        return MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform), **fields)

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who].user)
        return client


@pytest.fixture
def world(enterprise: Actor, operator: Actor, zone_admin: Actor) -> World:
    return World(enterprise, operator, zone_admin)


def _moved(row: Any, status: str) -> Counter:
    return lambda: AuditEntry.objects.filter(object_id=row.uuid, action="status", to_status=status).count()


def _accept(world: World) -> Button:
    match = world.match(approved=True)
    return f"/desk/leads/{match.uuid}/accept/", {}, _moved(match, MatchStatus.ACCEPTED)


def _decline(world: World) -> Button:
    match = world.match(approved=True)
    body = {"reason": "no_capacity", "words": "档期已满"}
    return f"/desk/leads/{match.uuid}/decline/", body, _moved(match, MatchStatus.DECLINED)


def _quote(world: World) -> Button:
    match = world.match(approved=True)
    return f"/desk/leads/{match.uuid}/quote/", OFFER, lambda: Quote.objects.filter(match=match).count()


def _choose(world: World) -> Button:
    match = world.match(quoted=True)
    address = f"/needs/{match.need.number}/matches/{match.uuid}/choose/"
    return address, {}, _moved(match, MatchStatus.CHOSEN)


def _reply(world: World) -> Button:
    question: Question = QuestionFactory.create(match=world.match(approved=True))
    address = f"/needs/{question.match.need.number}/questions/{question.uuid}/"
    count = AuditEntry.objects.filter(object_id=question.match.uuid, action="answered").count
    return address, {"answer": "约200 mPa·s"}, count


def _review(kind: str, make: Callable[[World], Any], target: str) -> Callable[[World], Button]:
    def button(world: World) -> Button:
        row = make(world)
        body = {"decision": "approve", "seen": row.status}
        return f"/park/review/{kind}/{row.uuid}/", body, _moved(row, target)

    return button


def _submitted_platform(world: World) -> Platform:
    operator = world.people["operator"]
    return PlatformFactory.create(zone=operator.zone, organization=operator.organization, status="submitted")


def _submitted_need(world: World) -> Need:
    enterprise = world.people["enterprise"]
    return NeedFactory.create(
        organization=enterprise.organization, created_by=enterprise.user, zone=enterprise.zone, status="submitted"
    )


def _paper(world: World) -> Any:
    return CertificateFactory.create(
        platform=PlatformFactory.create(zone=world.people["operator"].zone), status="submitted"
    )


def _newcomer(world: World) -> Any:
    return OrganizationFactory.create(zone=world.people["office"].zone, status="submitted")


PAGES: dict[str, tuple[str, Callable[[World], Button]]] = {
    "accept": ("operator", _accept),
    "decline": ("operator", _decline),
    "quote": ("operator", _quote),
    "choose": ("enterprise", _choose),
    "answer": ("enterprise", _reply),
    "approve a match": ("office", _review("match", lambda world: world.match(), "approved")),
    "publish a listing": ("office", _review("platform", _submitted_platform, "published")),
    "check a certificate": ("office", _review("certificate", _paper, "checked")),
    "open a need": ("office", _review("need", _submitted_need, "open")),
    "approve an organization": ("office", _review("organization", _newcomer, "approved")),
}


def _press(clients: list[Client], address: str, body: dict[str, Any], seed: int) -> list[HttpResponse]:
    """Every client sends the same form at the same moment; their answers."""
    answers: list[HttpResponse] = []

    def send(client: Client) -> HttpResponse:
        answer = client.post(address, body)
        answers.append(answer)
        return answer

    race([partial(send, client) for client in clients], seed)
    return answers


@pytest.mark.parametrize("button", PAGES)
def test_a_button_pressed_three_times_on_the_page(button: str, world: World) -> None:
    who, make = PAGES[button]
    for seed in list(ROUNDS)[:5]:
        address, body, count = make(world)

        answers = _press([world.client(who) for _ in range(3)], address, body, seed)

        won = [answer for answer in answers if answer.status_code == 302]
        told = [answer for answer in answers if answer.status_code in TOLD]
        assert (len(won), len(told)) == (1, 2), [answer.status_code for answer in answers]
        assert all(map(_says_why, told))
        assert count() == 1


def _says_why(answer: HttpResponse) -> bool:
    """On top of the page, in words."""
    summary = re.search(r'id="errors".*?<h2>(.*?)</h2>', answer.content.decode(), re.DOTALL)
    return summary is not None and summary[1] in {str(StaleTransition().detail), str(IllegalTransition().detail)}


API: dict[str, tuple[str, Callable[[World], Button]]] = {
    "accept": ("operator", lambda world: _api("leads/{}/accept/", world.match(approved=True), {}, "accepted")),
    "quote": (
        "operator",
        lambda world: _api(
            "leads/{}/quote/", world.match(approved=True), {"amount": 1000, "valid_until": SOON}, "quoted"
        ),
    ),
    "decline": (
        "operator",
        lambda world: _api("leads/{}/decline/", world.match(approved=True), {"reason": "档期已满"}, "declined"),
    ),
    "choose": ("enterprise", lambda world: _api("matches/{}/choose/", world.match(quoted=True), {}, "chosen")),
    "review": ("office", lambda world: _api("matches/{}/review/", world.match(), {"approve": True}, "approved")),
}


def _api(route: str, match: Match, body: dict[str, Any], target: str) -> Button:
    return "/api/v1/" + route.format(match.uuid), body, _moved(match, target)


@pytest.mark.parametrize("button", API)
def test_a_call_made_three_times_to_the_api(button: str, world: World) -> None:
    who, make = API[button]
    token = Token.objects.create(user=world.people[who].user)
    for seed in list(ROUNDS)[:5]:
        address, body, count = make(world)
        answers: list[HttpResponse] = []

        def call(address: str = address, body: dict[str, Any] = body, answers: list[Any] = answers) -> HttpResponse:
            client = Client(headers={"Authorization": f"Bearer {token.key}"})
            answer = client.post(address, json.dumps(body), content_type="application/json")
            answers.append(answer)
            return answer

        race([call] * 3, seed)

        told = [answer.json() for answer in answers if answer.status_code in TOLD]
        assert sorted(answer.status_code for answer in answers)[0] == 200
        assert len(told) == 2, [answer.status_code for answer in answers]
        assert {body["code"] for body in told} <= {"lost_race", "illegal_move"}
        assert all(body["detail"] for body in told)
        assert count() == 1


def test_a_need_posted_by_three_clicks_is_one_need(world: World) -> None:
    """The sheet's hidden key makes the others the same need: all three are led to it."""
    for seed in list(ROUNDS)[:5]:
        clients = [world.client("enterprise") for _ in range(3)]
        sheet = controls_of(clients[0].get("/needs/new/").content)
        typed = {**sheet, "title": f"发酵放大{seed}", "text": "需要500L发酵罐做中试。", "action": "submit"}

        answers = _press(clients, "/needs/new/", typed, seed)

        need = Need.objects.get(title=f"发酵放大{seed}")
        assert [answer.status_code for answer in answers] == [302] * 3
        assert {need.number in answer["Location"] for answer in answers} == {True}


def test_an_invitation_sent_by_three_clicks_is_one_invitation(world: World) -> None:
    """All three are answered alike; the same row is renewed, and its link is the same for all mails."""
    Membership.objects.update(is_manager=True)
    for seed in list(ROUNDS)[:5]:
        body = {"email": f"new{seed}@example.cn"}

        answers = _press([world.client("operator") for _ in range(3)], "/accounts/members/invite/", body, seed)

        assert Invitation.objects.filter(email=body["email"]).count() == 1
        assert [answer.status_code for answer in answers] == [302] * 3


def test_a_need_edited_on_two_pages_at_once_keeps_what_the_slower_one_typed(world: World) -> None:
    enterprise = world.people["enterprise"]
    for seed in list(ROUNDS)[:5]:
        need = NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user)
        clients = [world.client("enterprise") for _ in range(2)]
        address = f"/needs/{need.number}/edit/"
        sheets = [controls_of(client.get(address).content) for client in clients]
        answers: dict[str, HttpResponse] = {}

        def save(client: Client, sheet: dict[str, Any], title: str, address: str = address, into: Any = answers) -> Any:
            into[title] = client.post(address, {**sheet, "title": title, "action": "save"})
            return into[title]

        race(
            [
                lambda client=client, sheet=sheet, n=n: save(client, sheet, f"第{n}人的标题")
                for n, (client, sheet) in enumerate(zip(clients, sheets, strict=True))
            ],
            seed,
        )

        need.refresh_from_db()
        [(lost, refused)] = [(title, answer) for title, answer in answers.items() if answer.status_code == 409]
        assert need.title in set(answers) - {lost}
        assert controls_of(refused.content)["title"] == lost
        assert need.revision == 2
