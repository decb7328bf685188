"""The four numbers: from rows, of one zone, against a period before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching.enums import MatchStatus
from matching.models import Match
from matching.statistics.answers import by_platform, reason_code, refusals
from matching.statistics.numbers import needs_of, numbers
from matching.statistics.periods import Period, month_of
from requests.enums import NeedStatus
from requests.models import Need
from tests.factories import (
    ConditionFactory,
    MatchFactory,
    NeedFactory,
    OrganizationFactory,
    QuestionFactory,
)
from zhongshi.accounts.models import Zone

NOW = timezone.make_aware(datetime(2026, 11, 21, 12))  # noqa: DTZ001
BEFORE = NOW - timedelta(days=32)


@pytest.fixture
def november() -> Period:
    return month_of(NOW.date())


def posted(zone: Zone, at: datetime = NOW, **values: Any) -> Need:
    """A need of the zone posted at a time."""
    need = NeedFactory.create(organization=OrganizationFactory.create(zone=zone), **values)
    Need.objects.filter(pk=need.pk).update(created_at=at)
    return need


def handed(need: Need, *, at: datetime = NOW, after: float | None = None, **values: Any) -> Match:
    """A lead handed out at a time and answered `after` so many hours, or not at all."""
    trait = {"accepted": True} if after is not None else {"approved": True}
    match = MatchFactory.create(need=need, **(trait | values))
    given: dict[str, Any] = {"reviewed_at": at, "answer_due_at": at + timedelta(hours=48)}
    if after is not None:
        given["answered_at"] = at + timedelta(hours=after)
    Match.objects.filter(pk=match.pk).update(**given)
    return match


def test_counts_needs_of_the_zone_and_period_without_drafts(zone: Zone, other_zone: Zone, november: Period) -> None:
    posted(zone)
    posted(zone, BEFORE)
    posted(zone, BEFORE)
    posted(zone, status=NeedStatus.DRAFT)
    posted(other_zone)

    found = numbers(zone, november, NOW)

    assert (found.new_needs, found.new_needs_before, found.more_needs) == (1, 2, -1)


def test_a_chain_narrows_to_needs_that_ask_for_it(zone: Zone) -> None:
    asking = posted(zone)
    ConditionFactory.create(need=asking, kind="chain", value=["新材料", "生物制造"])
    single = posted(zone)
    ConditionFactory.create(need=single, kind="chain", value="生物制造")
    refusing = posted(zone)
    ConditionFactory.create(need=refusing, kind="chain", value="生物制造", op="exclude")
    posted(zone)

    assert set(needs_of(zone, "生物制造")) == {asking, single}


def test_answers_in_time_and_the_median_to_a_first_word(zone: Zone, other_zone: Zone, november: Period) -> None:
    need = posted(zone)
    handed(need, after=2)
    handed(need, after=50)
    asked = handed(need)
    question = QuestionFactory.create(match=asked)
    type(question).objects.update(asked_at=NOW + timedelta(hours=6))
    lapsed = handed(need)
    Match.objects.filter(pk=lapsed.pk).update(status=MatchStatus.LAPSED)
    handed(posted(other_zone), after=1)
    handed(need, at=BEFORE, after=10)

    found = numbers(zone, november, NOW)

    assert (found.answers.leads, found.answers.due, found.answers.in_time) == (4, 3, 1)
    assert (found.answers.share, found.answers.median_hours) == (1 / 3, 6.0)
    assert (found.answers_before.share, found.answers_before.median_hours) == (1.0, 10.0)


def test_nothing_handed_out_has_no_share(zone: Zone, november: Period) -> None:
    answers = numbers(zone, november, NOW).answers

    assert (answers.share, answers.median_hours) == (None, None)


def test_platforms_and_refusals_are_counted_from_the_same_leads(zone: Zone, november: Period) -> None:
    need = posted(zone)
    first = handed(need, after=3)
    handed(need, after=5, capability__platform=first.capability.platform)
    Match.objects.filter(pk=first.pk).update(status="declined", decline_reason="档期已满：十二月前无空档")
    price = handed(need, after=1)
    Match.objects.filter(pk=price.pk).update(status="declined", decline_reason="贵", decline_code="price")

    leads = numbers(zone, november, NOW).leads

    assert [(name, found.leads, found.median_hours) for name, found in by_platform(leads)] == [
        (first.capability.platform.name, 2, 4.0),
        (price.capability.platform.name, 1, 1.0),
    ]
    assert refusals(leads) == [("other", 1), ("price", 1)]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("scale does not fit", "scale"),
        ("scale does not fit：需要两倍", "scale"),
        ("no free capacity in time: 12月", "no_capacity"),
        ("自由文字", "other"),
        ("", "other"),
    ],
)
def test_a_reason_is_known_by_its_beginning(reason: str, code: str) -> None:
    assert reason_code(reason) == code
