"""Two operators, an enterprise and an office do what they like in any order; what must hold holds after each step."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from matching.enums import AS_LEAD, IN_TALKS, RELEASED, UNANSWERED, MatchStatus
from matching.models import Match
from requests.enums import NeedStatus
from requests.models import Need
from tests.factories import (
    CapabilityFactory,
    ConditionFactory,
    MatchFactory,
    NeedFactory,
    PlatformFactory,
    ZoneFactory,
    make_actor,
)
from tests.fuzz.bounds import bounded
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role

ANSWERS = {200, 400, 403, 404, 409, 422}
SIDES = st.sampled_from([0, 1])


class Lives(RuleBasedStateMachine):
    """One need, two matches of two operators. The model is the last status seen of each, and what may follow it."""

    @initialize()
    def begin(self) -> None:
        zone = ZoneFactory.create()
        self.owner, self.office = make_actor(Role.ENTERPRISE, zone), make_actor(Role.ZONE_ADMIN, zone)
        self.operators = [make_actor(Role.OPERATOR, zone) for _ in range(2)]
        self.need = NeedFactory.create(organization=self.owner.organization, created_by=self.owner.user)
        ConditionFactory.create(need=self.need)
        platforms = [PlatformFactory.create(zone=zone, organization=one.organization) for one in self.operators]
        self.matches = [
            MatchFactory.create(need=self.need, capability=CapabilityFactory.create(platform=one)) for one in platforms
        ]
        self.seen = self._statuses()

    def _statuses(self) -> list[str]:
        """Of the need, then of the matches."""
        need = Need.objects.get(pk=self.need.pk).status
        return [need, *Match.objects.filter(need=self.need).order_by("pk").values_list("status", flat=True)]

    def _ask(self, actor: Actor, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {Token.objects.get_or_create(user=actor.user)[0].key}")
        answer = client.generic(method, f"/api/v1/{path}", _json(body), content_type="application/json")
        assert answer.status_code in ANSWERS, (path, answer.content)
        return answer

    def _act(self, actor: Actor, path: str, body: dict[str, Any] | None = None) -> None:
        answer = self._ask(actor, "POST", path, body)
        before, self.seen = self.seen, self._statuses()
        # A refusal changes nothing.
        assert answer.status_code == 200 or self.seen == before, (path, answer.content)
        for was, now, table in zip(before, self.seen, [Need, Match, Match], strict=True):
            assert was == now or now in table.TRANSITIONS[was], (path, was, now)

    @rule(side=SIDES, approve=st.booleans(), note=st.sampled_from(["", "重复"]))
    def review(self, side: int, approve: bool, note: str) -> None:
        self._act(self.office, f"matches/{self.matches[side].uuid}/review/", {"approve": approve, "note": note})

    @rule(side=SIDES, own=st.booleans(), deed=st.sampled_from(["accept", "decline", "ask"]))
    def answer(self, side: int, own: bool, deed: str) -> None:
        body = {"accept": {}, "decline": {"reason": "档期已满"}, "ask": {"question": "粘度？"}}[deed]
        self._act(self.operators[side if own else 1 - side], f"leads/{self.matches[side].uuid}/{deed}/", body)

    @rule(side=SIDES, amount=st.sampled_from([0, 1, 120_000, 1e15]), days=st.sampled_from([-1, 0, 30]))
    def quote(self, side: int, amount: float, days: int) -> None:
        until = (timezone.localdate() + timedelta(days=days)).isoformat()
        body = {"amount": amount, "valid_until": until}
        self._act(self.operators[side], f"leads/{self.matches[side].uuid}/quote/", body)

    @rule(side=SIDES, owner=st.booleans())
    def choose(self, side: int, owner: bool) -> None:
        self._act(self.owner if owner else self.operators[side], f"matches/{self.matches[side].uuid}/choose/", {})

    @precondition(lambda self: self.seen[0] not in {NeedStatus.WITHDRAWN})
    @rule(revision=st.sampled_from([0, 1, 2]), title=st.sampled_from(["发酵", "干燥"]))
    def edit(self, revision: int, title: str) -> None:
        held = Need.objects.get(pk=self.need.pk)
        answer = self._ask(self.owner, "PATCH", f"needs/{self.need.uuid}/", {"revision": revision, "title": title})
        now = Need.objects.get(pk=self.need.pk)
        assert now.revision == held.revision + (
            answer.status_code == 200 and (now.title != held.title or now.revision > revision)
        )
        assert answer.status_code != 200 or revision == held.revision
        self.seen = self._statuses()

    @rule(office=st.booleans(), chance=st.integers(0, 5))
    def withdraw(self, office: bool, chance: int) -> None:
        if chance == 0:
            self._act(self.office if office else self.owner, f"needs/{self.need.uuid}/withdraw/", {"note": "不再需要"})

    @invariant()
    def at_most_one_wins(self) -> None:
        if hasattr(self, "seen"):
            assert sum(status in RELEASED for status in self.seen[1:]) <= 1
            if self.seen[0] == NeedStatus.WITHDRAWN:
                assert not set(self.seen[1:]) & (UNANSWERED | IN_TALKS)

    @invariant()
    def an_operator_sees_its_own_leads_and_contacts_only_of_what_was_chosen(self) -> None:
        if not hasattr(self, "seen"):
            return
        for side, operator in enumerate(self.operators):
            rows = {row["id"]: row for row in self._ask(operator, "GET", "leads/").json()["results"]}
            status = self.seen[1 + side]
            assert set(rows) <= {str(self.matches[side].uuid)}
            assert bool(rows) == (MatchStatus(status) in AS_LEAD) or status == MatchStatus.WITHDRAWN, status
            for row in rows.values():
                assert not row.get("contacts") or status in RELEASED


def _json(body: dict[str, Any] | None) -> bytes:
    return json.dumps(body or {}).encode()


@pytest.mark.django_db
def test_any_order_of_deeds_keeps_what_must_hold() -> None:
    run_state_machine_as_test(Lives, settings=bounded(4, steps=15))
