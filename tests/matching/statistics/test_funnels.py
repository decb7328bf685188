"""The funnel of a zone's needs, its biggest loss and the reason for it."""

from __future__ import annotations

from typing import Any

import pytest

from matching.enums import MatchStatus
from matching.figures import submitted
from matching.models import Dismissal, Match
from matching.park_words import loss_words
from matching.statistics.funnels import funnel_of
from requests.enums import NeedStatus
from requests.models import Need
from tests.factories import (
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    QuoteFactory,
    ScoringRunFactory,
    UserFactory,
)
from zhongshi.accounts.models import Zone


def _need(zone: Zone, **values: Any) -> Need:
    return NeedFactory.create(organization=OrganizationFactory.create(zone=zone), **values)


def test_counts_each_step_with_its_share_of_the_one_before(zone: Zone, other_zone: Zone) -> None:
    _need(zone)
    ScoringRunFactory.create(need=_need(zone))
    MatchFactory.create(need=_need(zone))
    quoted = MatchFactory.create(need=_need(zone), quoted=True)
    QuoteFactory.create(match=quoted)
    MatchFactory.create(need=_need(other_zone), quoted=True)
    _need(zone, status=NeedStatus.DRAFT)

    steps = funnel_of(submitted(zone)).steps

    assert [(step.code, step.count, step.share) for step in steps] == [
        ("submitted", 4, None),
        ("scored", 3, 0.75),
        ("matched", 2, 2 / 3),
        ("approved", 1, 0.5),
        ("accepted", 1, 1.0),
        ("quoted", 1, 1.0),
        ("chosen", 0, 0.0),
        ("completed", 0, None),
    ]
    assert [step.of_first for step in steps[:3]] == [1.0, 0.75, 0.5]


def test_needs_nobody_can_serve_are_lost_to_a_condition(zone: Zone, english: None) -> None:
    for _ in range(2):
        excluded = [
            {"reason": "GMP", "kind": "qualification", "count": 9},
            {"reason": "x", "kind": "process", "count": 2},
        ]
        ScoringRunFactory.create(need=_need(zone), excluded=excluded)
    MatchFactory.create(need=_need(zone), quoted=True)

    loss = funnel_of(submitted(zone)).loss

    assert loss is not None
    assert (loss.before, loss.after, loss.count, loss.why, loss.times) == (
        "scored",
        "matched",
        2,
        ("condition", "qualification"),
        2,
    )
    assert loss_words(loss) == (
        "Most are lost between “put into conditions” and “got matches”: 2 needs, 67 %. "
        "Main reason: “qualification” is met by nobody (2)."
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"declined": True, "decline_code": "price"}, ("decline", "price")),
        ({"declined": True, "decline_reason": "scale does not fit"}, ("decline", "scale")),
        ({"approved": True, "status": MatchStatus.LAPSED}, ("status", "expired")),
        ({"approved": True}, ("status", "approved")),
    ],
)
def test_leads_are_lost_to_refusals_or_silence(zone: Zone, values: dict[str, Any], why: tuple[str, str]) -> None:
    need = _need(zone)
    MatchFactory.create(need=need, **values)
    for _ in range(3):
        MatchFactory.create(need=need)  # waits for review, which is not why the operator said no

    loss = funnel_of(submitted(zone)).loss

    assert loss is not None
    assert (loss.before, loss.after, loss.why, loss.times) == ("approved", "accepted", why, 1)


def test_what_the_enterprise_turned_down_counts_by_its_reason(zone: Zone, english: None) -> None:
    need = _need(zone)
    for _ in range(2):
        match = MatchFactory.create(need=need, approved=True)
        Match.objects.filter(pk=match.pk).update(status=MatchStatus.NOT_CHOSEN)
        Dismissal.objects.create(match=match, code="price", said_by=UserFactory.create())

    loss = funnel_of(submitted(zone)).loss

    assert loss is not None
    assert (loss.before, loss.after, loss.why, loss.times) == ("approved", "accepted", ("unfit", "price"), 2)
    assert loss_words(loss).endswith("Main reason: turned down by the enterprise: too expensive (2).")


def test_needs_that_wait_for_the_office_are_lost_to_it(zone: Zone, english: None) -> None:
    _need(zone, status=NeedStatus.SUBMITTED)

    loss = funnel_of(submitted(zone)).loss

    assert loss is not None
    assert (loss.after, loss.why) == ("scored", ("need", "submitted"))
    assert loss_words(loss).endswith("Main reason: needs that still wait for review (1).")


def test_no_needs_no_loss(zone: Zone) -> None:
    funnel = funnel_of(submitted(zone))

    assert (funnel.loss, {step.count for step in funnel.steps}) == (None, {0})
