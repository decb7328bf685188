"""Notices: one row each, one mail each, in the recipient's language."""

import pytest
from django.core import mail

from zhongshi.accounts.models import User
from zhongshi.core import notifications, outbox
from zhongshi.core.models import Notification, OutboxEvent

pytestmark = pytest.mark.django_db
PARAMS = {"number": "N-2026-0001", "title": "发酵放大", "count": 3}


def _person(**columns: str) -> User:
    return User.objects.create_user(columns.pop("username", "wang"), email="wang@example.cn", **columns)


def test_owing_twice_tells_once() -> None:
    person = _person()
    for _ in range(2):
        notifications.owe([person], "need.scored", key="k", path="/needs/N-2026-0001/", params=PARAMS)

    assert Notification.objects.count() == 1
    assert OutboxEvent.objects.filter(topic="notification.owed").count() == 1


def test_an_event_without_words_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        notifications.owe([_person()], "no.such.event", key="k")


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "N-2026-0001: 3 capabilities may fit"), ("zh-hans", "N-2026-0001：3 项服务能力可能合适")],
)
def test_mail_goes_out_in_the_recipients_language(language: str, subject: str) -> None:
    notifications.owe([_person(language=language)], "need.scored", key="k", path="/needs/x/", params=PARAMS)

    outbox.run(OutboxEvent.objects.get().pk)

    [letter] = mail.outbox
    assert letter.subject == subject
    assert letter.to == ["wang@example.cn"]
    assert letter.body.endswith("http://127.0.0.1:8000/needs/x/")
    assert OutboxEvent.objects.get().state == "done"


def test_a_second_sending_keeps_the_message_id() -> None:
    notifications.owe([_person()], "need.scored", key="k", params=PARAMS)
    notice = Notification.objects.get()

    first, second = notifications.message(notice), notifications.message(notice)

    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert str(notice.uuid) in first.extra_headers["Message-ID"]


def test_a_person_without_address_gets_the_notice_only() -> None:
    person = User.objects.create_user("silent")
    notifications.owe([person], "need.scored", key="k", params=PARAMS)

    outbox.run(OutboxEvent.objects.get().pk)

    assert mail.outbox == []
    assert OutboxEvent.objects.get().state == "done"
    assert Notification.objects.get().recipient == person


def test_reading_again_keeps_the_first_time() -> None:
    notifications.owe([_person()], "need.scored", key="k", params=PARAMS)
    first = notifications.mark_read(Notification.objects.get()).read_at

    assert first is not None
    assert notifications.mark_read(Notification.objects.get()).read_at == first
