"""Ground floor of the tables: statuses with their log, the outbox, notices, the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

import uuid6
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
        ]
        indexes = [
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
