"""Matches and what led to them in the superuser's admin: to look at, not to move."""

from __future__ import annotations

from django.contrib import admin

from zhongshi.core.admin import ReadOnlyAdmin

from .models import Match, Question, Quote, RulesVersion, ScoringRun


@admin.register(RulesVersion)
class RulesVersionAdmin(ReadOnlyAdmin):
    list_display = ["name", "zone", "note", "is_active", "created_by", "created_at"]
    list_select_related = ["zone", "created_by"]


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
    list_display = ["match", "text", "asked_by", "asked_at", "answered_at"]
    list_select_related = ["match", "asked_by"]


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    list_display = ["match", "amount", "currency", "valid_until", "quoted_by", "quoted_at"]
    list_select_related = ["match", "quoted_by"]
