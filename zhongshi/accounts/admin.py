"""Accounts in the superuser's admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import Membership, Organization, User, Zone


class MembershipInline(admin.StackedInline[Any, Any]):
    model = Membership
    autocomplete_fields = ["organization"]


@admin.register(User)
class MemberAdmin(UserAdmin[User]):
    inlines = [MembershipInline]
    list_select_related = ["membership__organization"]


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin[Organization]):
    list_display = ["name", "kind", "zone", "region"]
    list_filter = ["kind", "zone"]
    list_select_related = ["zone"]
    search_fields = ["name", "credit_code"]
    show_full_result_count = False


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin[Zone]):
    list_display = ["code", "name", "approves_itself", "approval_score"]
