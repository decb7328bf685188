"""One condition relaxed and taken back: new revisions through the need's own service, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from matching.models import Match, ScoringRun
from matching.relaxed import proposal_key
from matching.services.relaxing import need_relax, need_restore
from requests.models import Need, NeedRevision
from requests.records import condition_record
from requests.services.needs import keep_revision
from tests.factories import MatchFactory, QuoteFactory, ScoringRunFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import NotAllowed, StaleTransition
from zhongshi.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
WIDEN: dict[str, Any] = {
    "condition": 1,
    "kind": "parameter",
    "change": {"action": "widen", "min": 200.0, "max": 500.0, "unit": "L"},
    "gain": 3,
}
DROP: dict[str, Any] = {"condition": 0, "kind": "process", "change": {"action": "drop"}, "gain": 6}


@pytest.fixture
def run(need: Need) -> ScoringRun:
    keep_revision(need, None)
    return ScoringRunFactory.create(need=need, relaxations=[DROP, WIDEN])


def said(need: Need) -> list[dict[str, Any]]:
    return [condition_record(row) for row in Need.objects.get(pk=need.pk).conditions.all()]


def announced() -> set[int]:
    """Revisions that were reported as open."""
    events = OutboxEvent.objects.filter(topic="need.opened")
    return {event.payload["revision"] for event in events}


def test_a_wider_bound_becomes_the_next_revision_and_is_scored(need: Need, run: ScoringRun, enterprise: Actor) -> None:
    before = said(need)

    need_relax(actor=enterprise, need=need, revision=1, proposal=proposal_key(WIDEN))

    need.refresh_from_db()
    assert need.revision == 2
    assert said(need) == [before[0], before[1] | {"min": 200.0, "max": 500.0, "text": ""}]
    kept = NeedRevision.objects.get(need=need, number=2)
    assert (kept.created_by, kept.title, kept.text) == (enterprise.user, need.title, need.text)
    assert announced() == {2}


def test_a_dropped_must_stays_as_a_wish(need: Need, run: ScoringRun, enterprise: Actor) -> None:
    before = said(need)

    need_relax(actor=enterprise, need=need, revision=1, proposal=proposal_key(DROP))

    assert said(need) == [before[0] | {"hard": False}, before[1]]


def test_taken_back_it_is_as_before(need: Need, run: ScoringRun, enterprise: Actor) -> None:
    before = said(need)
    need_relax(actor=enterprise, need=need, revision=1, proposal=proposal_key(WIDEN))
    need.refresh_from_db()

    need_restore(actor=enterprise, need=need, revision=2)

    need.refresh_from_db()
    assert (need.revision, said(need)) == (3, before)
    assert announced() == {2, 3}


def test_answers_and_quotes_stay(need: Need, run: ScoringRun, enterprise: Actor) -> None:
    match = MatchFactory.create(need=need, quoted=True)
    QuoteFactory.create(match=match)

    need_relax(actor=enterprise, need=need, revision=1, proposal=proposal_key(WIDEN))

    match.refresh_from_db()
    assert (match.status, match.quotes.count(), Match.objects.count()) == ("quoted", 1, 1)


@pytest.mark.parametrize(("revision", "proposal"), [(0, proposal_key(WIDEN)), (2, proposal_key(WIDEN)), (1, "bogus")])
def test_a_stale_page_changes_nothing(
    need: Need, run: ScoringRun, enterprise: Actor, revision: int, proposal: str
) -> None:
    before = said(need)

    with pytest.raises(StaleTransition):
        need_relax(actor=enterprise, need=need, revision=revision, proposal=proposal)

    need.refresh_from_db()
    assert (need.revision, said(need), OutboxEvent.objects.count()) == (1, before, 0)


@pytest.mark.parametrize("revision", [0, 1, 2])
def test_there_is_nothing_to_take_back_from_the_first(need: Need, enterprise: Actor, revision: int) -> None:
    with pytest.raises(StaleTransition):
        need_restore(actor=enterprise, need=need, revision=revision)


def test_a_stranger_relaxes_nothing(need: Need, run: ScoringRun, enterprise2: Actor) -> None:
    with pytest.raises(NotAllowed):
        need_relax(actor=enterprise2, need=need, revision=1, proposal=proposal_key(WIDEN))

    need.refresh_from_db()
    assert need.revision == 1
