"""Notices: one row each, one mail each, in the recipient's language."""

from typing import Any

import pytest
from django.core import mail

from tests.core.posting import work
from zhongshi.accounts.models import User
from zhongshi.core import notifications
from zhongshi.core.models import Delivery, Notification, OutboxEvent
from zhongshi.core.notifications.sending import letter

pytestmark = pytest.mark.django_db(transaction=True)
PARAMS = {"number": "N-2026-0001", "title": "发酵放大", "count": 3}


def _person(**columns: Any) -> User:
    return User.objects.create_user(columns.pop("username", "wang"), email="wang@example.cn", **columns)


def test_owing_twice_tells_once() -> None:
    person = _person()
    for _ in range(2):
        notifications.owe([person], "need.scored", key="k", path="/needs/N-2026-0001/", params=PARAMS)
        work()

    assert Notification.objects.count() == 1
    assert OutboxEvent.objects.filter(topic="notification.owed").count() == 1
    assert OutboxEvent.objects.filter(topic="delivery.owed").count() == 1
    assert len(mail.outbox) == 1


def test_an_event_without_words_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        notifications.owe([_person()], "no.such.event", key="k")


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("en", "N-2026-0001: 3 capabilities may fit", "wang,\n"),
        ("zh-hans", "N-2026-0001：3 项服务能力可能合适", "wang：\n"),
    ],
)
def test_mail_goes_out_in_the_recipients_language(language: str, subject: str, greeting: str) -> None:
    notifications.owe([_person(language=language)], "need.scored", key="k", path="/needs/x/", params=PARAMS)

    work()

    [sent] = mail.outbox
    assert sent.subject == subject
    assert sent.to == ["wang@example.cn"]
    assert greeting in sent.body
    assert "\nhttp://127.0.0.1:8000/needs/x/\n" in sent.body
    assert "http://127.0.0.1:8000/notifications/settings/" in sent.body
    assert set(OutboxEvent.objects.values_list("state", flat=True)) == {"done"}
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.state, delivery.attempts, delivery.problem) == ("mail", "sent", 1, "")
    assert delivery.sent_at is not None


def test_a_second_sending_keeps_the_message_id() -> None:
    notifications.owe([_person()], "need.scored", key="k", params=PARAMS)
    notice = Notification.objects.get()

    first, second = letter(notice), letter(notice)

    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert str(notice.uuid) in first.extra_headers["Message-ID"]


@pytest.mark.parametrize("columns", [{"email": ""}, {"is_active": False}])
def test_a_person_without_address_or_account_gets_the_notice_only(columns: dict[str, Any]) -> None:
    person = User.objects.create_user("silent", **{"email": "s@example.cn"} | columns)
    notifications.owe([person], "need.scored", key="k", params=PARAMS)

    work()

    assert mail.outbox == []
    assert OutboxEvent.objects.get().state == "done"
    assert Delivery.objects.count() == 0
    assert Notification.objects.get().recipient == person


def test_a_notice_that_is_gone_owes_nothing() -> None:
    notifications.owe([_person()], "need.scored", key="k", params=PARAMS)
    Notification.objects.all().delete()

    work()

    assert mail.outbox == []
    assert OutboxEvent.objects.get().state == "done"


def test_reading_again_keeps_the_first_time() -> None:
    notifications.owe([_person()], "need.scored", key="k", params=PARAMS)
    first = notifications.mark_read(Notification.objects.get()).read_at

    assert first is not None
    assert notifications.mark_read(Notification.objects.get()).read_at == first


def test_marking_all_keeps_to_the_person_the_group_and_what_was_seen() -> None:
    mine, other = _person(), _person(username="li")
    for key, event in (("a", "need.scored"), ("b", "match.asked"), ("c", "need.scored")):
        notifications.owe([mine, other], event, key=key, params=PARAMS)
    last_seen = Notification.objects.get(dedupe_key=f"b:{mine.pk}")

    assert notifications.mark_all_read(mine.pk, group="progress", up_to=last_seen.pk) == 1
    unread = Notification.objects.filter(read_at__isnull=True).values_list("dedupe_key", flat=True)
    assert sorted(unread) == sorted([f"a:{other.pk}", f"b:{mine.pk}", f"b:{other.pk}", f"c:{mine.pk}", f"c:{other.pk}"])
    assert notifications.mark_all_read(mine.pk) == 2


def test_every_event_has_a_group_and_a_name_for_people(english: None) -> None:
    events = notifications.events()

    assert {event.group for event in events} == {"action", "progress", "system"}
    assert [event.name for event in events if "%(" in event.name_for_people] == []
    groups = [event.group for event in events]
    assert groups == sorted(groups, key=["action", "progress", "system"].index)
    assert {event.name for event in events if event.is_urgent} == {"match.approved", "match.reminder"}


def test_an_event_that_has_left_the_code_is_still_shown() -> None:
    notice = Notification(event="old.event", params={})

    assert notifications.wording(notice) == ("old.event", "")
