"""Matches and what led to them in the superuser's admin: to look at, not to move."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from requests.disclosure import is_confidential
from zhongshi.core.admin import ReadOnlyAdmin

from .models import LearnedForm, Match, Question, Quote, RulesVersion, ScoringRun


@admin.register(RulesVersion)
class RulesVersionAdmin(ReadOnlyAdmin):
    list_display = ["name", "zone", "note", "is_active", "created_by", "created_at"]
    list_select_related = ["zone", "created_by"]


@admin.register(LearnedForm)
class LearnedFormAdmin(admin.ModelAdmin[LearnedForm]):
    """What may be changed is whether the synonym is refused."""

    list_display = ["form", "kind", "value", "listings", "together", "is_refused"]
    list_filter = ["kind", "is_refused"]
    search_fields = ["form", "value"]
    show_full_result_count = False
    fields = ["kind", "form", "value", "listings", "together", "is_refused"]
    readonly_fields = ["kind", "form", "value", "listings", "together"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LearnedForm | None = None) -> bool:
        return False


@admin.register(ScoringRun)
class ScoringRunAdmin(ReadOnlyAdmin):
    list_display = ["need", "revision", "rules_version", "engine_version", "candidates", "duration_ms", "scored_at"]
    list_select_related = ["need"]
    search_fields = ["need__number"]


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ["need", "capability", "rank", "score", "status", "answer_due_at", "answered_at"]
    list_filter = ["status"]
    list_select_related = ["need", "capability"]
    search_fields = ["need__number", "capability__name"]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["match", "said", "asked_by", "asked_at", "answered_at"]
    list_select_related = ["match__need", "asked_by"]

    @admin.display(description=_("question"))
    def said(self, question: Question) -> str:
        """The question, unless it is about a confidential need."""
        return "…" if is_confidential(question.match.need) else question.text

    def get_exclude(self, request: HttpRequest, obj: Question | None = None) -> list[str]:
        """Its page keeps back what both sides write to each other about a confidential need."""
        return ["text", "answer"] if obj is not None and is_confidential(obj.match.need) else []


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    list_display = ["match", "amount", "currency", "valid_until", "quoted_by", "quoted_at"]
    list_select_related = ["match", "quoted_by"]
