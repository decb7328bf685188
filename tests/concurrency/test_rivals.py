"""Two at once: exactly one wins, and the other is told."""

import threading
from collections.abc import Callable, Iterable

import pytest
from django.db import connection

from matching.models import Match
from matching.services.choosing import match_choose
from matching.services.leads import lead_accept, lead_decline
from matching.services.review import match_review
from requests.models import Need
from requests.services import NeedInput, need_edit, need_post, need_withdraw
from tests.factories import CapabilityFactory, MatchFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import DomainError
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "需要500L发酵罐做中试，必须有GMP。"


def _race(attempts: Iterable[Callable[[], object]]) -> list[str]:
    """Run all at once; "won" or the refusal's code for each, sorted."""
    attempts = list(attempts)
    outcomes: list[str] = []
    start = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> None:
        start.wait()
        try:
            attempt()
            outcomes.append("won")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _copy(match: Match) -> Match:
    return Match.objects.select_related("need__zone", "capability__platform").get(pk=match.pk)


def test_eight_colleagues_accept_one_lead(lead: Match, operator: Actor) -> None:
    copies = [_copy(lead) for _ in range(8)]

    outcomes = _race(lambda copy=copy: lead_accept(actor=operator, match=copy) for copy in copies)

    assert outcomes == ["lost_race"] * 7 + ["won"]
    assert AuditEntry.objects.filter(to_status="accepted").count() == 1
    assert Notification.objects.count() == 1


def test_accept_and_decline_at_once(lead: Match, operator: Actor) -> None:
    one, other = _copy(lead), _copy(lead)

    outcomes = _race(
        [
            lambda: lead_accept(actor=operator, match=one),
            lambda: lead_decline(actor=operator, match=other, reason="档期已满"),
        ]
    )

    assert outcomes == ["lost_race", "won"]


def test_two_administrators_review_at_once(proposed: Match, zone_admin: Actor) -> None:
    one, other = _copy(proposed), _copy(proposed)

    outcomes = _race(
        [
            lambda: match_review(actor=zone_admin, match=one, approve=True),
            lambda: match_review(actor=zone_admin, match=other, approve=False, note="不合适"),
        ]
    )

    assert outcomes == ["lost_race", "won"]


def test_two_choices_at_once_choose_one(need: Need, enterprise: Actor) -> None:
    rivals = [MatchFactory.create(need=need, capability=CapabilityFactory.create(), quoted=True) for _ in range(4)]
    copies = [_copy(match) for match in rivals]

    outcomes = _race(lambda copy=copy: match_choose(actor=enterprise, match=copy) for copy in copies)

    assert outcomes.count("won") == 1
    assert Match.objects.filter(status="chosen").count() == 1
    assert Match.objects.filter(status="not_chosen").count() == 3


def test_two_edits_of_one_revision(need: Need, enterprise: Actor) -> None:
    copies = [Need.objects.get(pk=need.pk) for _ in range(4)]

    outcomes = _race(
        lambda copy=copy, n=n: need_edit(
            actor=enterprise,
            need=copy,
            revision=1,
            entered=NeedInput(title=f"第{n}版", text=TEXT, conditions=[]),
        )
        for n, copy in enumerate(copies)
    )

    need.refresh_from_db()
    assert outcomes == ["lost_race"] * 3 + ["won"]
    assert need.revision == 2
    assert need.revisions.count() == 2


def test_one_key_posted_six_times_at_once_is_one_need(enterprise: Actor) -> None:
    entered = NeedInput(title="发酵放大", text=TEXT, conditions=[])
    seen: list[tuple[int, bool]] = []

    def post() -> None:
        need, is_new = need_post(actor=enterprise, entered=entered, idempotency_key="k")
        seen.append((need.pk, is_new))

    assert _race([post] * 6) == ["won"] * 6
    assert Need.objects.count() == 1
    assert {pk for pk, _ in seen} == {Need.objects.get().pk}
    assert sum(is_new for _, is_new in seen) == 1


def test_withdrawing_while_choosing_leaves_one_truth(need: Need, enterprise: Actor) -> None:
    match = MatchFactory.create(need=need, capability=CapabilityFactory.create(), quoted=True)
    copy, seen = _copy(match), Need.objects.get(pk=need.pk)

    outcomes = _race(
        [
            lambda: match_choose(actor=enterprise, match=copy),
            lambda: need_withdraw(actor=enterprise, need=seen),
        ]
    )

    need.refresh_from_db()
    match.refresh_from_db()
    assert outcomes in (["illegal_move", "won"], ["lost_race", "won"])
    assert (need.status, match.status) in {("contracted", "chosen"), ("withdrawn", "quoted")}
