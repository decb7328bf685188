"""The sheet of a platform itself: who runs it, where it is, which chains it serves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from platforms.desk_forms import PlatformForm, head_of
from platforms.models import Platform
from platforms.services.editing import PlatformEntry, platform_save, platform_seen
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import workspace_page
from zhongshi.core.errors import DomainError, InvalidInput

from .desk_services import own_platform


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def platform_edit(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """One's own platform."""
    return _answer(request, actor, own_platform(actor, uuid))


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def platform_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new platform of one's organization."""
    return _answer(request, actor, None)


def _answer(request: HttpRequest, actor: Actor, row: Platform | None) -> HttpResponse:
    if request.method != "POST":
        stored = {**head_of(row), "seen": platform_seen(row)} if row else {"operator_name": actor.organization.name}
        return _show(request, row, PlatformForm(initial=stored, platform=row))
    form = PlatformForm(request.POST, platform=row)
    if not form.is_valid():
        return _show(request, row, form, InvalidInput())
    entered = form.cleaned_data
    entry = PlatformEntry(head=form.head(), url=entered["source_url"], is_confirmed=entered["is_confirmed"])
    try:
        saved = platform_save(actor=actor, platform=row, entry=entry, seen=entered["seen"])
    except DomainError as refusal:
        return _show(request, row, _again(request, actor, row, refusal), refusal)
    messages.success(request, _("Saved."))
    return redirect("desk-platform", uuid=saved.uuid)


def _again(request: HttpRequest, actor: Actor, row: Platform | None, refusal: DomainError) -> PlatformForm:
    """The form as typed; after somebody else's change it is held against what stands there now from here on."""
    sent = request.POST.copy()
    if refusal.code == "lost_race" and row is not None:
        sent["seen"] = platform_seen(own_platform(actor, row.uuid))
    return PlatformForm(sent, platform=row)


def _show(
    request: HttpRequest, row: Platform | None, form: PlatformForm, refusal: DomainError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"platform": row, "form": form, "refusal": None if form.errors else refusal}
    return render(request, "platforms/desk/platform.html", context, status=refusal.status if refusal else 200)
