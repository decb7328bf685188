"""From one notice to one delivery for each channel its person wants. Runs in a worker, may run twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhongshi.core import outbox
from zhongshi.core.models import Channel, Delivery, NoticeSettings, Notification, OutboxEvent, Robot

from .registry import Event, known
from .wishes import digest_time, due_at, next_digest, wants


def deliver(*, event: OutboxEvent, notification_id: int) -> None:
    """Owe the deliveries of one notice, then mark the outbox row done. Outbox handler."""
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    with transaction.atomic(durable=True):
        notice = Notification.objects.select_related("recipient").filter(pk=notification_id).first()
        if notice is not None and notice.recipient.is_active:
            fan_out(notice, timezone.now())
        outbox.finish(event.pk, event.lease_token)


def fan_out(notice: Notification, now: datetime) -> None:
    """Write the deliveries of `notice` as its person wants them at `now`; in the caller's transaction."""
    event = known(notice.event)
    # Locked: the daily mail freezes its list under the same lock, so that nothing falls between two of them.
    wishes = NoticeSettings.objects.select_for_update().filter(user_id=notice.recipient_id).first()
    wishes = wishes or NoticeSettings(user_id=notice.recipient_id)
    if notice.recipient.email and wants(wishes, event, Channel.MAIL):
        if wishes.digest_hour is None or event.is_urgent:
            _owe(f"mail:{notice.dedupe_key}", due_at(wishes, event, now), **_mail(notice))
        else:
            _collect(notice, wishes.digest_hour, now)
    _owe_robots(notice, event, wishes, now)


def _mail(notice: Notification) -> dict[str, Any]:
    return {"channel": Channel.MAIL, "notification": notice, "recipient_id": notice.recipient_id}


def _owe(key: str, due: datetime, **columns: Any) -> None:
    delivery, _ = Delivery.objects.get_or_create(key=key, defaults=columns)
    outbox.emit("delivery.owed", key=f"delivery:{delivery.pk}", available_at=due, delivery_id=delivery.pk)


def _collect(notice: Notification, hour: int, now: datetime) -> None:
    """Put the notice on the list of the next daily mail whose list is still open."""
    at = next_digest(now, hour)
    while _is_closed(notice.recipient_id, at.date()):
        at = digest_time(at.date() + timedelta(days=1), hour)
    columns = _mail(notice) | {"state": Delivery.State.COLLECTED, "digest_day": at.date()}
    _, is_new = Delivery.objects.get_or_create(key=f"mail:{notice.dedupe_key}", defaults=columns)
    if is_new:
        outbox.emit(
            "digest.owed",
            key=digest_key(notice.recipient_id, at.date()),
            available_at=at,
            user_id=notice.recipient_id,
            day=at.date().isoformat(),
        )


def _is_closed(user_id: int, day: date) -> bool:
    return Delivery.objects.filter(key=digest_key(user_id, day)).exists()


def digest_key(user_id: int, day: date) -> str:
    """One daily mail a person and day."""
    return f"digest:{user_id}:{day:%Y-%m-%d}"


def _owe_robots(notice: Notification, event: Event, wishes: NoticeSettings, now: datetime) -> None:
    """A group is told once, however many of its people are; the first whose quiet hours allow it decides when."""
    base = notice.dedupe_key.removesuffix(f":{notice.recipient_id}")
    robots = Robot.objects.filter(organization__memberships__user_id=notice.recipient_id, is_active=True)
    for robot in robots.order_by("pk"):
        if wants(wishes, event, robot.kind):
            due = due_at(wishes, event, now)
            _owe(f"robot:{robot.pk}:{base}", due, channel=robot.kind, notification=notice, robot=robot)
            _hasten(robot, base, due)


def _hasten(robot: Robot, base: str, due: datetime) -> None:
    delivery = Delivery.objects.get(key=f"robot:{robot.pk}:{base}")
    OutboxEvent.objects.filter(
        key=f"delivery:{delivery.pk}", state=OutboxEvent.State.PENDING, attempts=0, available_at__gt=due
    ).update(available_at=due)
