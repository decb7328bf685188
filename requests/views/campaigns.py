"""Campaigns: the public list and pages, and the office's list and form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from requests.campaign_forms import CampaignForm, first_values
from requests.enums import NeedStatus
from requests.models import Campaign, Need
from requests.services.campaigns import campaign_join, campaign_save
from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput

from .frame import listed, show, workspace_page

_STATES = ("open", "coming", "past")


def _counted(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """With how many needs were handed in."""
    handed_in = ~Q(needs__status=NeedStatus.DRAFT) & Q(needs__isnull=False)
    return rows.select_related("zone").annotate(number=Count("needs", filter=handed_in))


@login_not_required
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Public campaigns; `?state=open|coming|past` narrows."""
    today, state = timezone.localdate(), request.GET.get("state", "")
    rows = _counted(Campaign.objects.filter(is_public=True)).order_by("-closes_on", "-pk")
    narrowed = {
        "open": Q(opens_on__lte=today, closes_on__gte=today),
        "coming": Q(opens_on__gt=today),
        "past": Q(closes_on__lt=today),
    }
    if state in narrowed:
        rows = rows.filter(narrowed[state])
    context = listed(request, rows) | {"today": today, "state": state if state in narrowed else "", "states": _STATES}
    return show(request, "requests/campaign_list.html", context)


@login_not_required
@require_safe
def campaign_page(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign: what is wanted, until when, and the way to post into it."""
    actor = actor_of(request.user)
    campaign = get_object_or_404(_counted(Campaign.objects.visible_to(actor)), uuid=campaign_id)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "campaign": campaign,
        "today": today,
        "is_open": campaign.is_open_on(today),
        "is_own_zone": actor is not None and actor.zone.pk == campaign.zone_id,
        "may_post": actor is None or actor.role == Role.ENTERPRISE,
        "may_run": actor is not None and actor.is_zone_admin and actor.zone.pk == campaign.zone_id,
    }
    return render(request, "requests/campaign.html", context)


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def zone_campaigns(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The zone's own campaigns with how many needs each has."""
    rows = _counted(Campaign.objects.run_by(actor)).order_by("-opens_on", "-pk")
    return show(request, "requests/park_campaigns.html", listed(request, rows) | {"today": timezone.localdate()})


@workspace_page(Role.ZONE_ADMIN)
def campaign_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form of a new campaign."""
    return _form(request, actor, None)


@workspace_page(Role.ZONE_ADMIN)
def campaign_edit(request: HttpRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """The form of one of the zone's campaigns."""
    return _form(request, actor, get_object_or_404(Campaign.objects.run_by(actor), uuid=campaign_id))


def _form(request: HttpRequest, actor: Actor, campaign: Campaign | None) -> HttpResponse:
    template = "requests/campaign_form.html"
    if request.method != "POST":
        return show(request, template, {"form": CampaignForm(initial=first_values(campaign)), "campaign": campaign})
    form = CampaignForm(request.POST)
    context = {"form": form, "campaign": campaign}
    if not form.is_valid():
        return show(request, template, context, InvalidInput())
    try:
        saved = campaign_save(actor=actor, entered=form.entered(), campaign=campaign)
    except DomainError as refusal:
        for name, complaints in (refusal.errors or {}).items():
            form.add_error(name, [str(complaint) for complaint in complaints])
        return show(request, template, context, refusal)
    messages.success(request, _("%(title)s is saved.") % {"title": saved.shown_title})
    return redirect("matching:campaign", campaign_id=saved.uuid)


def campaign_asked(request: HttpRequest, actor: Actor) -> Campaign | None:
    """The open campaign of the actor's zone that the address of the posting page names, or None."""
    try:
        wanted = UUID(request.GET.get("campaign", ""))
    except ValueError:
        return None
    return Campaign.objects.open_on(timezone.localdate()).filter(uuid=wanted, zone=actor.zone).first()


def join_asked(request: HttpRequest, actor: Actor, need: Need) -> None:
    """Put a need that was just stored into the campaign it was posted for; a campaign closed meanwhile is said."""
    if not request.GET.get("campaign"):
        return
    campaign = campaign_asked(request, actor)
    if campaign is None:
        messages.warning(request, _("The campaign takes no needs any more; your need stands by itself."))
        return
    campaign_join(actor=actor, need=need, campaign=campaign)
