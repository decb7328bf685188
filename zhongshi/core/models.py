"""Ground floor of the tables: statuses with their log, the outbox, notices, the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

import uuid6
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .audit_models import AuditSeal as AuditSeal


class PublicId(models.Model):
    """A row that appears in URLs: opaque, time-ordered, and not a counter that gives away how many there are."""

    uuid = models.UUIDField(_("public id"), default=uuid6.uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


class Stateful(PublicId):
    """A row with a life. `TRANSITIONS` says which status may follow which; only `transitions.advance` moves it."""

    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {}

    status = models.CharField(_("status"), max_length=20)
    status_changed_at = models.DateTimeField(_("status changed at"), null=True, blank=True)

    class Meta:
        abstract = True


class AuditEntry(models.Model):
    """Who did what to which row, when and why. Status moves carry from and to. Never changed, never deleted.

    No foreign key to the row: a deletion elsewhere must not reach the trail.
    """

    at = models.DateTimeField(_("time"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_entries",
    )
    zone_code = models.CharField(_("zone"), max_length=20, blank=True)
    action = models.CharField(_("action"), max_length=40)
    object_kind = models.CharField(_("object kind"), max_length=30)
    object_id = models.UUIDField(_("object"))
    from_status = models.CharField(_("from"), max_length=20, blank=True)
    to_status = models.CharField(_("to"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)
    detail: models.JSONField[Any, Any] = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_object"),
            models.Index(fields=["zone_code", "-id"], name="audit_zone"),
        ]


class OutboxEvent(models.Model):
    """Work that is owed. Written in the transaction of its cause; it lives until its effect is committed."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        LEASED = "leased", _("leased")
        DONE = "done", _("done")
        DEAD = "dead", _("dead")

    topic = models.CharField(_("topic"), max_length=60)
    # The number of the request that caused it, at first or second hand: lines of web and workers are found together.
    cause = models.CharField(_("request"), max_length=64, blank=True, default="", db_default="")
    handler = models.CharField(_("handler"), max_length=100)
    key = models.CharField(_("key"), max_length=200)
    payload: models.JSONField[Any, Any] = models.JSONField(_("payload"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    crashes = models.PositiveIntegerField(_("crashes"), default=0)
    available_at = models.DateTimeField(_("available at"))
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    lease_token = models.UUIDField(_("lease token"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    died_at = models.DateTimeField(_("given up by the service at"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("given up by a person at"), null=True, blank=True)

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        constraints = [
            models.UniqueConstraint(fields=["handler", "key"], name="outbox_once_per_handler"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "leased", "done", "dead"]), name="outbox_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="leased", lease_until__isnull=False, lease_token__isnull=False)
                | ~models.Q(state="leased"),
                name="outbox_leased_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(dismissed_at__isnull=True) | models.Q(state="dead"), name="outbox_dismissed_is_dead"
            ),
        ]
        indexes = [
            models.Index(fields=["handler", "-id"], name="outbox_dead", condition=models.Q(state="dead")),
            models.Index(
                fields=["available_at", "id"],
                name="outbox_due",
                condition=models.Q(state__in=["pending", "leased"]),
            ),
        ]


class Pulse(models.Model):
    """When something that should run all the time last ran: a fact in the database, not a guess of the broker's."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return self.name


class Notification(PublicId):
    """A notice in somebody's in-box. A row of the transaction that caused it, hence exactly once."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    event = models.CharField(_("event"), max_length=40)
    params: models.JSONField[Any, Any] = models.JSONField(_("parameters"), default=dict)
    path = models.CharField(_("link"), max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_recipient"),
            models.Index(fields=["recipient"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]


class Channel(models.TextChoices):
    """Ways out of the house, each switched by the person; the page itself is always told."""

    MAIL = "mail", _("E-mail")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    WEBHOOK = "webhook", _("Webhook (JSON)")


class NoticeSettings(models.Model):
    """What one person wants to be told outside the page. Nobody needs a row: without one everything goes out at once.

    `muted` holds "channel:event": what somebody switched off, so that a new event is on until somebody objects.
    Times are those of the installation's zone (Asia/Shanghai).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings")
    muted: models.JSONField[Any, Any] = models.JSONField(_("switched off"), default=list, blank=True)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily mail"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice settings")
        verbose_name_plural = _("notice settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest_hour__isnull=True) | models.Q(digest_hour__lte=23), name="digest_hour_of_day"
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        ]


class Robot(PublicId):
    """Where an organization's notices go beside mail: a group robot's webhook, or a program of its own.

    Address and secret are what lets one write there: they are never shown again, logged or exported.
    """

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="robots")
    kind = models.CharField(_("kind"), max_length=10, choices=Channel.choices[1:])
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("robot")
        verbose_name_plural = _("robots")
        constraints = [models.CheckConstraint(condition=~models.Q(kind="mail"), name="robot_is_not_mail")]

    def __str__(self) -> str:
        return self.name


class Delivery(PublicId):
    """One notice on its way through one channel, and what became of it. `key` keeps it from being owed twice.

    A notice for the daily mail is `collected`; the mail itself is a row too, with `digest_day` and no notice.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        COLLECTED = "collected", _("for the daily mail")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, will be tried again")
        DEAD = "dead", _("given up")
        DROPPED = "dropped", _("not needed any more")

    key = models.CharField(max_length=250, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    robot = models.ForeignKey(Robot, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries")
    digest = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="collected")
    digest_day = models.DateField(_("day of the daily mail"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "collected", "sent", "failed", "dead", "dropped"]),
                name="delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="delivery_recipient"),
            models.Index(fields=["robot", "-id"], name="delivery_robot"),
            models.Index(
                fields=["recipient", "digest_day"], name="delivery_collected", condition=models.Q(state="collected")
            ),
        ]
