"""The private calendar address: one live, replaced, revoked; its token is not kept."""

import pytest

from platforms.models import CalendarFeed
from platforms.services.feeds import feed_open, feed_revoke, token_digest
from zhongshi.accounts.actors import Actor
from zhongshi.core.errors import NotAllowed
from zhongshi.core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_the_digest_of_the_token_is_kept(operator: Actor) -> None:
    feed, token = feed_open(actor=operator)

    assert feed.token_digest == token_digest(token)
    assert token not in str(CalendarFeed.objects.values().get())
    assert len(token) >= 43


def test_a_new_address_revokes_the_one_before(operator: Actor) -> None:
    old, _ = feed_open(actor=operator)
    new, _ = feed_open(actor=operator)

    assert list(CalendarFeed.objects.live()) == [new]
    old.refresh_from_db()
    assert old.revoked_at is not None


def test_revoking_is_recorded_and_done_once(operator: Actor) -> None:
    feed_open(actor=operator)

    assert [feed_revoke(actor=operator), feed_revoke(actor=operator)] == [True, False]

    assert CalendarFeed.objects.live().count() == 0
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["feed_opened", "feed_revoked"]


def test_one_operator_does_not_touch_anothers(operator: Actor, operator2: Actor, enterprise: Actor) -> None:
    feed, _ = feed_open(actor=operator)

    assert feed_revoke(actor=operator2) is False
    with pytest.raises(NotAllowed):
        feed_open(actor=enterprise)
    with pytest.raises(NotAllowed):
        feed_revoke(actor=enterprise)

    assert list(CalendarFeed.objects.live()) == [feed]
    assert list(CalendarFeed.objects.visible_to(operator2)) == []
    assert list(CalendarFeed.objects.visible_to(operator)) == [feed]
