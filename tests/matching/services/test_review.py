"""Review: by the zone's administrator, by the zone's policy."""

import pytest

from matching.models import Match
from matching.services.review import match_review
from tests.factories import PlatformFactory
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import IllegalTransition, InvalidInput, NotAllowed, StaleTransition
from zhongshi.core.models import AuditEntry, Notification

pytestmark = pytest.mark.django_db(transaction=True)


def test_approval_tells_the_operator_and_starts_the_clock(proposed: Match, zone_admin: Actor, operator: Actor) -> None:
    match = match_review(actor=zone_admin, match=proposed, approve=True, note="条件清楚")

    match.refresh_from_db()
    assert (match.status, match.reviewed_by, match.review_note) == ("approved", zone_admin.user, "条件清楚")
    assert match.answer_due_at is not None
    assert match.reviewed_at is not None
    assert round((match.answer_due_at - match.reviewed_at).total_seconds() / 3600) == 48
    notice = Notification.objects.get()
    assert (notice.recipient, notice.event) == (operator.user, "match.approved")
    assert notice.path == f"/desk/leads/{match.uuid}/"
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.from_status, entry.to_status) == (zone_admin.user, "proposed", "approved")


def test_rejection_tells_the_enterprise_why(proposed: Match, zone_admin: Actor, enterprise: Actor) -> None:
    match_review(actor=zone_admin, match=proposed, approve=False, note="地址存疑")

    proposed.refresh_from_db()
    assert (proposed.status, proposed.review_note) == ("rejected", "地址存疑")
    notice = Notification.objects.get()
    assert (notice.recipient, notice.params["note"]) == (enterprise.user, "地址存疑")


def test_rejection_needs_a_note(proposed: Match, zone_admin: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        match_review(actor=zone_admin, match=proposed, approve=False, note="  ")

    assert set(refused.value.errors or {}) == {"note"}
    proposed.refresh_from_db()
    assert proposed.status == "proposed"
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("person", ["enterprise", "operator", "enterprise2", "other_zone_admin"])
def test_only_the_needs_zone_office_reviews(proposed: Match, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        match_review(actor=request.getfixturevalue(person), match=proposed, approve=True)

    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_a_reviewer_that_runs_the_platform_is_refused(proposed: Match, zone_admin: Actor) -> None:
    platform = PlatformFactory.create(zone=zone_admin.zone, organization=zone_admin.organization)
    proposed.capability.platform = platform
    proposed.capability.save()

    with pytest.raises(NotAllowed):
        match_review(actor=zone_admin, match=proposed, approve=True)


def test_a_second_review_is_illegal(lead: Match, zone_admin: Actor) -> None:
    with pytest.raises(IllegalTransition):
        match_review(actor=zone_admin, match=lead, approve=True)


def test_the_slower_reviewer_is_told(proposed: Match, zone_admin: Actor) -> None:
    stale = Match.objects.select_related("need", "capability__platform").get(pk=proposed.pk)
    match_review(actor=zone_admin, match=proposed, approve=True)

    with pytest.raises(StaleTransition):
        match_review(actor=zone_admin, match=stale, approve=False, note="太晚")

    proposed.refresh_from_db()
    assert proposed.status == "approved"
