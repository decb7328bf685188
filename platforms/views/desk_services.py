"""The operator's services: what is listed, how complete it is, and what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platforms.desk.completeness import meter_of
from platforms.desk.gaps import gaps_of
from platforms.enums import FactKind, ListingStatus
from platforms.models import Capability, Platform
from platforms.services.listings import capability_advance, platform_advance
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import listed, workspace_page
from zhongshi.core.errors import DomainError
from zhongshi.core.fragments import page_or_part

_MOVES = {
    "submit": ListingStatus.SUBMITTED,
    "suspend": ListingStatus.SUSPENDED,
    "resume": ListingStatus.PUBLISHED,
}
SORTS = {"position": ("platform_id", "position", "pk"), "name": ("name", "pk"), "changed": ("-updated_at", "pk")}


@workspace_page(Role.OPERATOR)
@require_safe
def service_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own services with status and completeness; `?status=` and `?sort=` narrow and order them."""
    rows = Capability.objects.visible_to(actor).filter(platform__organization=actor.organization)
    every = list(rows.values_list("pk", flat=True))
    status, sort = request.GET.get("status", ""), request.GET.get("sort", "position")
    sort = sort if sort in SORTS else "position"
    shown = rows.filter(status=status) if status in ListingStatus.values else rows
    page = listed(request, shown.select_related("platform").prefetch_related("facts").order_by(*SORTS[sort]))
    context: dict[str, Any] = page | {
        "actor": actor,
        "services": [(row, meter_of(row)) for row in page["page"]],
        "platforms": Platform.objects.visible_to(actor).filter(organization=actor.organization),
        "report": gaps_of(every),
        "count": len(every),
        "statuses": ListingStatus.choices,
        "status": status if status in ListingStatus.values else "",
        "sort": sort,
    }
    return page_or_part(request, "platforms/desk/services.html", "platforms/desk/services_part.html", context)


@workspace_page(Role.OPERATOR)
@require_POST
def service_move(request: HttpRequest, actor: Actor, uuid: UUID, move: str) -> HttpResponse:
    """Submit a service, suspend it, resume it."""
    row = own_service(actor, uuid)
    _move(request, move, lambda target: capability_advance(actor=actor, capability=row, target=target))
    return redirect("desk-services")


@workspace_page(Role.OPERATOR)
@require_POST
def platform_move(request: HttpRequest, actor: Actor, uuid: UUID, move: str) -> HttpResponse:
    """The same for a platform."""
    row = own_platform(actor, uuid)
    _move(request, move, lambda target: platform_advance(actor=actor, platform=row, target=target))
    return redirect("desk-services")


def _move(request: HttpRequest, move: str, advance: Any) -> None:
    if move not in _MOVES:
        raise Http404
    try:
        advance(_MOVES[move])
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return
    told = {
        "submit": _("Submitted. The zone's office reviews it and tells you."),
        "suspend": _("Suspended: it is not on the list and gets no leads until you resume it."),
        "resume": _("On the list again."),
    }
    messages.success(request, told[move])


def own_service(actor: Actor, uuid: UUID) -> Capability:
    """One's own service with its facts and devices; 404 for anybody else's."""
    rows = Capability.objects.visible_to(actor).filter(platform__organization=actor.organization)
    rows = rows.select_related("platform__zone").prefetch_related("facts", "equipment")
    row: Capability = get_object_or_404(rows, uuid=uuid)
    return row


def own_platform(actor: Actor, uuid: UUID) -> Platform:
    """One's own platform; 404 for anybody else's."""
    rows = Platform.objects.visible_to(actor).filter(organization=actor.organization).select_related("zone")
    row: Platform = get_object_or_404(rows, uuid=uuid)
    return row


def answered_facts(row: Capability) -> list[Any]:
    """What was answered to leads and stands in the service: newest first, phrases aside."""
    facts = [fact for fact in row.facts.all() if fact.source == "answered" and fact.kind != FactKind.PHRASE]
    return sorted(facts, key=lambda fact: fact.source_date, reverse=True)
