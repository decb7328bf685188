"""Many rounds of two at one need or match: one wins, the other is told, and what is written is one story."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from matching.enums import MatchStatus
from matching.models import Match, Quote, ScoringRun
from matching.services.choosing import match_choose
from matching.services.clock import leads_expire
from matching.services.leads import QuoteInput, lead_accept, lead_ask, lead_decline, lead_quote, question_answer
from matching.services.nominating import match_nominate
from matching.services.review import match_review
from platforms.models import Capability
from requests.models import Need
from requests.services import NeedInput, need_edit, need_open, need_post, need_return, need_withdraw
from requests.services.needs import need_expire
from tests.concurrency.racing import ROUNDS, race
from tests.factories import (
    CapabilityFactory,
    ConditionFactory,
    MatchFactory,
    NeedFactory,
    PlatformFactory,
    QuestionFactory,
    ScoringRunFactory,
    make_actor,
)
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Organization
from zhongshi.accounts.services.organizations import organization_suspend
from zhongshi.core import outbox
from zhongshi.core.models import AuditEntry, Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "需要500L发酵罐做中试，必须有GMP。"


def _need(enterprise: Actor, **fields: object) -> Need:
    return NeedFactory.create(organization=enterprise.organization, created_by=enterprise.user, **fields)


def _match(need: Need, operator: Actor, **fields: object) -> Match:
    platform = PlatformFactory.create(zone=need.zone, organization=operator.organization)
    return MatchFactory.create(need=need, capability=CapabilityFactory.create(platform=platform), **fields)


def _copy(match: Match) -> Match:
    return Match.objects.select_related("need__zone", "need__organization", "capability__platform__organization").get(
        pk=match.pk
    )


def _offer() -> QuoteInput:
    return QuoteInput(amount=Decimal(1000), valid_until=timezone.localdate() + timedelta(days=9))


def test_two_offices_open_and_return_one_need(enterprise: Actor, zone_admin: Actor) -> None:
    colleague = make_actor(Role.ZONE_ADMIN, zone_admin.zone, organization=zone_admin.organization)
    for seed in ROUNDS:
        need = _need(enterprise, status="submitted")
        one, other = (Need.objects.select_related("zone", "organization", "created_by").get(pk=need.pk) for _ in "ab")

        outcomes = race(
            [
                lambda one=one: need_open(actor=zone_admin, need=one),
                lambda other=other: need_return(actor=colleague, need=other, note="请补充"),
            ],
            seed,
        )

        need.refresh_from_db()
        assert sorted(outcomes) == ["lost_race", "won"]
        assert need.status == ("open" if outcomes[0] == "won" else "returned")
        assert AuditEntry.objects.filter(object_id=need.uuid, action="status").count() == 1


def test_two_people_of_an_operator_quote_and_decline(enterprise: Actor, operator: Actor) -> None:
    for seed in ROUNDS:
        match = _match(_need(enterprise), operator, approved=True)
        one, other = _copy(match), _copy(match)

        outcomes = race(
            [
                lambda one=one: lead_quote(actor=operator, match=one, offer=_offer()),
                lambda other=other: lead_decline(actor=operator, match=other, reason="档期已满"),
            ],
            seed,
        )

        match.refresh_from_db()
        assert sorted(outcomes) == ["lost_race", "won"]
        assert match.status == ("quoted" if outcomes[0] == "won" else "declined")
        assert Quote.objects.filter(match=match).count() == (match.status == "quoted")


def test_a_quote_sent_twice_is_one_quote(enterprise: Actor, operator: Actor) -> None:
    for seed in ROUNDS:
        match = _match(_need(enterprise), operator, accepted=True)
        copies = [_copy(match) for _ in range(3)]

        outcomes = race(
            [lambda copy=copy: lead_quote(actor=operator, match=copy, offer=_offer()) for copy in copies], seed
        )

        assert sorted(outcomes) == ["lost_race", "lost_race", "won"]
        assert Quote.objects.filter(match=match).count() == 1
        assert Notification.objects.filter(dedupe_key__startswith=f"match.quoted:{match.uuid}").count() == 1


def test_withdrawing_while_the_operator_quotes(enterprise: Actor, operator: Actor) -> None:
    """A quote that comes after is refused at once, though the worker that closes the lead has not come by yet."""
    for seed in ROUNDS:
        need = _need(enterprise)
        match = _match(need, operator, approved=True)
        copy = _copy(match)

        outcomes = race(
            [
                lambda need=need: need_withdraw(actor=enterprise, need=need),
                lambda copy=copy: lead_quote(actor=operator, match=copy, offer=_offer()),
            ],
            seed,
        )
        for pk in OutboxEvent.objects.filter(topic="need.closed", state="pending").values_list("pk", flat=True):
            assert outbox.run(pk)

        match.refresh_from_db()
        assert outcomes in (["won", "won"], ["won", "lost_race"])
        assert (match.status, Quote.objects.filter(match=match).count()) == ("withdrawn", outcomes[1] == "won")
        told = Notification.objects.filter(dedupe_key__startswith=f"match.withdrawn:{match.uuid}")
        assert told.count() == 1, "the operator is told either way"


@pytest.mark.parametrize("close", ["withdraw", "expire", "return"])
@pytest.mark.parametrize("deed", ["accept", "quote", "ask", "approve"])
def test_nothing_is_answered_on_a_need_that_was_closed(
    close: str, deed: str, enterprise: Actor, operator: Actor, zone_admin: Actor
) -> None:
    need = _need(enterprise)
    match = _match(need, operator, **({} if deed == "approve" else {"approved": True}))
    seen = _copy(match)
    closers = {
        "withdraw": lambda: need_withdraw(actor=enterprise, need=need),
        "expire": lambda: need_expire(need=need),
        "return": lambda: need_return(actor=zone_admin, need=need, note="请补充"),
    }
    closers[close]()
    deeds = {
        "accept": lambda: lead_accept(actor=operator, match=seen),
        "quote": lambda: lead_quote(actor=operator, match=seen, offer=_offer()),
        "ask": lambda: lead_ask(actor=operator, match=seen, text="粘度？"),
        "approve": lambda: match_review(actor=zone_admin, match=seen, approve=True),
    }

    assert race([deeds[deed]]) == ["lost_race"]
    assert Notification.objects.exclude(event="need.returned").count() == 0


def test_choosing_while_the_office_suspends_the_operator(enterprise: Actor, operator: Actor, zone_admin: Actor) -> None:
    for seed in ROUNDS:
        Organization.objects.filter(pk=operator.organization.pk).update(status="approved")
        need = _need(enterprise)
        match = _match(need, operator, quoted=True)
        copy = _copy(match)
        held = Organization.objects.select_related("zone").get(pk=operator.organization.pk)

        outcomes = race(
            [
                lambda copy=copy: match_choose(actor=enterprise, match=copy),
                lambda held=held: organization_suspend(organization=held, actor=zone_admin, note="核查"),
            ],
            seed,
        )

        need.refresh_from_db(), match.refresh_from_db()
        assert outcomes in (["won", "won"], ["illegal_move", "won"])
        assert (need.status, match.status) == (("contracted", "chosen") if outcomes[0] == "won" else ("open", "quoted"))


def test_choosing_one_while_the_other_operator_quotes(enterprise: Actor, operator: Actor, operator2: Actor) -> None:
    for seed in ROUNDS:
        need = _need(enterprise)
        quoted, late = _match(need, operator, quoted=True), _match(need, operator2, accepted=True)
        one, other = _copy(quoted), _copy(late)

        outcomes = race(
            [
                lambda one=one: match_choose(actor=enterprise, match=one),
                lambda other=other: lead_quote(actor=operator2, match=other, offer=_offer()),
            ],
            seed,
        )

        late.refresh_from_db()
        assert outcomes in (["won", "won"], ["won", "lost_race"])
        assert late.status == "not_chosen"
        told = Notification.objects.filter(dedupe_key__startswith=f"match.not_chosen:{late.uuid}")
        assert told.count() == 1


def test_answering_while_the_clock_runs_out(enterprise: Actor, operator: Actor) -> None:
    for seed in ROUNDS:
        now = timezone.now()
        match = _match(_need(enterprise), operator, approved=True, answer_due_at=now)
        copy = _copy(match)

        outcomes = race(
            [lambda copy=copy: lead_accept(actor=operator, match=copy), lambda now=now: leads_expire(now=now)], seed
        )

        match.refresh_from_db()
        assert outcomes in (["won", "won"], ["lost_race", "won"])
        assert match.status == (MatchStatus.ACCEPTED if outcomes[0] == "won" else MatchStatus.LAPSED)
        moves = AuditEntry.objects.filter(object_id=match.uuid, action="status").values_list("to_status", flat=True)
        assert list(moves) == [match.status]


def test_one_question_answered_by_two(enterprise: Actor, operator: Actor) -> None:
    for seed in ROUNDS:
        question = QuestionFactory.create(match=_match(_need(enterprise), operator, approved=True))
        copies = [type(question).objects.get(pk=question.pk) for _ in range(3)]

        outcomes = race(
            [
                lambda copy=copy, n=n: question_answer(actor=enterprise, question=copy, text=f"答{n}")
                for n, copy in enumerate(copies)
            ],
            seed,
        )

        question.refresh_from_db()
        assert sorted(outcomes) == ["illegal_move", "illegal_move", "won"]
        assert question.answer == f"答{outcomes.index('won')}"


def test_nominating_one_listing_twice(enterprise: Actor, zone_admin: Actor, capability: Capability) -> None:
    for seed in list(ROUNDS)[:4]:
        need = _need(enterprise)
        ConditionFactory.create(need=need)
        ScoringRunFactory.create(need=need)

        outcomes = race(
            [
                lambda need=need: match_nominate(
                    actor=zone_admin, need=Need.objects.get(pk=need.pk), capability=capability, note="当地首选"
                )
            ]
            * 3,
            seed,
        )

        assert sorted(outcomes) == ["invalid", "invalid", "won"]
        assert Match.objects.filter(need=need, capability=capability).count() == 1


def test_editing_while_the_engine_scores(enterprise: Actor, capability: Capability) -> None:
    """What was found for the old words is thrown away; the new revision has its own run, and one only."""
    for seed in list(ROUNDS)[:8]:
        entered = NeedInput(title=f"发酵放大{seed}", text=TEXT, conditions=[{"kind": "process", "value": "发酵"}])
        need, _new = need_post(actor=enterprise, entered=entered, idempotency_key=f"k{seed}")
        scoring = OutboxEvent.objects.get(handler="matching.services.scoring.need_score", key__contains=str(need.uuid))
        changed = NeedInput(title=f"冻干放大{seed}", text="需要10㎡冻干机。", conditions=[])

        outcomes = race(
            [
                lambda scoring=scoring: outbox.run(scoring.pk),
                lambda need=need, changed=changed: need_edit(actor=enterprise, need=need, revision=1, entered=changed),
            ],
            seed,
        )
        for pk in OutboxEvent.objects.filter(topic="need.opened", state="pending").values_list("pk", flat=True):
            outbox.run(pk)

        need.refresh_from_db()
        assert outcomes == ["won", "won"]
        assert ScoringRun.objects.filter(need=need, revision=2).count() == 1
        assert set(need.matches.exclude(status="withdrawn").values_list("run__revision", flat=True)) <= {2}


def test_old_words_are_not_scored_any_more(enterprise: Actor, capability: Capability) -> None:
    """Edited before the engine came by: its event is done, and nothing of the old revision is written."""
    entered = NeedInput(title="发酵放大", text=TEXT, conditions=[{"kind": "process", "value": "发酵"}])
    need, _new = need_post(actor=enterprise, entered=entered)
    need_edit(actor=enterprise, need=need, revision=1, entered=NeedInput(title="改", text=TEXT, conditions=[]))
    old = OutboxEvent.objects.get(handler="matching.services.scoring.need_score", key=f"need:{need.uuid}:1")

    assert outbox.run(old.pk)

    assert (ScoringRun.objects.count(), Match.objects.count()) == (0, 0)
