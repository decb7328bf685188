"""A listing that is new, changes or is suspended is held against every open need at once."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching import catalogue
from matching.models import Match
from matching.services import reversing
from platforms.models import Capability, Platform
from platforms.selectors import catalogue_version
from platforms.services import capability_advance, platform_advance, platform_load
from requests.models import Need
from requests.selectors import need_record
from requests.services import NeedInput, need_edit, need_post, need_withdraw
from tests.factories import CapabilityFactory, MatchFactory, ScoringRunFactory
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.models import Zone
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)

FERMENTATION = {"kind": "process", "value": "发酵", "op": "require", "hard": True, "text": "发酵罐"}
VESSEL = {
    "kind": "parameter", "quantity": "volume", "min": 500, "max": 500, "unit": "L", "op": "covers", "hard": True,
    "text": "500L",
}  # fmt: skip
SICHUAN = {"kind": "region", "value": ["510000"], "op": "require", "hard": False, "text": "四川"}


@pytest.fixture
def policy(zone: Zone) -> None:
    Zone.objects.filter(pk=zone.pk).update(approves_itself=True, approval_score=10)


def _list(operator: Actor, *, litres: int = 1000, process: str = "发酵", number: int = 1) -> Capability:
    vessel = {"quantity": "volume", "min": 5, "max": litres, "unit": "L", "text": f"{litres}L"}
    part = {"id": f"x-{number}-1", "name": f"中试线{number}", "summary": "", "processes": [process]}
    record = {
        "id": f"x-{number}", "name": f"平台{number}", "country": "CN", "region": "510100", "chains": ["生物制造"],
        "capabilities": [{**part, "parameters": [vessel]}],
    }  # fmt: skip
    platform_load(record=record, zone=operator.zone, organization=operator.organization, publish=True)
    return Capability.objects.get(external_id=f"x-{number}-1")


def _entered(*conditions: dict[str, Any]) -> NeedInput:
    return NeedInput(title="发酵放大", text="需要500L发酵罐", conditions=list(conditions or (FERMENTATION, VESSEL)))


def _post(actor: Actor, *conditions: dict[str, Any]) -> Need:
    return need_post(actor=actor, entered=_entered(*conditions))[0]


def _run_all() -> None:
    while events := list(OutboxEvent.objects.filter(state="pending").exclude(topic="notification.owed").order_by("id")):
        for event in events:
            assert outbox.run(event.pk) is True


def _again(topic: str) -> None:
    OutboxEvent.objects.filter(topic=topic).update(state="pending", done_at=None)
    _run_all()


def _told(event: str) -> list[str]:
    return list(Notification.objects.filter(event=event).order_by("pk").values_list("recipient__username", flat=True))


def _scored(enterprise: Actor, *conditions: dict[str, Any]) -> Need:
    need = _post(enterprise, *conditions)
    _run_all()
    return need


def test_a_new_listing_opens_up_for_an_open_need(enterprise: Actor, operator: Actor, zone_admin: Actor) -> None:
    need = _scored(enterprise)
    assert Match.objects.count() == 0

    row = _list(operator)
    _run_all()

    match = Match.objects.get()
    assert (match.need_id, match.capability_id, match.status, match.rank) == (need.pk, row.pk, "proposed", 1)
    assert (match.run.revision, [line["verdict"] for line in match.verdicts]) == (1, ["pass", "pass"])
    notice = Notification.objects.get(event="match.opened")
    assert (notice.recipient, notice.path) == (enterprise.user, f"/needs/{need.number}/matches/")
    assert notice.params == {"number": need.number, "title": "发酵放大", "capability": "中试线1"}
    assert _told("match.proposed") == ["zone_admin"]


def test_delivered_twice_the_owner_is_told_once(enterprise: Actor, operator: Actor) -> None:
    _scored(enterprise)
    _list(operator)
    _run_all()

    _again("listing.changed")

    assert (Match.objects.count(), _told("match.opened")) == (1, ["enterprise"])


def test_a_match_that_stays_as_it_is_is_not_written_again(enterprise: Actor, operator: Actor) -> None:
    _scored(enterprise)
    _list(operator)
    _run_all()
    OutboxEvent.objects.filter(topic="listing.changed").update(state="pending", done_at=None)

    with CaptureQueriesContext(connection) as queries:
        _run_all()

    assert [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]] == []


def test_the_zones_policy_hands_it_to_the_operator(policy: None, enterprise: Actor, operator: Actor) -> None:
    _scored(enterprise)

    _list(operator)
    _run_all()

    assert (Match.objects.get().status, Match.objects.get().reviewed_by) == ("approved", None)
    assert (_told("match.approved"), _told("match.proposed")) == (["operator"], [])


def test_a_need_that_is_not_open_gains_nothing(enterprise: Actor, operator: Actor) -> None:
    need_withdraw(actor=enterprise, need=_scored(enterprise))

    _list(operator)
    _run_all()

    assert (Match.objects.count(), _told("match.opened")) == (0, [])


@pytest.mark.parametrize("changed", [{"litres": 100}, {"process": "光刻"}])
def test_nothing_is_written_where_nothing_fits(enterprise: Actor, operator: Actor, changed: dict[str, Any]) -> None:
    _scored(enterprise)
    notices = Notification.objects.count()

    _list(operator, **changed)
    _run_all()

    assert (Match.objects.count(), Notification.objects.count()) == (0, notices)


def test_a_proposed_match_that_is_violated_now_is_withdrawn(enterprise: Actor, operator: Actor) -> None:
    _list(operator)
    _scored(enterprise)

    _list(operator, litres=100)
    _run_all()

    assert (Match.objects.get().status, _told("match.unfit")) == ("withdrawn", [])


def test_a_lead_that_is_violated_now_is_withdrawn_and_its_operator_told(
    policy: None, enterprise: Actor, operator: Actor
) -> None:
    _list(operator)
    _scored(enterprise)

    _list(operator, litres=100)
    _run_all()
    _again("listing.changed")

    assert (Match.objects.get().status, _told("match.unfit")) == ("withdrawn", ["operator"])


def test_an_answered_match_keeps_its_answer(enterprise: Actor, operator: Actor) -> None:
    row = _list(operator)
    need = _post(enterprise)
    match = MatchFactory.create(need=need, capability=row, accepted=True)

    _list(operator, litres=100)
    _run_all()

    match.refresh_from_db()
    assert (match.status, _told("match.unfit")) == ("accepted", [])


@pytest.mark.parametrize("whole_platform", [True, False])
def test_a_suspended_listing_closes_its_leads_and_a_published_one_opens_them_again(
    policy: None, enterprise: Actor, operator: Actor, zone_admin: Actor, whole_platform: bool
) -> None:
    row = _list(operator)
    _scored(enterprise)

    for target, status in (("suspended", "withdrawn"), ("published", "approved")):
        if whole_platform:
            platform_advance(actor=zone_admin, platform=Platform.objects.get(), target=target)
        else:
            capability_advance(actor=zone_admin, capability=row, target=target)
        _run_all()
        assert Match.objects.get().status == status

    assert (_told("match.unfit"), _told("match.opened")) == (["operator"], ["enterprise"])
    assert _told("match.approved") == ["operator", "operator"]


def test_a_changed_listing_that_still_fits_is_not_news(enterprise: Actor, operator: Actor, zone_admin: Actor) -> None:
    _list(operator)
    _scored(enterprise)
    assert _told("match.proposed") == ["zone_admin"]

    _list(operator, litres=800)
    _run_all()

    match = Match.objects.get()
    assert (match.status, match.verdicts[1]["evidence"]["text"]) == ("proposed", "800L")
    assert (_told("match.opened"), _told("match.proposed")) == ([], ["zone_admin"])


def test_a_need_edited_meanwhile_is_left_to_its_own_scoring(enterprise: Actor, operator: Actor) -> None:
    need = _scored(enterprise)
    _list(operator)
    need_edit(actor=enterprise, need=need, revision=1, entered=_entered(FERMENTATION))

    outbox.run(OutboxEvent.objects.get(topic="listing.changed", handler__startswith="matching").pk)
    assert (Match.objects.count(), _told("match.opened")) == (0, [])

    _run_all()
    assert (Match.objects.get().run.revision, _told("match.opened")) == (2, [])


def test_a_listing_that_comes_while_the_engine_runs_is_not_missed(
    enterprise: Actor, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = _post(enterprise)
    find = catalogue.find

    def find_then_list(record: Any, *, limit: int, rules: Any) -> Any:
        findings = find(record, limit=limit, rules=rules)
        monkeypatch.setattr(catalogue, "find", find)
        _list(operator)
        outbox.run(OutboxEvent.objects.get(topic="listing.changed", handler__startswith="matching").pk)
        return findings

    monkeypatch.setattr(catalogue, "find", find_then_list)
    outbox.run(OutboxEvent.objects.get(topic="need.opened", handler__startswith="matching").pk)
    assert Match.objects.count() == 0

    _run_all()
    assert (Match.objects.get().need_id, need.runs.count()) == (need.pk, 1)


def _scored_again(need: Need, enterprise: Actor) -> None:
    need.runs.update(catalogue_version=catalogue_version())


def _edited_and_scored(need: Need, enterprise: Actor) -> None:
    need_edit(actor=enterprise, need=need, revision=1, entered=_entered({**FERMENTATION, "value": "光刻"}))
    ScoringRunFactory.create(need=need, revision=2)


@pytest.mark.parametrize("meanwhile", [_scored_again, _edited_and_scored])
def test_what_the_engine_said_is_dropped_where_the_need_moved_on(
    enterprise: Actor, operator: Actor, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Need, Actor], None]
) -> None:
    need = _scored(enterprise)
    find_needs = catalogue.find_needs

    def find_then_move_on(capabilities: Any, needs: Any, *, rules: Any) -> Any:
        found = find_needs(capabilities, needs, rules=rules)
        meanwhile(need, enterprise)
        return found

    _list(operator)
    monkeypatch.setattr(catalogue, "find_needs", find_then_move_on)
    assert outbox.run(OutboxEvent.objects.get(topic="listing.changed", handler__startswith="matching").pk) is True

    assert (Match.objects.count(), _told("match.opened")) == (0, [])


def test_below_twenty_better_matches_nothing_opens_up(enterprise: Actor, operator: Actor) -> None:
    need = _scored(enterprise)
    rows = [MatchFactory.create(need=need, capability=CapabilityFactory.create(), score=100) for _ in range(20)]

    row = _list(operator)
    _run_all()
    assert Match.objects.count() == 20

    Match.objects.filter(pk=rows[0].pk).update(score=1)
    _list(operator, litres=900)
    _run_all()

    opened = Match.objects.get(capability=row)
    assert (opened.rank, Match.objects.get(pk=rows[0].pk).rank) == (20, 21)
    assert sorted(Match.objects.values_list("rank", flat=True)) == list(range(1, 22))


def test_both_directions_say_the_same_of_each_pair(enterprise: Actor, operator: Actor) -> None:
    offers = product((100, 1000), ("发酵", "光刻", "离心"))
    rows = [_list(operator, number=n, litres=litres, process=name) for n, (litres, name) in enumerate(offers)]
    asked = [(FERMENTATION,), (VESSEL,), (FERMENTATION, VESSEL), (SICHUAN,), ({**VESSEL, "hard": False}, SICHUAN)]
    records = {pk: need_record(_post(enterprise, *conditions)) for pk, conditions in enumerate(asked)}

    reverse = catalogue.find_needs([row.pk for row in rows], records)

    for pk, record in records.items():
        forward = {item.capability_id: item for item in catalogue.find(record, limit=50).found}
        backward = {item.capability_id: item for item in reverse[pk]}
        assert forward.keys() == backward.keys()
        for capability, item in forward.items():
            other = backward[capability]
            assert (item.score, item.components, item.verdicts) == (other.score, other.components, other.verdicts)
    assert [len(found) for found in reverse.values()][3:] == [6, 6]


def test_what_is_left_of_very_many_needs_is_handed_on(
    enterprise: Actor, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker's time is bounded; each piece is an event of its own, and none is matched twice."""
    needs = [_scored(enterprise) for _ in range(3)]
    monkeypatch.setattr(reversing, "NEEDS_AT_ONCE", 1)
    monkeypatch.setattr(reversing, "SECONDS_AT_ONCE", 0.0)

    _list(operator)
    _run_all()

    changed = OutboxEvent.objects.filter(handler="matching.services.reversing.listing_match").order_by("id")
    assert [event.payload.get("after", 0) for event in changed] == [0, *(need.pk for need in needs)]
    assert {event.state for event in changed} == {"done"}
    assert Match.objects.filter(need__in=needs).count() == 3
    assert len(_told("match.opened")) == 3
