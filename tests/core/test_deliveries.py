"""From a notice to mail and robots: what is owed, when, and what becomes of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from tests.core.posting import make_due, owe_deliveries, work
from tests.core.receiver import Receiver
from tests.factories import make_actor
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import Zone
from zhongshi.core import notifications, outbox
from zhongshi.core.models import Channel, Delivery, NoticeSettings, Notification, OutboxEvent, Robot
from zhongshi.core.notifications.sending import attempt
from zhongshi.core.webhooks import NotTaken

pytestmark = pytest.mark.django_db(transaction=True)
PARAMS = {"number": "N-2026-0001", "title": "发酵放大", "capability": "500L发酵线", "hours": 48, "question": "粘度？"}
NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING = datetime(2026, 11, 22, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
YES = b'{"errcode":0,"errmsg":"ok"}'


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK_HOSTS = ["127.0.0.1"]
    with Receiver() as running:
        running.default = (200, YES, {})
        yield running


def _notice(actor: Actor, event: str = "match.asked", key: str = "k") -> Notification:
    notifications.owe([actor.user], event, key=key, path="/needs/N-2026-0001/matches/", params=PARAMS)
    return Notification.objects.get(dedupe_key=f"{key}:{actor.user.pk}")


def _quiet(actor: Actor) -> None:
    NoticeSettings.objects.create(user=actor.user, quiet_from=time(22), quiet_to=time(7, 30))


def _robot(actor: Actor, receiver: Receiver, kind: str = Channel.WECOM, **columns: Any) -> Robot:
    values = {"name": "群", "address": f"{receiver.url}/send?key=k1", "secret": "0123456789abcdef"}
    return Robot.objects.create(organization=actor.organization, kind=kind, **values | columns)


def _due(delivery: Delivery) -> datetime:
    return OutboxEvent.objects.get(key=f"delivery:{delivery.pk}").available_at


def _try_at(delivery: Delivery, now: datetime) -> OutboxEvent:
    """Let a worker hold the row and look at it at `now`."""
    event = OutboxEvent.objects.get(key=f"delivery:{delivery.pk}")
    event.state, event.attempts, event.lease_token = "leased", event.attempts + 1, uuid4()
    event.lease_until = timezone.now() + timedelta(minutes=1)
    event.save()
    attempt(event, delivery.pk, now)
    event.refresh_from_db()
    return event


def test_at_night_a_mail_waits_for_the_morning_and_urgent_ones_do_not(enterprise: Actor, operator: Actor) -> None:
    for actor in (enterprise, operator):
        _quiet(actor)
    owe_deliveries(_notice(enterprise, "match.asked"), NIGHT)
    owe_deliveries(_notice(operator, "match.approved"), NIGHT)

    waits, passes = Delivery.objects.order_by("pk")
    assert (_due(waits), _due(passes)) == (MORNING, NIGHT)
    assert {row.state for row in (waits, passes)} == {"waiting"}


def test_a_try_at_night_rests_and_is_no_attempt(enterprise: Actor) -> None:
    _quiet(enterprise)
    owe_deliveries(_notice(enterprise), NIGHT - timedelta(hours=2))
    delivery = Delivery.objects.get()

    event = _try_at(delivery, NIGHT)

    assert (event.state, event.attempts, event.available_at) == ("pending", 0, MORNING)
    assert mail.outbox == []
    assert _try_at(delivery, MORNING).state == "done"
    assert len(mail.outbox) == 1


def test_who_has_read_it_over_night_gets_no_mail(enterprise: Actor) -> None:
    _quiet(enterprise)
    notice = _notice(enterprise)
    owe_deliveries(notice, timezone.now())
    delivery = Delivery.objects.get()
    OutboxEvent.objects.filter(key=f"delivery:{delivery.pk}").update(available_at=timezone.now() + timedelta(hours=8))
    notifications.mark_read(notice)

    assert _try_at(delivery, MORNING).state == "done"

    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem, delivery.sent_at) == ("dropped", "read", None)
    assert mail.outbox == []


def test_what_is_switched_off_is_told_in_the_page_only(enterprise: Actor, receiver: Receiver) -> None:
    _robot(enterprise, receiver)
    NoticeSettings.objects.create(user=enterprise.user, muted=["mail:match.asked", "wecom:match.asked"])
    _notice(enterprise, "match.asked", "a")
    _notice(enterprise, "match.quoted", "b")
    Notification.objects.filter(event="match.quoted").update(params=PARAMS | {"amount": 1, "currency": "CNY"})

    work()

    assert [row.notification.event for row in Delivery.objects.all() if row.notification] == ["match.quoted"] * 2
    assert (len(mail.outbox), len(receiver.calls)) == (1, 1)
    assert Notification.objects.count() == 2


def test_a_group_is_told_once_however_many_of_its_people_are(enterprise: Actor, zone: Zone, receiver: Receiver) -> None:
    colleague = make_actor(Role.ENTERPRISE, zone, organization=enterprise.organization)
    robot = _robot(enterprise, receiver, Channel.WEBHOOK, language="en")
    notifications.owe([enterprise.user, colleague.user], "match.asked", key="k", path="/needs/x/", params=PARAMS)

    work()

    [call] = receiver.calls
    delivery = Delivery.objects.get(robot=robot)
    assert call.headers["X-Zhongshi-Event-Id"] == str(delivery.uuid)
    said = json.loads(call.body)
    assert (said["event"], said["group"]) == ("match.asked", "action")
    assert said["title"] == "N-2026-0001: an operator asks"
    assert said["link"] == "http://127.0.0.1:8000/needs/x/"
    assert (delivery.key, delivery.state, delivery.problem) == (f"robot:{robot.pk}:k", "sent", "HTTP 200")
    assert len(mail.outbox) == 2


def test_the_group_is_told_when_the_first_of_its_people_may_be(
    enterprise: Actor, zone: Zone, receiver: Receiver
) -> None:
    colleague = make_actor(Role.ENTERPRISE, zone, organization=enterprise.organization)
    _quiet(enterprise)
    robot = _robot(enterprise, receiver)
    notifications.owe([enterprise.user, colleague.user], "match.asked", key="k", params=PARAMS)

    owe_deliveries(Notification.objects.get(recipient=enterprise.user), NIGHT)
    assert _due(Delivery.objects.get(robot=robot)) == MORNING
    owe_deliveries(Notification.objects.get(recipient=colleague.user), NIGHT)
    assert _due(Delivery.objects.get(robot=robot)) == NIGHT


def test_robots_of_others_and_resting_ones_hear_nothing(
    enterprise: Actor, enterprise2: Actor, receiver: Receiver
) -> None:
    _robot(enterprise2, receiver)
    _robot(enterprise, receiver, is_active=False)
    _notice(enterprise)

    work()

    assert receiver.calls == []
    assert Delivery.objects.exclude(channel="mail").count() == 0


def test_a_robot_that_was_removed_meanwhile_is_let_go(enterprise: Actor, receiver: Receiver) -> None:
    robot = _robot(enterprise, receiver)
    owe_deliveries(_notice(enterprise), timezone.now())
    robot.delete()

    work()

    delivery = Delivery.objects.get(channel="wecom")
    assert (delivery.state, delivery.problem, receiver.calls) == ("dropped", "gone", [])


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', {}), "93000 invalid webhook url"),
        ((503, b"", {}), "HTTP 503"),
        ("hang up", "the connection failed (RemoteProtocolError)"),
    ],
)
def test_what_failed_says_why_and_is_tried_again_with_the_same_key(
    enterprise: Actor, receiver: Receiver, answer: Any, problem: str
) -> None:
    kind = Channel.WECOM if answer[0] == 200 else Channel.WEBHOOK
    robot = _robot(enterprise, receiver, kind)
    receiver.answers = [answer]
    _notice(enterprise)

    before = timezone.now()
    work()
    after = timezone.now()

    delivery = Delivery.objects.get(robot=robot)
    assert (delivery.state, delivery.attempts, delivery.problem) == ("failed", 1, problem)
    event = OutboxEvent.objects.get(key=f"delivery:{delivery.pk}")
    assert before + timedelta(seconds=45) <= event.available_at <= after + timedelta(seconds=90)
    assert "k1" not in event.last_error

    make_due(pk=event.pk)
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 2)
    first, second = receiver.calls
    assert first.body == second.body
    assert first.headers["X-Zhongshi-Event-Id"] == second.headers["X-Zhongshi-Event-Id"]


def test_too_fast_rests_as_long_as_the_robot_asks(enterprise: Actor, receiver: Receiver) -> None:
    _robot(enterprise, receiver, Channel.WEBHOOK)
    receiver.answers = [(429, b"", {"Retry-After": "1800"})]
    _notice(enterprise)

    work()

    event = OutboxEvent.objects.get(key=f"delivery:{Delivery.objects.get(channel='webhook').pk}")
    assert event.state == "pending"
    assert event.available_at > timezone.now() + timedelta(minutes=29)


def test_after_twelve_tries_it_is_given_up_and_kept(enterprise: Actor, receiver: Receiver) -> None:
    _robot(enterprise, receiver)
    receiver.default = (500, b"", {})
    _notice(enterprise)
    work()
    delivery = Delivery.objects.get(channel="wecom")

    for _ in range(20):
        make_due(key=f"delivery:{delivery.pk}")
        work()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("dead", 12, "HTTP 500")
    assert len(receiver.calls) == 12
    assert OutboxEvent.objects.get(key=f"delivery:{delivery.pk}").state == "dead"


def test_an_address_that_may_not_be_called_is_given_up_at_once(enterprise: Actor, receiver: Receiver) -> None:
    _robot(enterprise, receiver, address="https://169.254.169.254/?key=k1")
    _notice(enterprise)

    work()

    delivery = Delivery.objects.get(channel="wecom")
    assert (delivery.state, delivery.attempts) == ("dead", 1)
    assert delivery.problem == "this host is not on the list of allowed hosts"


def test_a_worker_that_died_after_sending_sends_the_same_again(enterprise: Actor, receiver: Receiver) -> None:
    """At least once: the yes was heard, and the worker died before it wrote that down."""
    _robot(enterprise, receiver, Channel.WEBHOOK)
    notice = _notice(enterprise)
    owe_deliveries(notice, timezone.now())
    delivery = Delivery.objects.get(channel="webhook")
    event = OutboxEvent.objects.get(key=f"delivery:{delivery.pk}")
    event.state, event.lease_token, event.lease_until = "leased", uuid4(), timezone.now()
    event.save()
    OutboxEvent.objects.filter(pk=event.pk).update(lease_token=uuid4())

    with pytest.raises(outbox.LeaseLost):
        attempt(event, delivery.pk, timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "waiting"

    assert outbox.run(event.pk)
    assert len({call.headers["X-Zhongshi-Event-Id"] for call in receiver.calls}) == 1
    assert len(receiver.calls) == 2


def test_a_late_failure_does_not_undo_what_another_has_sent(enterprise: Actor, receiver: Receiver) -> None:
    """The race: a worker sleeps in the middle of its call, past its lease; another sends; the sleeper's call fails."""
    _robot(enterprise, receiver, Channel.WEBHOOK)
    owe_deliveries(_notice(enterprise), timezone.now())
    delivery = Delivery.objects.get(channel="webhook")
    sleeper = OutboxEvent.objects.get(key=f"delivery:{delivery.pk}")
    sleeper.state, sleeper.lease_token, sleeper.lease_until = "leased", uuid4(), timezone.now()
    sleeper.save()
    receiver.answers = [lambda: outbox.run(sleeper.pk), (200, b"{}", {})]

    with pytest.raises(NotTaken):
        attempt(sleeper, delivery.pk, timezone.now())

    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("sent", "HTTP 200")
    assert len(receiver.calls) == 2


