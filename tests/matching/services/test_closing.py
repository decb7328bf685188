"""A need that is taken back closes its matches, through the outbox."""

import pytest
from django.db import transaction

from matching.models import Match
from requests.models import Need
from tests.factories import CapabilityFactory, MatchFactory
from zhongshi.core import outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def _close(need: Need) -> None:
    with transaction.atomic():
        outbox.emit("need.closed", key=f"test:{need.uuid}", need_id=need.pk)
    assert outbox.run(OutboxEvent.objects.get(key=f"test:{need.uuid}").pk) is True


def test_matches_of_a_withdrawn_need_are_withdrawn(lead: Match) -> None:
    unseen = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create())
    declined = MatchFactory.create(need=lead.need, capability=CapabilityFactory.create(), declined=True)
    Need.objects.filter(pk=lead.need_id).update(status="withdrawn")

    _close(lead.need)

    for match, status in ((lead, "withdrawn"), (unseen, "withdrawn"), (declined, "declined")):
        match.refresh_from_db()
        assert match.status == status
    assert list(Notification.objects.values_list("recipient__username", "event")) == [("operator", "match.withdrawn")]


def test_a_need_that_is_open_again_keeps_its_matches(lead: Match) -> None:
    _close(lead.need)

    lead.refresh_from_db()
    assert (lead.status, Notification.objects.count()) == ("approved", 0)
