"""Leads are reminded of once, expire, and the next candidate moves up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.models import Match
from matching.services.clock import leads_expire, leads_remind
from tests.factories import CapabilityFactory, MatchFactory
from zhongshi.core.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)


def _due_in(match: Match, hours: float) -> None:
    Match.objects.filter(pk=match.pk).update(answer_due_at=timezone.now() + timedelta(hours=hours))


def test_a_lead_is_reminded_of_once(lead: Match) -> None:
    _due_in(lead, 11)

    assert [leads_remind(now=timezone.now()), leads_remind(now=timezone.now())] == [1, 0]
    assert Notification.objects.get().event == "match.reminder"


@pytest.mark.parametrize("hours", [13, -1])
def test_reminders_come_within_the_last_twelve_hours(lead: Match, hours: float) -> None:
    _due_in(lead, hours)

    assert leads_remind(now=timezone.now()) == 0


def test_an_unanswered_lead_expires_and_the_next_moves_up(lead: Match) -> None:
    lead.need.zone.approves_itself = True
    lead.need.zone.save()
    next_best = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create(), rank=2, score=70)
    too_weak = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create(), rank=3, score=50)
    _due_in(lead, -1)

    assert leads_expire(now=timezone.now()) == 1

    for match, status in ((lead, "expired"), (next_best, "approved"), (too_weak, "proposed")):
        match.refresh_from_db()
        assert match.status == status


def test_an_answered_or_waiting_lead_does_not_expire(lead: Match) -> None:
    _due_in(lead, 1)
    answered = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create(), accepted=True)
    _due_in(answered, -1)

    assert leads_expire(now=timezone.now()) == 0
