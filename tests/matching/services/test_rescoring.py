"""New rules reach the zone's open needs, batch after batch; answers stay."""

from collections.abc import Callable
from typing import Any

import pytest

from matching import catalogue
from matching.models import Match, RulesVersion, ScoringRun
from matching.services import rescoring
from matching.services.rescoring import emit_rescoring
from matching.zone_rules import rules_in_force
from platforms.services import platform_load
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post, need_withdraw
from tests.factories import RulesVersionFactory, make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)

FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵罐"}
SICHUAN = {"kind": "region", "value": ["510000"], "op": "require", "hard": False, "text": "四川"}


def _list(operator: Actor, number: int, region: str) -> None:
    part = {"id": f"x-{number}-1", "name": f"中试线{number}", "summary": "", "processes": ["发酵"], "parameters": []}
    record = {"id": f"x-{number}", "name": f"平台{number}", "country": "CN", "region": region, "capabilities": [part]}
    platform_load(record=record, zone=operator.zone, organization=operator.organization, publish=True)


@pytest.fixture
def market(operator: Actor) -> None:
    """One line in Sichuan, one in Hubei; the need wants Sichuan and does not insist."""
    _list(operator, 1, "510100")
    _list(operator, 2, "420100")


def _post(actor: Actor) -> Need:
    entered = NeedInput(title="发酵放大", text="需要发酵", conditions=[FERMENTATION, SICHUAN])
    return need_post(actor=actor, entered=entered)[0]


def _run_all() -> None:
    while events := list(OutboxEvent.objects.filter(state="pending").exclude(topic="notification.owed").order_by("id")):
        for event in events:
            assert outbox.run(event.pk) is True


def _save(zone: Zone, **columns: Any) -> RulesVersion:
    saved = RulesVersionFactory.create(of_zone=True, zone=zone, approves_itself=False, **columns)
    emit_rescoring(saved)
    return saved


def _scores() -> dict[str, float]:
    rows = Match.objects.order_by("rank").select_related("capability")
    return {str(match.capability.external_id): match.score for match in rows}


def test_open_needs_are_scored_under_the_new_rules(market: None, zone: Zone, enterprise: Actor) -> None:
    need = _post(enterprise)
    _run_all()
    before = _scores()

    saved = _save(zone, weights={"region": 100.0})
    _run_all()

    after = _scores()
    assert list(after) == ["x-1-1", "x-2-1"]
    assert after["x-1-1"] - after["x-2-1"] > before["x-1-1"] - before["x-2-1"] > 0
    run = ScoringRun.objects.get(need=need)
    assert (run.revision, run.rules_version) == (1, saved.name)
    assert list(Match.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2]
    assert Notification.objects.filter(event="need.scored").count() == 1


def test_delivered_twice_nothing_is_computed_into_the_run_again(market: None, zone: Zone, enterprise: Actor) -> None:
    _post(enterprise)
    _run_all()
    _save(zone, weights={"region": 100.0})
    _run_all()
    Match.objects.filter(rank=1).update(score=1)

    OutboxEvent.objects.filter(topic="rules.saved").update(state="pending", done_at=None)
    _run_all()

    assert Match.objects.get(rank=1).score == 1


