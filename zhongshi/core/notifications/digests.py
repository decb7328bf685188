"""The daily mail: what was unread when it left, once a person and day.

The list is frozen first, in a transaction; a mail that is sent twice (lost answer, dead worker) has the same list and
the same Message-ID. What comes after the freezing is the next day's.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import ngettext

from zhongshi.core import mails, outbox
from zhongshi.core.models import Channel, Delivery, NoticeSettings, Notification, OutboxEvent

from .deliveries import digest_key
from .registry import wording
from .sending import noting, settle, why


def send(*, event: OutboxEvent, user_id: int, day: str) -> None:
    """Send one person's daily mail and mark what it holds. Outbox handler; may run twice."""
    digest = freeze(user_id, date.fromisoformat(day))
    if digest.state in (Delivery.State.SENT, Delivery.State.DROPPED):
        settle(event, None)
        return
    notices = list(Notification.objects.filter(deliveries__digest=digest).select_related("recipient").order_by("pk"))
    person = notices[0].recipient if notices else None
    if person is None or not person.email or not person.is_active:
        _settle(event, digest, Delivery.State.DROPPED)
        return
    try:
        with noting(event, digest):
            letter(digest, notices).send()
    except Exception:
        _share(digest)
        raise
    _settle(event, digest, Delivery.State.SENT)


def freeze(user_id: int, day: date) -> Delivery:
    """Close the list of `day`: what is unread belongs to the mail, what was read needs none. Safe to repeat."""
    with transaction.atomic(durable=True):
        NoticeSettings.objects.select_for_update().filter(user_id=user_id).first()
        digest, is_new = Delivery.objects.get_or_create(
            key=digest_key(user_id, day),
            defaults={"channel": Channel.MAIL, "recipient_id": user_id, "digest_day": day},
        )
        if is_new:
            rows = Delivery.objects.filter(
                recipient_id=user_id, state=Delivery.State.COLLECTED, digest__isnull=True, digest_day__lte=day
            )
            rows.filter(notification__read_at__isnull=False).update(state=Delivery.State.DROPPED, problem="read")
            rows.update(digest=digest)
    return digest


def _settle(event: OutboxEvent, digest: Delivery, state: str) -> None:
    assert event.lease_token is not None  # noqa: S101 - a claimed event has one
    now = timezone.now() if state == Delivery.State.SENT else None
    with transaction.atomic(durable=True):
        Delivery.objects.filter(pk=digest.pk).update(state=state, attempts=event.attempts, problem="", sent_at=now)
        Delivery.objects.filter(digest=digest).update(state=state, problem="", sent_at=now)
        outbox.finish(event.pk, event.lease_token)


def _share(digest: Delivery) -> None:
    """What went wrong with the mail went wrong with each notice in it."""
    digest.refresh_from_db(fields=["state", "problem", "attempts"])
    Delivery.objects.filter(digest=digest).update(state=digest.state, problem=digest.problem, attempts=digest.attempts)


def letter(digest: Delivery, notices: list[Notification]) -> EmailMultiAlternatives:
    """Build the daily mail in its person's language."""
    person = notices[0].recipient
    language = getattr(person, "language", settings.LANGUAGE_CODE)
    with translation.override(language):
        count = len(notices)
        title = ngettext("%(count)s unread notice", "%(count)s unread notices", count) % {"count": count}
        entries = [mails.Entry(*wording(notice), notice.path) for notice in notices]
        return mails.build(
            to=person.email,
            subject=f"{title} · {digest.digest_day}",
            heading=title,
            body="",
            link="/notifications/?unread=1",
            action=ngettext("Open the notice", "Open the notices", count),
            language=language,
            reference=str(digest.uuid),
            entries=entries,
            footer=why(),
        )
