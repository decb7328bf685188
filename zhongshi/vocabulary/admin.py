"""The words of the trade in the superuser's admin; what is changed here survives the next load of the files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Synonym, Term


class SynonymInline(admin.TabularInline[Synonym, Term]):
    model = Synonym
    extra = 1
    fields = ["form", "language", "source"]


@admin.register(Term)
class TermAdmin(admin.ModelAdmin[Term]):
    list_display = ["name_zh", "name_en", "kind", "code", "parent", "version", "is_edited"]
    list_filter = ["kind", "is_edited"]
    search_fields = ["name_zh", "name_en", "code"]
    show_full_result_count = False
    readonly_fields = ["is_edited", "updated_at"]
    inlines = [SynonymInline]

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        """Mark the row as edited here, so that the next load of the files keeps it."""
        obj.is_edited = True
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """As `save_model`, for the synonyms."""
        for row in formset.save(commit=False):
            row.is_edited = True
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin[Synonym]):
    list_display = ["form", "term", "language", "is_edited"]
    list_filter = ["is_edited", "language"]
    list_select_related = ["term"]
    search_fields = ["form", "term__name_zh"]
    show_full_result_count = False
    autocomplete_fields = ["term"]
    readonly_fields = ["is_edited", "updated_at"]

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        """Mark the row as edited here."""
        obj.is_edited = True
        super().save_model(request, obj, form, change)