def test_answered_matches_and_leads_in_hand_stay_beyond_the_best(
    market: None, zone: Zone, enterprise: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = _post(enterprise)
    _run_all()
    lead, open_match = Match.objects.get(rank=2), Match.objects.get(rank=1)
    reviewed = {"reviewed_at": need.created_at, "answer_due_at": need.created_at}
    Match.objects.filter(pk=lead.pk).update(status="approved", **reviewed)
    before = lead.score
    monkeypatch.setattr("matching.services.scoring.KEPT_MATCHES", 1)

    saved = _save(zone, weights={"process": 1.0, "region": 100.0})
    _run_all()

    lead.refresh_from_db()
    open_match.refresh_from_db()
    assert (lead.status, lead.rank, lead.run.rules_version) == ("approved", 2, saved.name)
    assert lead.score < before
    assert (open_match.status, open_match.rank) == ("proposed", 1)
    assert Notification.objects.filter(event="match.withdrawn").count() == 0


def test_a_waiting_match_beyond_the_best_is_closed(
    market: None, zone: Zone, enterprise: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(enterprise)
    _run_all()
    monkeypatch.setattr("matching.services.scoring.KEPT_MATCHES", 1)

    _save(zone, weights={"region": 100.0})
    _run_all()

    states = dict(Match.objects.values_list("capability__external_id", "status"))
    assert states == {"x-1-1": "proposed", "x-2-1": "withdrawn"}


def test_the_new_policy_applies_to_what_waits(market: None, zone: Zone, enterprise: Actor, operator: Actor) -> None:
    _post(enterprise)
    _run_all()

    saved = RulesVersionFactory.create(of_zone=True, zone=zone, approval_score=0, lead_limit=1)
    emit_rescoring(saved)
    _run_all()

    assert list(Match.objects.order_by("rank").values_list("status", flat=True)) == ["approved", "proposed"]
    assert Notification.objects.filter(event="match.approved", recipient=operator.user).count() == 1


def test_batches_follow_one_another(
    market: None, zone: Zone, enterprise: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = [_post(enterprise) for _ in range(5)]
    _run_all()
    monkeypatch.setattr(rescoring, "NEEDS_AT_ONCE", 2)

    saved = _save(zone)
    _run_all()

    assert set(ScoringRun.objects.values_list("rules_version", flat=True)) == {saved.name}
    starts = OutboxEvent.objects.filter(topic="rules.saved").order_by("id").values_list("payload__after", flat=True)
    assert list(starts) == [0, needs[1].pk, needs[3].pk]


def test_rules_replaced_meanwhile_do_nothing(market: None, zone: Zone, enterprise: Actor) -> None:
    _post(enterprise)
    _run_all()
    first = _save(zone, number=1)
    RulesVersionFactory.create(of_zone=True, zone=zone, number=2)

    outbox.run(OutboxEvent.objects.get(topic="rules.saved", payload__rules_id=first.pk).pk)

    assert ScoringRun.objects.get().rules_version == "1"


def test_the_installations_rules_reach_needs_as_they_are_scored(zone: Zone) -> None:
    saved = RulesVersionFactory.create()
    emit_rescoring(saved)

    _run_all()

    assert set(OutboxEvent.objects.values_list("topic", "state")) == {("rules.saved", "done")}


def test_another_zones_needs_are_left_alone(market: None, zone: Zone, other_zone: Zone, enterprise: Actor) -> None:
    foreign = _post(make_actor(Role.ENTERPRISE, other_zone))
    own = _post(enterprise)
    _run_all()

    saved = _save(zone)
    _run_all()

    assert ScoringRun.objects.get(need=own).rules_version == saved.name
    assert ScoringRun.objects.get(need=foreign).rules_version == "1"


def _edit(need: Need, actor: Actor) -> None:
    entered = NeedInput(title="改后", text="需要发酵", conditions=[FERMENTATION])
    need_edit(actor=actor, need=need, revision=1, entered=entered)


def _withdraw(need: Need, actor: Actor) -> None:
    need_withdraw(actor=actor, need=need)


@pytest.mark.parametrize("meanwhile", [_edit, _withdraw])
def test_a_need_that_moved_on_while_the_engine_ran_is_left_alone(
    market: None,
    zone: Zone,
    enterprise: Actor,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Need, Actor], None],
) -> None:
    need = _post(enterprise)
    _run_all()
    find = catalogue.find

    def find_then_move_on(record: Any, *, limit: int, rules: Any) -> Any:
        findings = find(record, limit=limit, rules=rules)
        monkeypatch.setattr(catalogue, "find", find)
        meanwhile(need, enterprise)
        return findings

    _save(zone)
    monkeypatch.setattr(catalogue, "find", find_then_move_on)
    assert outbox.run(OutboxEvent.objects.get(topic="rules.saved").pk) is True

    assert ScoringRun.objects.get(revision=1).rules_version == "1"


def test_a_scoring_that_the_new_rules_overtook_is_made_up_for(
    market: None, zone: Zone, enterprise: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began under the old rules, and was written after the rescoring had found nothing to do."""
    need = _post(enterprise)
    find = catalogue.find

    def find_then_save(record: Any, *, limit: int, rules: Any) -> Any:
        findings = find(record, limit=limit, rules=rules)
        monkeypatch.setattr(catalogue, "find", find)
        _save(zone)
        outbox.run(OutboxEvent.objects.get(topic="rules.saved").pk)
        return findings

    monkeypatch.setattr(catalogue, "find", find_then_save)
    outbox.run(OutboxEvent.objects.get(topic="need.opened", handler__startswith="matching").pk)
    assert ScoringRun.objects.get(need=need).rules_version == "1"

    _run_all()

    assert ScoringRun.objects.get(need=need).rules_version == rules_in_force(zone).name
