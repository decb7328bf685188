"""Listings in the superuser's admin. Facts are read and kept by services: here they are shown, not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from zhongshi.core.admin import ReadOnlyAdmin

from .models import Capability, Certificate, Equipment, Fact, FreePeriod, ImportJob, Platform


class ShownInline(admin.TabularInline[Any, Any]):
    """Rows that belong to a listing, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactInline(ShownInline):
    model = Fact
    fields = ["kind", "value", "quantity", "low", "high", "unit", "text", "source", "source_date", "confirmed_at"]


class EquipmentInline(ShownInline):
    model = Equipment
    fields = ["name", "model", "count", "is_bookable"]


class FreePeriodInline(ShownInline):
    model = FreePeriod


class CertificateInline(ShownInline):
    model = Certificate
    fields = ["qualification", "number", "issuer", "valid_from", "valid_until", "status"]


@admin.register(Platform)
class PlatformAdmin(ReadOnlyAdmin):
    """Read only: every change of a listing has to move the catalogue clock, and only the services do."""

    list_display = ["name", "zone", "organization", "country", "region", "status", "is_confirmed", "updated_at"]
    list_filter = ["status", "country", "is_confirmed"]
    list_select_related = ["zone", "organization"]
    search_fields = ["name", "external_id"]
    inlines = [CertificateInline]


@admin.register(Capability)
class CapabilityAdmin(ReadOnlyAdmin):
    list_display = ["name", "platform", "status", "version", "updated_at"]
    list_filter = ["status"]
    list_select_related = ["platform"]
    search_fields = ["name", "external_id"]
    inlines = [FactInline, EquipmentInline, FreePeriodInline]


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "organization", "created_by", "state", "done", "total", "created_at"]
    list_filter = ["state"]
    list_select_related = ["organization", "created_by"]
    exclude = ["rows"]
