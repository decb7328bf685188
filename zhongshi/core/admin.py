"""Ground-floor tables in the superuser's admin: read only, but dead outbox rows can be revived."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import AuditEntry, Notification, OutboxEvent


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shows the truth and changes none of it."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "object_kind", "object_id", "from_status", "to_status", "note"]
    list_filter = ["action", "object_kind"]
    list_select_related = ["actor"]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "recipient", "event", "read_at"]
    list_select_related = ["recipient"]


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "topic",
        "handler",
        "key",
        "state",
        "attempts",
        "crashes",
        "available_at",
        "last_error",
    ]
    list_filter = ["state", "topic"]
    actions = ["revive"]

    @admin.action(description=_("Try dead rows again"), permissions=["view"])
    def revive(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        """Set dead rows back to pending with a clean count."""
        queryset.filter(state=OutboxEvent.State.DEAD).update(
            state=OutboxEvent.State.PENDING,
            attempts=0,
            crashes=0,
            available_at=timezone.now(),
            dispatched_at=None,
        )
