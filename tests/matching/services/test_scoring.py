"""A posted need is scored from the outbox: matches, notices, policy, revisions."""

from typing import Any

import pytest

from matching.models import Match, ScoringRun
from matching.selectors import matches_of
from platforms.services import platform_load
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post, need_withdraw
from tests.factories import MatchFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Organization, Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)

FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵罐"}
VESSEL = {
    "kind": "parameter", "quantity": "volume", "min": 500, "max": 500, "unit": "L", "op": "covers", "hard": True,
    "text": "500L",
}  # fmt: skip


def _list(
    zone: Zone, number: int, *, litres: int, processes: list[str], organization: Organization | None = None
) -> None:
    record = {
        "id": f"x-{number}",
        "name": f"平台{number}",
        "country": "CN",
        "region": "510100",
        "chains": ["生物制造"],
        "capabilities": [
            {
                "id": f"x-{number}-1",
                "name": f"中试线{number}",
                "summary": "",
                "processes": processes,
                "parameters": [{"quantity": "volume", "min": 5, "max": litres, "unit": "L", "text": f"{litres}L"}],
            }
        ],
    }
    platform_load(record=record, zone=zone, organization=organization, publish=True)


@pytest.fixture
def market(zone: Zone, operator: Actor) -> None:
    """A fitting line of the operator's, a vessel that is too small, and a line that does something else."""
    _list(zone, 1, litres=1000, processes=["发酵", "离心"], organization=operator.organization)
    _list(zone, 2, litres=100, processes=["发酵"])
    _list(zone, 3, litres=1000, processes=["光刻"])


def _post(actor: Actor, *conditions: dict[str, Any], title: str = "发酵放大") -> Need:
    entered = NeedInput(title=title, text="需要500L发酵罐做中试", conditions=list(conditions or (FERMENTATION, VESSEL)))
    return need_post(actor=actor, entered=entered)[0]


def _run_all() -> None:
    for event in OutboxEvent.objects.filter(state="pending").exclude(topic="notification.owed").order_by("id"):
        outbox.run(event.pk)


def test_a_need_is_matched_and_its_owner_told(market: None, enterprise: Actor) -> None:
    need = _post(enterprise)
    assert matches_of(need)["state"] == "scoring"

    _run_all()

    answer = matches_of(need)
    assert (answer["state"], answer["candidates"]) == ("ready", 1)
    [best] = answer["results"]
    assert best["capability"]["external_id"] == "x-1-1"
    assert [line["verdict"] for line in best["verdicts"]] == ["pass", "pass"]
    assert best["verdicts"][1]["evidence"]["text"] == "1000L"
    assert round(sum(part["points"] for part in best["components"]), 1) == pytest.approx(best["score"], abs=0.2)
    assert {(part["kind"], part["count"]) for part in answer["excluded"]} == {("process", 1), ("parameter", 1)}
    assert Notification.objects.filter(event="need.scored", recipient=enterprise.user).count() == 1


def test_the_zones_policy_hands_good_matches_to_the_operator(
    market: None, zone: Zone, enterprise: Actor, operator: Actor
) -> None:
    Zone.objects.filter(pk=zone.pk).update(approves_itself=True, approval_score=10)
    _post(enterprise)

    _run_all()

    match = Match.objects.get()
    assert (match.status, match.reviewed_by) == ("approved", None)
    assert Notification.objects.filter(event="match.approved", recipient=operator.user).count() == 1


def test_without_the_policy_the_administrator_is_asked(market: None, enterprise: Actor, zone_admin: Actor) -> None:
    _post(enterprise)

    _run_all()

    assert Match.objects.get().status == "proposed"
    notice = Notification.objects.get(event="match.proposed")
    assert (notice.recipient, notice.params["count"]) == (zone_admin.user, 1)


def test_delivered_twice_there_is_one_match_and_one_notice(market: None, enterprise: Actor) -> None:
    need = _post(enterprise)
    _run_all()
    event = OutboxEvent.objects.get(topic="need.opened", handler__startswith="matching")
    OutboxEvent.objects.filter(pk=event.pk).update(state="pending", done_at=None)

    _run_all()

    assert (Match.objects.count(), ScoringRun.objects.count()) == (1, 1)
    assert Notification.objects.filter(event="need.scored").count() == 1
    assert need.matches.count() == 1  # type: ignore[attr-defined]


def test_a_new_revision_withdraws_what_no_longer_fits_and_keeps_answers(
    market: None, zone: Zone, enterprise: Actor, operator: Actor
) -> None:
    Zone.objects.filter(pk=zone.pk).update(approves_itself=True, approval_score=10)
    need = _post(enterprise)
    _run_all()
    lead = Match.objects.get()
    answered = MatchFactory.create(need=need, run=lead.run, declined=True)

    lithography = {**FERMENTATION, "value": "光刻", "text": ""}
    need_edit(
        actor=enterprise, need=need, revision=1,
        entered=NeedInput(title="光刻", text="光刻中试", conditions=[lithography]),
    )  # fmt: skip
    _run_all()

    lead.refresh_from_db()
    answered.refresh_from_db()
    assert (lead.status, answered.status) == ("withdrawn", "declined")
    assert Notification.objects.filter(event="match.withdrawn", recipient=operator.user).count() == 1
    newest = ScoringRun.objects.get(revision=2)
    assert set(newest.matches.values_list("capability__external_id", flat=True)) == {"x-3-1"}


def test_a_withdrawn_match_that_fits_again_is_proposed_again(market: None, enterprise: Actor) -> None:
    need = _post(enterprise)
    _run_all()
    Match.objects.update(status="withdrawn")

    need_edit(
        actor=enterprise, need=need, revision=1,
        entered=NeedInput(title="再来", text="需要发酵", conditions=[FERMENTATION, VESSEL]),
    )  # fmt: skip
    _run_all()

    assert list(Match.objects.values_list("status", flat=True)) == ["proposed"]


def test_a_need_withdrawn_before_its_turn_is_not_scored(market: None, enterprise: Actor) -> None:
    need = _post(enterprise)
    need_withdraw(actor=enterprise, need=need)

    _run_all()

    assert (Match.objects.count(), ScoringRun.objects.count()) == (0, 0)
    assert set(OutboxEvent.objects.exclude(topic="notification.owed").values_list("state", flat=True)) == {"done"}


def test_an_old_event_does_not_score_a_newer_revision(market: None, enterprise: Actor) -> None:
    need = _post(enterprise)
    need_edit(
        actor=enterprise, need=need, revision=1,
        entered=NeedInput(title="改后", text="需要发酵", conditions=[FERMENTATION]),
    )  # fmt: skip

    _run_all()

    assert list(ScoringRun.objects.values_list("revision", flat=True)) == [2]


def test_a_need_nobody_can_meet_is_scored_all_the_same(market: None, enterprise: Actor) -> None:
    need = _post(enterprise, {**FERMENTATION, "kind": "region", "value": ["650000"], "text": "新疆"})

    _run_all()

    answer = matches_of(need)
    assert (answer["state"], answer["candidates"], answer["results"]) == ("ready", 0, [])
    assert answer["excluded"][0]["count"] == 3
    assert answer["relaxations"] != []
