"""Carrying out one delivery: the mail or the robot, the log of it, and another try where it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhongshi.core import mails, outbox, webhooks
from zhongshi.core.models import Channel, Delivery, Notification, OutboxEvent
from zhongshi.core.webhook_formats import Message

from .registry import known, wording
from .wishes import due_at, settings_of

Sender = Callable[[Delivery, datetime], str]


class MailRefused(Exception):
    """The mail server did not take the mail; the text says why."""


class MailNeverTaken(MailRefused, outbox.Permanent):
    """The mail server knows no such address."""


def send(*, event: OutboxEvent, delivery_id: int) -> None:
    """Carry out one delivery, then mark the outbox row done. Outbox handler; may run twice."""
    attempt(event, delivery_id, timezone.now())


def attempt(event: OutboxEvent, delivery_id: int, now: datetime) -> None:
    """One try at `now`: sent, dropped, postponed to the end of the quiet hours, or an error that has been noted."""
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    delivery = Delivery.objects.select_related("notification__recipient", "robot").filter(pk=delivery_id).first()
    if delivery is None or delivery.state in (Delivery.State.SENT, Delivery.State.DROPPED):
        settle(event, None)
        return
    if problem := _needless(delivery, event):
        settle(event, delivery, state=Delivery.State.DROPPED, problem=problem)
        return
    until = _rests_until(delivery, now)
    if until > now:
        outbox.postpone(event.pk, event.lease_token, until)
        return
    with noting(event, delivery):
        said = SENDERS[Channel(delivery.channel)](delivery, now)
    settle(event, delivery, state=Delivery.State.SENT, problem=said[:200])


def _needless(delivery: Delivery, event: OutboxEvent) -> str:
    """Why a delivery needs no sending any more, as a word kept in its row; empty where it does."""
    notice = delivery.notification
    if notice is None:
        return "gone"
    if delivery.channel == Channel.MAIL:
        if not (notice.recipient.email and notice.recipient.is_active):
            return "no address"
        # Who has read it meanwhile, over night say, does not need the mail; a try that fails is another matter.
        waited = (event.available_at - event.created_at).total_seconds() > 60 and event.attempts == 1
        return "read" if waited and notice.read_at else ""
    return "" if delivery.robot and delivery.robot.is_active else "gone"


def _rests_until(delivery: Delivery, now: datetime) -> datetime:
    """Tries after the first heed a person's quiet hours as well; a group's notice was timed when it was owed."""
    notice = delivery.notification
    if delivery.channel != Channel.MAIL or notice is None:
        return now
    return due_at(settings_of(notice.recipient_id), known(notice.event), now)


@contextmanager
def noting(event: OutboxEvent, delivery: Delivery) -> Iterator[None]:
    """Write into the delivery's row what went wrong, then let the outbox see the error."""
    try:
        yield
    except (webhooks.NotTaken, MailRefused) as error:
        _note(event, delivery, error)
        raise
    except (SMTPException, OSError) as error:
        refusal = _mail_problem(error)
        _note(event, delivery, refusal)
        raise refusal from None


def _mail_problem(error: Exception) -> MailRefused:
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        kind = MailNeverTaken if codes and all(code >= 500 for code in codes) else MailRefused
        return kind(f"SMTP {', '.join(map(str, codes))}: recipient refused")
    if isinstance(error, SMTPResponseException):
        return MailRefused(f"SMTP {error.smtp_code}")
    return MailRefused(f"mail server away ({type(error).__name__})")


def _note(event: OutboxEvent, delivery: Delivery, error: Exception) -> None:
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    last = isinstance(error, outbox.Permanent) or event.attempts >= outbox.retry_of(event.handler).attempts
    with transaction.atomic():
        # What another worker has sent meanwhile stays sent.
        if outbox.still_held(event.pk, event.lease_token):
            Delivery.objects.filter(pk=delivery.pk).update(
                state=Delivery.State.DEAD if last else Delivery.State.FAILED,
                attempts=event.attempts,
                problem=str(error)[:200],
            )


def settle(
    event: OutboxEvent, delivery: Delivery | None, *, state: str = Delivery.State.SENT, problem: str = ""
) -> None:
    """Note what became of the delivery and finish the outbox row, in one transaction."""
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    now = timezone.now()
    with transaction.atomic(durable=True):
        if delivery is not None:
            Delivery.objects.filter(pk=delivery.pk).update(
                state=state,
                attempts=event.attempts,
                problem=problem,
                sent_at=now if state == Delivery.State.SENT else None,
            )
        outbox.finish(event.pk, event.lease_token)


def _send_mail(delivery: Delivery, _now: datetime) -> str:
    assert delivery.notification is not None  # noqa: S101 - looked at before
    letter(delivery.notification).send()
    return ""


def _tell_robot(delivery: Delivery, now: datetime) -> str:
    assert delivery.notification is not None  # noqa: S101 - looked at before
    assert delivery.robot is not None  # noqa: S101
    return webhooks.tell(delivery.robot, message(delivery), now)


# Another channel (a gateway for text messages, say) is one more entry: a function that sends and returns what it was
# told, or raises. See docs/webhooks.md.
SENDERS: dict[Channel, Sender] = {
    Channel.MAIL: _send_mail,
    Channel.WECOM: _tell_robot,
    Channel.DINGTALK: _tell_robot,
    Channel.FEISHU: _tell_robot,
    Channel.WEBHOOK: _tell_robot,
}


def letter(notice: Notification) -> EmailMultiAlternatives:
    """Build the mail of one notice in its recipient's language."""
    recipient = notice.recipient
    language = getattr(recipient, "language", settings.LANGUAGE_CODE)
    with translation.override(language):
        title, body = wording(notice)
        name = recipient.get_full_name() or recipient.get_username()
        greeting = _("%(name)s,") % {"name": name}
        return mails.build(
            to=recipient.email,
            subject=title,
            heading=title,
            body=f"{greeting}\n\n{body}",
            link=notice.path,
            action=str(known(notice.event).action),
            language=language,
            reference=str(notice.uuid),
            footer=why(),
        )


def why() -> str:
    """Why this mail came, and where to change that; in the active language."""
    link = mails.address("/notifications/settings/")
    return _("You get this mail because of your notification settings: %(link)s") % {"link": link}


def message(delivery: Delivery) -> Message:
    """What a robot is told: the words of the mail, in the robot's language."""
    notice, robot = delivery.notification, delivery.robot
    assert notice is not None  # noqa: S101 - a robot's delivery has both
    assert robot is not None  # noqa: S101
    with translation.override(robot.language):
        title, body = wording(notice)
    link = mails.address(notice.path)
    return Message(str(delivery.uuid), notice.event, known(notice.event).group, title, body, link, notice.created_at)