def test_what_is_sent_is_not_sent_again(enterprise: Actor, receiver: Receiver) -> None:
    _robot(enterprise, receiver)
    notice = _notice(enterprise)
    work()
    OutboxEvent.objects.update(state="pending", lease_token=None, lease_until=None)

    work()
    owe_deliveries(notice, timezone.now())
    work()

    assert (len(mail.outbox), len(receiver.calls)) == (1, 1)


def test_the_log_carries_no_address(enterprise: Actor, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    robot = _robot(enterprise, receiver, address="https://evil.example/?key=s3cret")
    _notice(enterprise)
    work()
    robot.address = f"{receiver.url}/send?key=s3cret"
    robot.save()
    receiver.default = (500, b"", {})
    _notice(enterprise, key="second")
    work()

    assert NotTaken.__name__ in caplog.text
    assert "s3cret" not in caplog.text
    assert "s3cret" not in "".join(OutboxEvent.objects.values_list("last_error", flat=True))


def test_workers_beside_each_other_tell_the_group_once(enterprise: Actor, zone: Zone, receiver: Receiver) -> None:
    colleagues = [enterprise] + [
        make_actor(Role.ENTERPRISE, zone, organization=enterprise.organization) for _ in range(4)
    ]
    robot = _robot(enterprise, receiver, Channel.WEBHOOK)
    notifications.owe([actor.user for actor in colleagues], "match.asked", key="k", params=PARAMS)
    ready = threading.Barrier(len(colleagues))

    def worker(event_id: int) -> None:
        try:
            ready.wait()
            outbox.run(event_id)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=worker, args=[pk])
        for pk in OutboxEvent.objects.filter(topic="notification.owed").values_list("pk", flat=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()

    assert Delivery.objects.filter(robot=robot).count() == 1
    assert len(receiver.calls) == 1
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(actor.user.email for actor in colleagues)
