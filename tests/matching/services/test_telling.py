"""A notice tells an operator no more than the lead's page does."""

import pytest
from django.core import mail

from matching.models import Match
from matching.services.choosing import match_choose
from matching.services.leads import lead_accept
from matching.services.review import match_review
from requests.models import Need
from tests.core.posting import work
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)


def _told(operator: Actor) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(recipient=operator.user).order_by("id")
    return [(row.event, row.params["title"]) for row in rows]


def test_no_notice_names_a_confidential_need_by_its_title(
    proposed: Match, zone_admin: Actor, operator: Actor, enterprise: Actor
) -> None:
    Need.objects.filter(pk=proposed.need_id).update(visibility="nda")
    proposed.need.refresh_from_db()
    need = proposed.need

    lead = match_review(actor=zone_admin, match=proposed, approve=True)
    accepted = lead_accept(actor=operator, match=lead)
    assert _told(operator) == [("match.approved", need.number)]
    work()
    [letter] = [letter for letter in mail.outbox if letter.to == [operator.user.email]]
    assert need.title not in letter.subject + str(letter.body)

    match_choose(actor=enterprise, match=accepted)
    assert _told(operator)[-1] == ("match.chosen", need.number)
    assert {row.params["title"] for row in Notification.objects.filter(recipient=enterprise.user)} == {need.number}


def test_otherwise_the_title_is_told_at_once(proposed: Match, zone_admin: Actor, operator: Actor) -> None:
    match_review(actor=zone_admin, match=proposed, approve=True)

    assert _told(operator) == [("match.approved", proposed.need.title)]
