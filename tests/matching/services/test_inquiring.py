"""Asking: for an offer of one match, for the office's help."""

from __future__ import annotations

import pytest

from matching.models import Inquiry, Match
from matching.services.inquiring import help_ask, match_inquire
from requests.models import Need
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, NotAllowed
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_office_is_asked_once_to_hand_a_match_on(proposed: Match, enterprise: Actor, zone_admin: Actor) -> None:
    first = match_inquire(actor=enterprise, match=proposed)
    again = match_inquire(actor=enterprise, match=proposed)

    proposed.refresh_from_db()
    assert (first, first.asked_by, proposed.status) == (again, enterprise.user, "proposed")
    told = Notification.objects.get()
    assert (told.recipient, told.event, told.path) == (
        zone_admin.user,
        "match.inquired",
        f"/park/review/{proposed.uuid}/",
    )
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["inquired"]


def test_a_lead_needs_no_asking(lead: Match, enterprise: Actor) -> None:
    with pytest.raises(IllegalTransition):
        match_inquire(actor=enterprise, match=lead)

    assert Inquiry.objects.count() == 0


@pytest.mark.parametrize("person", ["enterprise2", "operator", "zone_admin"])
def test_only_the_owner_asks(proposed: Match, need: Need, person: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        match_inquire(actor=actor, match=proposed)
    with pytest.raises(NotAllowed):
        help_ask(actor=actor, need=need)

    assert (Inquiry.objects.count(), Notification.objects.count()) == (0, 0)


def test_help_is_asked_once_a_revision(need: Need, enterprise: Actor, zone_admin: Actor) -> None:
    assert help_ask(actor=enterprise, need=need) is True
    assert help_ask(actor=enterprise, need=need) is False
    Need.objects.update(revision=2)

    assert help_ask(actor=enterprise, need=need) is True
    assert list(Notification.objects.values_list("event", "recipient")) == [("need.help", zone_admin.user.pk)] * 2
    assert [entry.detail for entry in AuditEntry.objects.order_by("id")] == [{"revision": 1}, {"revision": 2}]


def test_no_help_for_a_need_that_is_over(need: Need, enterprise: Actor, zone_admin: Actor) -> None:
    Need.objects.update(status="withdrawn")

    with pytest.raises(IllegalTransition):
        help_ask(actor=enterprise, need=need)

    assert Notification.objects.count() == 0
