"""The words of the trade in the superuser's admin; what is changed here survives the next load of the files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from uuid6 import uuid7

from .models import Synonym, Term, UnknownWord
from .words import vocabulary_report


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
        """Mark the row as edited here, so that the next load keeps it; what holds its names is read anew."""
        obj.is_edited = True
        super().save_model(request, obj, form, change)
        _report([obj.name_zh, obj.name_en])

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        """Take the term out with its names, and have what holds them read anew."""
        forms = [obj.name_zh, obj.name_en, *obj.synonyms.values_list("form", flat=True)]
        super().delete_model(request, obj)
        _report(forms)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Terms go one by one: each takes its names along, and what holds them is read anew."""
        return {}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """As `save_model`, for the synonyms."""
        changed = formset.save(commit=False)
        for row in changed:
            row.is_edited = True
            row.save()
        forms = [row.form for row in (*changed, *formset.deleted_objects)]
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()
        _report(forms)


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
        """Mark the row as edited here; listings and needs that hold the form are read anew."""
        obj.is_edited = True
        super().save_model(request, obj, form, change)
        _report([obj.form])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        """As `delete_model`, for several."""
        forms = list(queryset.values_list("form", flat=True))
        super().delete_queryset(request, queryset)
        _report(forms)

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        """Take the form out, and have what holds it read anew."""
        super().delete_model(request, obj)
        _report([obj.form])


@admin.register(UnknownWord)
class UnknownWordAdmin(admin.ModelAdmin[UnknownWord]):
    """To look at; decisions are made in the zone office's pages, which keep them undoable."""

    list_display = ["word", "status", "seen_in_needs", "seen_in_listings", "last_seen_at", "term", "decided_zone"]
    list_filter = ["status"]
    list_select_related = ["term"]
    search_fields = ["word", "folded"]
    ordering = ["-seen_in_listings", "-seen_in_needs", "word"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UnknownWord | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UnknownWord | None = None) -> bool:
        return False


def _report(forms: list[str]) -> None:
    # The admin saves within one transaction, so the event is there exactly if the change is.
    if any(forms):
        vocabulary_report(forms=[form for form in forms if form], key=f"admin:{uuid7()}")
