"""Needs in the superuser's admin. Status, revision and audit fields show the truth and are not edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Condition, Need, NeedRevision

_KEPT_BY_SERVICES = ["number", "status", "status_changed_at", "revision", "created_by", "created_at", "updated_at"]
_OF_CONDITION = ("position", "kind", "op", "is_hard", "value", "quantity", "low", "high", "unit", "text", "origin")
_OF_REVISION = ("number", "title", "created_by", "created_at")


class ConditionInline(admin.TabularInline[Condition, Need]):
    model = Condition
    extra = 0
    fields = _OF_CONDITION
    readonly_fields = _OF_CONDITION
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionInline(admin.TabularInline[NeedRevision, Need]):
    model = NeedRevision
    extra = 0
    fields = _OF_REVISION
    readonly_fields = _OF_REVISION
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin[Need]):
    """A need is posted, edited and moved by its services; here the words around it may be mended."""

    list_display = ["number", "title", "organization", "zone", "status", "revision", "updated_at"]
    list_filter = ["status", "visibility", "zone"]
    list_select_related = ["organization", "zone"]
    search_fields = ["number", "title", "external_id"]
    show_full_result_count = False
    autocomplete_fields = ["organization"]
    readonly_fields = [*_KEPT_BY_SERVICES, "title", "text"]
    inlines = [ConditionInline, RevisionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
