"""Needs in the superuser's admin. Status, revision and audit fields show the truth and are not edited here.

A confidential need opens with a reason, as in the zone's office, and its readings are recorded.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.models import User
from zhongshi.accounts.throttles import address_of
from zhongshi.core.admin import ReadOnlyAdmin
from zhongshi.core.errors import DomainError

from .disclosure import Reader, is_confidential, listed_name
from .enums import Medium
from .models import Agreement, AgreementText, Condition, Disclosure, Need, NeedRevision
from .services.disclosing import need_disclose, reason_give, reason_of

_KEPT_BY_SERVICES = ["number", "status", "status_changed_at", "revision", "created_by", "created_at", "updated_at"]
_OF_CONDITION = ("position", "kind", "op", "is_hard", "value", "quantity", "low", "high", "unit", "text", "origin")
_OF_REVISION = ("number", "title", "created_by", "created_at")
_WORDS = frozenset({"title", "text", "extra"})


def _is_closed(request: HttpRequest, need: Need | None) -> bool:
    """Whether the need's words are kept back from this person: no reason was given."""
    return need is not None and is_confidential(need) and not reason_of(cast("User", request.user), need)


class _WordsWithReason(admin.TabularInline[Any, Need]):
    """An inline that leaves its columns of words out while its need is closed."""

    _all: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Need | None = None) -> list[Any]:
        closed = _is_closed(request, obj)
        return [name for name in self._all if not (closed and name in _WORDS)]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConditionInline(_WordsWithReason):
    model = Condition
    extra = 0
    _all = _OF_CONDITION
    readonly_fields = _OF_CONDITION
    can_delete = False


class RevisionInline(_WordsWithReason):
    model = NeedRevision
    extra = 0
    _all = _OF_REVISION
    readonly_fields = _OF_REVISION
    can_delete = False


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin[Need]):
    """A need is posted, edited and moved by its services; here the words around it may be mended."""

    list_display = ["number", "called", "organization", "zone", "status", "revision", "updated_at"]
    list_filter = ["status", "visibility", "zone"]
    list_select_related = ["organization", "zone"]
    # No title: a hit in a confidential one would tell what stands in it.
    search_fields = ["number", "external_id", "organization__name"]
    show_full_result_count = False
    autocomplete_fields = ["organization"]
    # Nor the visibility: whoever changed that here would open a confidential need without a word.
    readonly_fields = [*_KEPT_BY_SERVICES, "title", "text", "visibility"]
    inlines = [ConditionInline, RevisionInline]

    @admin.display(description=_("title"))
    def called(self, need: Need) -> str:
        """The title, unless it is confidential."""
        return listed_name(need)

    def get_fields(self, request: HttpRequest, obj: Need | None = None) -> list[Any]:
        closed = _is_closed(request, obj)
        return [name for name in super().get_fields(request, obj) if not (closed and name in _WORDS)]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The need's form; `_read` states the reason that opens a confidential one."""
        need = self.get_object(request, object_id)
        if need is None or not is_confidential(need) or not self.has_view_permission(request, need):
            return super().change_view(request, object_id, form_url, extra_context)
        reader = Reader(cast("User", request.user), None, Medium.ADMIN, address_of(request))
        if "_read" in request.POST:
            return self._give_reason(request, reader, need)
        need_disclose(reader=reader, need=need)
        closed = {"is_closed": _is_closed(request, need)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **closed})

    def _give_reason(self, request: HttpRequest, reader: Reader, need: Need) -> HttpResponse:
        try:
            reason_give(reader=reader, need=need, reason=request.POST.get("reading_reason", ""))
        except DomainError as refusal:
            complaints = (refusal.errors or {}).get("reason", [refusal.detail])
            messages.error(request, " ".join(str(one) for one in complaints))
        return HttpResponseRedirect(request.path)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ["need", "organization", "typed_name", "signed_at", "version", "status"]
    list_filter = ["status"]
    list_select_related = ["need", "organization"]
    search_fields = ["need__number", "organization__name"]


@admin.register(AgreementText)
class AgreementTextAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "zone", "number", "created_by", "created_at"]
    list_select_related = ["zone", "created_by"]


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ["at", "need", "user", "organization", "stage", "medium", "revision", "address"]
    list_filter = ["stage", "medium"]
    list_select_related = ["need", "user", "organization"]
    search_fields = ["need__number", "organization__name"]
