"""The demo's story: every workspace has something in it, made by the services themselves."""

from collections import Counter

import pytest
from django.core.management import call_command

from matching.enums import MatchStatus
from matching.models import Match, Question, Quote
from matching.services.demo import demo_load
from matching.services.demo_story import story_tell
from platforms.models import CapacitySlot, Certificate, ImportJob
from requests.enums import NeedStatus
from requests.models import Campaign, Need
from zhongshi.accounts.actors import actor_of
from zhongshi.accounts.models import User
from zhongshi.core.models import OutboxEvent

# One test: the vocabulary and 202 platforms are loaded for it.
pytestmark = pytest.mark.django_db(transaction=True)


def test_leaves_needs_and_leads_in_every_state_somebody_may_meet() -> None:
    call_command("load_vocabulary", verbosity=0)
    demo_load()

    assert story_tell() == 10

    assert Counter(Need.objects.values_list("status", flat=True)) == {
        NeedStatus.CONTRACTED: 1,
        NeedStatus.OPEN: 7,
        NeedStatus.RETURNED: 1,
        NeedStatus.DRAFT: 1,
    }
    leads = Match.objects.filter(capability__platform__external_id__in=["cn-022", "cn-029"])
    answered = {"chosen", "quoted", "accepted", "declined", "approved"}
    assert answered <= set(leads.values_list("status", flat=True))
    # Accounts that programs sign in as begin with nothing.
    for name in ("operator", "operator2"):
        assert not Match.objects.for_operator(actor_of(User.objects.get(username=name))).exists()
    assert (Quote.objects.count(), Question.objects.filter(answer="").count()) == (2, 1)
    assert not OutboxEvent.objects.filter(topic__startswith="need.", state=OutboxEvent.State.PENDING).exists()

    assert list(ImportJob.objects.order_by("state").values_list("state", "total")) == [("done", 2), ("draft", 0)]
    assert (CapacitySlot.objects.count(), Certificate.objects.count(), Campaign.objects.count()) == (22, 1, 1)

    chosen = Match.objects.get(status=MatchStatus.CHOSEN)
    assert chosen.answered_at is not None
    assert round((chosen.answered_at - chosen.created_at).total_seconds() / 3600) == 5

    # The confidential one: its conditions read, signed for, read in full, and opened by the office with a reason.
    confidential = Need.objects.get(visibility="nda")
    assert confidential.agreements.get().status == "active"
    assert list(confidential.disclosures.order_by("pk").values_list("user__username", "stage")) == [
        ("operator4", "conditions"),
        ("operator4", "text"),
        ("admin", "text"),
    ]

    assert story_tell() == 0
    assert Need.objects.count() == 10
