"""A group robot tells no more of a need than the lead's own page does."""

from collections.abc import Iterator
from typing import Any

import pytest

from matching.models import Match
from matching.services.review import match_review
from requests.models import Need
from tests.core.posting import work
from tests.core.receiver import Receiver
from zhongshi.accounts.actors import Actor
from zhongshi.core.models import Robot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        yield running


@pytest.mark.parametrize(("visibility", "is_told"), [("nda", False), ("matched", True)])
def test_the_title_waits_for_the_agreement(
    proposed: Match, zone_admin: Actor, operator: Actor, receiver: Receiver, visibility: str, is_told: bool
) -> None:
    Need.objects.filter(pk=proposed.need_id).update(visibility=visibility)
    proposed.need.refresh_from_db()
    for kind in ("wecom", "dingtalk", "feishu", "webhook"):
        Robot.objects.create(
            organization=operator.organization, kind=kind, name=kind, address=receiver.url, secret="0123456789abcdef"
        )

    match_review(actor=zone_admin, match=proposed, approve=True)
    work()

    assert len(receiver.calls) == 4
    for call in receiver.calls:
        text = call.body.decode()
        assert (proposed.need.title in text) is is_told
        assert proposed.need.text not in text
        assert proposed.need.number in text or is_told
