"""Ground-floor tables in the superuser's admin: read only. Dead outbox rows have a page of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .models import AuditEntry, Delivery, Notification, OutboxEvent


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


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "channel", "recipient", "robot", "state", "attempts", "problem", "sent_at"]
    list_filter = ["state", "channel"]
    list_select_related = ["recipient", "robot"]


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Every row, to look at. Dead ones are decided about on their own page, which keeps who decided what."""

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
        "page",
    ]
    list_filter = ["state", "topic"]

    @admin.display(description=_("Page"))
    def page(self, event: OutboxEvent) -> str:
        """Lead from a dead row to where it is decided about."""
        if event.state != OutboxEvent.State.DEAD:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("dead-letter", args=[event.pk]), _("Decide"))
