"""Shapes of tokens, notices and audit rows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from zhongshi.core.models import AuditEntry, Notification
from zhongshi.core.notifications import wording
from zhongshi.core.shapes import StrictSerializer


class Credentials(StrictSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20,
        required=False,
        help_text="One-time code or recovery code; needed where the account has one-time codes switched on.",
    )


class TokenBody(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer <token>`.")


class NotificationBody(serializers.Serializer[Notification]):
    """A notice in the reader's language."""

    id = serializers.UUIDField(source="uuid")
    event = serializers.CharField()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    path = serializers.CharField(help_text="The page it is about.")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_title(self, row: Notification) -> str:
        """One line."""
        return wording(row)[0]

    def get_body(self, row: Notification) -> str:
        """The whole message."""
        return wording(row)[1]


class AuditBody(serializers.Serializer[AuditEntry]):
    """Who did what to which row, when and why. `actor` null: the service itself."""

    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor.username", default=None, allow_null=True)
    action = serializers.CharField()
    object_kind = serializers.CharField()
    object_id = serializers.UUIDField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()
    note = serializers.CharField()
    detail = serializers.DictField()
