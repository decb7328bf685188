"""Accounts in the superuser's admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import Membership, Organization, User, Zone
from .views.signing import admin_door


class MembershipInline(admin.StackedInline[Any, Any]):
    model = Membership
    autocomplete_fields = ["organization"]


@admin.register(User)
class MemberAdmin(UserAdmin[User]):
    inlines = [MembershipInline]
    fieldsets = (*(UserAdmin.fieldsets or ()), (None, {"fields": ["language", "external_id"]}))
    list_select_related = ["membership__organization"]


# One door, with codes where they are on; the form of the admin itself would let people past them.
admin.site.login = admin_door  # type: ignore[method-assign]


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin[Organization]):
    list_display = ["name", "kind", "status", "zone", "region"]
    list_filter = ["status", "kind", "zone"]
    readonly_fields = ["status", "status_changed_at"]
    list_select_related = ["zone"]
    search_fields = ["name", "credit_code"]
    show_full_result_count = False


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin[Zone]):
    list_display = ["code", "name", "approves_itself", "approval_score"]
