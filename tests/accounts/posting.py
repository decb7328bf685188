"""What a worker does for the mails about accounts, and what tests read out of them."""

from __future__ import annotations

import re

from django.conf import settings
from django.core import mail

from zhongshi.core import outbox
from zhongshi.core.models import OutboxEvent


def owed() -> list[tuple[str, dict[str, object]]]:
    """Kind and facts of the mails that are owed, in the order they were."""
    rows = OutboxEvent.objects.filter(topic="account_mail.owed").order_by("id").values_list("payload", flat=True)
    return [(row["kind"], row["facts"]) for row in rows]


def post() -> list[tuple[str, str]]:
    """Send what is owed; recipient and subject of each mail that went out now."""
    before = len(mail.outbox)
    for row in OutboxEvent.objects.filter(topic="account_mail.owed", state="pending").order_by("id"):
        assert outbox.run(row.pk) is True
    return [(letter.to[0], letter.subject) for letter in mail.outbox[before:]]


def link() -> str:
    """The path of the link in the last mail."""
    found = re.search(re.escape(settings.SITE_URL) + r"(/accounts/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]
