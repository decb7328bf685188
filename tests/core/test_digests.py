"""The daily mail: one a person and day, exactly what was unread, never twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from tests.core.posting import make_due, owe_deliveries, work
from zhongshi.accounts.actors import Actor
from zhongshi.core import notifications
from zhongshi.core.models import Delivery, NoticeSettings, Notification, OutboxEvent
from zhongshi.core.notifications.digests import freeze

pytestmark = pytest.mark.django_db(transaction=True)
PARAMS = {"number": "N-2026-0001", "title": "发酵放大", "capability": "500L发酵线", "hours": 48, "question": "粘度？"}
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Counted from today: a worker takes what is due by its own clock, so a written date would one day be the past.
DAY = timezone.localdate(timezone=SHANGHAI) + timedelta(days=2)
NINE = datetime.combine(DAY, time(9), tzinfo=SHANGHAI)
NOON = NINE - timedelta(hours=21)


@pytest.fixture
def reader(enterprise: Actor) -> Actor:
    """Wants one mail a day, at nine."""
    NoticeSettings.objects.create(user=enterprise.user, digest_hour=9)
    return enterprise


def _notice(actor: Actor, key: str, event: str = "match.asked", now: datetime = NOON) -> Notification:
    notifications.owe([actor.user], event, key=key, path=f"/needs/{key}/", params=PARAMS)
    notice = Notification.objects.get(dedupe_key=f"{key}:{actor.user.pk}")
    owe_deliveries(notice, now)
    OutboxEvent.objects.filter(topic="notification.owed").update(state="done")
    return notice


def _nine_o_clock() -> None:
    make_due(topic="digest.owed")
    work()


def test_the_mail_is_owed_once_for_the_next_nine_o_clock(reader: Actor) -> None:
    _notice(reader, "a")
    _notice(reader, "b")

    event = OutboxEvent.objects.get(topic="digest.owed")
    assert (event.key, event.available_at) == (f"digest:{reader.user.pk}:{DAY}", NINE)
    assert set(Delivery.objects.values_list("state", "digest_day")) == {("collected", DAY)}
    work()
    assert mail.outbox == []


def test_one_mail_holds_exactly_what_is_unread(reader: Actor) -> None:
    for key in ("a", "b", "c"):
        _notice(reader, key)
    notifications.mark_read(Notification.objects.get(dedupe_key__startswith="b:"))

    _nine_o_clock()

    [sent] = mail.outbox
    assert sent.to == [reader.user.email]
    assert sent.subject == f"2 条未读通知 · {DAY}"
    for key, times in (("a", 1), ("b", 0), ("c", 1)):
        assert str(sent.body).count(f"http://127.0.0.1:8000/needs/{key}/") == times
    states = dict(Delivery.objects.exclude(notification=None).values_list("notification__dedupe_key", "state"))
    assert [states[f"{key}:{reader.user.pk}"] for key in "abc"] == ["sent", "dropped", "sent"]
    assert Delivery.objects.get(notification=None).state == "sent"


def test_the_mail_of_a_day_is_not_sent_twice(reader: Actor) -> None:
    _notice(reader, "a")
    _nine_o_clock()
    OutboxEvent.objects.filter(topic="digest.owed").update(state="pending")

    _nine_o_clock()

    assert len(mail.outbox) == 1


def test_a_mail_that_failed_comes_again_with_the_same_list_and_message_id(reader: Actor, settings: Any) -> None:
    _notice(reader, "a")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    _nine_o_clock()
    digest = Delivery.objects.get(notification=None)
    assert (digest.state, digest.problem) == ("failed", "mail server away (ConnectionRefusedError)")
    assert Delivery.objects.get(notification__isnull=False).state == "failed"

    notifications.mark_read(Notification.objects.get())
    _notice(reader, "late", now=NINE - timedelta(minutes=1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_due(topic="digest.owed", key=f"digest:{reader.user.pk}:{DAY}")
    work()

    [sent] = mail.outbox
    assert "/needs/a/" in str(sent.body)
    assert "/needs/late/" not in str(sent.body)
    assert sent.extra_headers["Message-ID"] == f"<{digest.uuid}@127.0.0.1>"
    late = Delivery.objects.get(notification__dedupe_key__startswith="late:")
    assert (late.state, late.digest_day) == ("collected", DAY + timedelta(days=1))


def test_what_comes_after_the_list_is_closed_is_the_next_days(reader: Actor) -> None:
    _notice(reader, "a")
    freeze(reader.user.pk, DAY)

    _notice(reader, "b", now=NINE - timedelta(seconds=1))

    assert Delivery.objects.get(notification__dedupe_key__startswith="b:").digest_day == DAY + timedelta(days=1)
    keys = OutboxEvent.objects.filter(topic="digest.owed").order_by("key").values_list("key", flat=True)
    assert [key.rsplit(":", 1)[1] for key in keys] == [str(DAY), str(DAY + timedelta(days=1))]


def test_nothing_unread_is_no_mail(reader: Actor) -> None:
    notifications.mark_read(_notice(reader, "a"))

    _nine_o_clock()

    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
    assert OutboxEvent.objects.get(topic="digest.owed").state == "done"


def test_urgent_ones_do_not_wait_for_the_mail(reader: Actor) -> None:
    _notice(reader, "a", "match.approved", now=timezone.now())

    work()

    assert [sent.subject for sent in mail.outbox] == ["新线索：发酵放大"]
    assert OutboxEvent.objects.filter(topic="digest.owed").count() == 0


def test_the_mails_of_two_people_do_not_mix(reader: Actor, enterprise2: Actor) -> None:
    NoticeSettings.objects.create(user=enterprise2.user, digest_hour=9)
    _notice(reader, "mine")
    _notice(enterprise2, "theirs")

    _nine_o_clock()

    by_person = {sent.to[0]: str(sent.body) for sent in mail.outbox}
    assert len(mail.outbox) == 2
    assert "/needs/theirs/" not in by_person[reader.user.email]
    assert "/needs/mine/" not in by_person[enterprise2.user.email]


def test_who_left_gets_no_mail(reader: Actor) -> None:
    _notice(reader, "a")
    reader.user.is_active = False
    reader.user.save()

    _nine_o_clock()

    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_the_english_mail_counts_in_english(reader: Actor) -> None:
    reader.user.language = "en"
    reader.user.save()
    _notice(reader, "a")

    _nine_o_clock()

    [sent] = mail.outbox
    assert sent.subject == f"1 unread notice · {DAY}"
    assert "N-2026-0001: an operator asks" in str(sent.body)
    assert timezone.now() - Delivery.objects.filter(state="sent")[0].sent_at < timedelta(minutes=1)  # type: ignore[operator]
