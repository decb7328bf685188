"""Who may call what: every route and method against seven people. The table is `permissions.txt`.

A new route fails the first test until it has its lines; its owner writes them by thinking, not by copying what came.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from matching.models import Match, Question, RulesVersion
from platforms.models import Capability, Certificate, ImportJob
from requests.models import Agreement, Campaign, Need
from tests.factories import (
    PASSWORD,
    AgreementFactory,
    CampaignFactory,
    CapabilityFactory,
    ImportJobFactory,
    MatchFactory,
    QuestionFactory,
    RulesVersionFactory,
)
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification
from zhongshi.vocabulary.candidates import Candidate
from zhongshi.vocabulary.models import UnknownWord
from zhongshi.vocabulary.words import words_note

TABLE = Path(__file__).with_name("permissions.txt")
PEOPLE = ("nobody", "stranger", "owner", "operator", "operator2", "admin", "other_admin")
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()

# What is sent, where an empty body would be refused for its shape before anybody's right is looked at.
BODIES: dict[str, dict[str, Any]] = {
    "POST api/v1/auth/token/": {"username": "enterprise", "password": PASSWORD},
    "POST api/v1/needs/": {"title": "发酵中试", "text": "需要500L发酵罐。"},
    "POST api/v1/needs/parse/": {"text": "需要500L发酵罐。"},
    "PATCH api/v1/needs/<uuid:public_id>/": {"revision": 1, "title": "发酵"},
    "POST api/v1/matches/<uuid:public_id>/review/": {"approve": True},
    "POST api/v1/questions/<uuid:public_id>/answer/": {"answer": "约200 mPa·s"},
    "POST api/v1/needs/<uuid:public_id>/reason/": {"reason": "核对工艺条件"},
    "POST api/v1/leads/<uuid:public_id>/sign/": {"name": "陈立", "agrees": True},
    "POST api/v1/leads/<uuid:public_id>/decline/": {"reason": "档期已满"},
    "POST api/v1/leads/<uuid:public_id>/quote/": {"amount": 1000, "valid_until": SOON},
    "POST api/v1/leads/<uuid:public_id>/ask/": {"question": "粘度？"},
}
# Django's own, behind its own login: `test_the_admin_is_for_staff`.
ELSEWHERE = ("admin/",)


@dataclass(frozen=True)
class World:
    """One row of everything an address can name; all of it the owner's and the operator's."""

    need: Need
    lead: Match
    proposed: Match
    quoted: Match
    question: Question
    capability: Capability
    job: ImportJob
    notice: Notification
    word: UnknownWord
    rules: RulesVersion
    campaign: Campaign
    certificate: Certificate
    agreement: Agreement

    def address(self, route: str) -> str:
        """Fill the route's placeholders with this world's rows."""
        filled = re.sub(r"<(\w+):(\w+)>", lambda found: self._name(route, found[1], found[2]), route)
        return f"/{filled.removeprefix('^')}"

    def _name(self, route: str, kind: str, name: str) -> str:
        if kind == "int":
            # Numbers only name rows of the service itself, which none of these people sees.
            return "1"
        if kind == "str":
            named = {
                "kind": "match",
                "chain": "BIOMAN",
                "stage": "PILOT",
                "month": "2026-11",
                "token": "none",
                "uidb64": "none",
            }
            named["move"] = "suspend"
            return ({"number": self.need.number, "action": "accept", "name": self.rules.name} | named)[name]
        if "campaigns/" in route:
            return str(self.campaign.uuid)
        if "/review/" in route:
            return str(self.proposed.uuid)
        if "agreements/" in route:
            return str(self.agreement.uuid)
        if "choose/" in route:
            return str(self.quoted.uuid)
        if name == "match_id" and route.startswith("needs/"):
            return str(self.lead.uuid)
        if name == "question_id" or "questions/" in route:
            return str(self.question.uuid)
        rows = {
            "services/import/": self.job,
            "accounts/": self.notice.recipient,
            "leads/": self.lead,
            "platforms/": self.capability.platform,
            "capabilities/": self.capability,
            "services/": self.capability,
            "imports/": self.job,
            "notifications/": self.notice,
            "words/": self.word,
            "needs/": self.need,
            "certs/": self.certificate,
        }
        return str(next(row for part, row in rows.items() if part in route).uuid)


@pytest.fixture
def world(need: Need, lead: Match, enterprise: Actor, operator: Actor) -> World:
    platform = lead.capability.platform
    return World(
        need=need,
        lead=lead,
        proposed=MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform)),
        quoted=MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform), quoted=True),
        question=QuestionFactory.create(match=lead, asked_by=operator.user),
        capability=lead.capability,
        rules=RulesVersionFactory.create(of_zone=True, zone=need.zone),
        campaign=CampaignFactory.create(zone=need.zone),
        certificate=Certificate.objects.create(platform=platform, qualification="GMP", status="published"),
        agreement=AgreementFactory.create(need=need, organization=operator.organization),
        job=ImportJobFactory.create(organization=operator.organization, created_by=operator.user),
        notice=Notification.objects.create(
            recipient=enterprise.user,
            event="need.scored",
            dedupe_key="k",
            params={"number": need.number, "title": need.title, "count": 1},
        ),
        word=_word_of(need),
    )


def _word_of(need: Need) -> UnknownWord:
    """A word that only a need of the zone has used."""
    words_note([Candidate("微囊化", "微囊化")], source="need", key=str(need.uuid), zone_code=need.zone.code)
    return UnknownWord.objects.get()


@pytest.fixture
def people(
    enterprise2: Actor,
    enterprise: Actor,
    operator: Actor,
    operator2: Actor,
    zone_admin: Actor,
    other_zone_admin: Actor,
) -> dict[str, Actor | None]:
    actors = (None, enterprise2, enterprise, operator, operator2, zone_admin, other_zone_admin)
    return dict(zip(PEOPLE, actors, strict=True))


def routes() -> Iterator[tuple[str, Any]]:
    """Every address of the service with its view."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(entry, URLResolver):
            yield from _below(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def methods_of(view: Any) -> set[str]:
    """What the view answers; a function may answer both reading and writing, hence both need a line."""
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return {"GET", "POST"}
    own = {name for name in ("get", "post", "put", "patch", "delete") if hasattr(cls, name)}
    return {name.upper() for name in own} or {"GET"}


def table() -> dict[str, dict[str, tuple[int, ...]]]:
    """{route: {method: statuses in the order of PEOPLE}}."""
    rows: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, *statuses = line.split()
            rows["" if route == "/" else route][method] = tuple(map(int, statuses))
    return rows


def test_every_route_and_method_has_its_line_and_no_line_is_left_over() -> None:
    served = {(route, method) for route, view in routes() for method in methods_of(view)}
    listed = {(route, method) for route, by_method in table().items() for method in by_method}

    assert sorted(served - listed) == []
    assert sorted(listed - served) == []


def answer_to(client: Client, method: str, route: str, address: str) -> int:
    """Call the address as a program calls the API and a browser calls a page; the status."""
    body = BODIES.get(f"{method} {route}", {})
    if route == "api/v1/imports/" and method == "POST":
        upload = SimpleUploadedFile("a.jsonl", b'{"id": "p1", "name": "x", "capabilities": []}')
        return client.post(address, {"file": upload}).status_code
    if method == "GET":
        return client.get(address).status_code
    if route.startswith("api/"):
        return client.generic(method, address, json.dumps(body), content_type="application/json").status_code
    return client.generic(method, address).status_code

    return json.dumps(body).encode()


@pytest.mark.parametrize("route", sorted(table()))
def test_everybody_is_answered_as_the_table_says(route: str, world: World, people: dict[str, Actor | None]) -> None:
    found = {
        method: tuple(_status(world, actor, method, route) for actor in people.values()) for method in table()[route]
    }
    assert found == table()[route]


def _status(world: World, actor: Actor | None, method: str, route: str) -> int:
    """One call by one person, undone afterwards."""
    before = transaction.savepoint()
    client = Client()
    if actor is not None:
        client.force_login(actor.user)
    status = answer_to(client, method, route, world.address(route))
    transaction.savepoint_rollback(before)
    return status


def test_the_admin_is_for_staff(people: dict[str, Actor | None]) -> None:
    for actor in people.values():
        client = Client()
        if actor is not None:
            client.force_login(actor.user)
        assert client.get("/admin/").status_code == 302
