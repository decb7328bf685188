"""One campaign as its zone's office sees it: its needs, how far they came, and the hand that adds or removes one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.figures import submitted
from matching.statistics.funnels import funnel_of
from requests.models import Campaign, Need
from requests.services.campaigns import campaign_join, campaign_leave
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput


@workspace_page(Role.ZONE_ADMIN)
def campaign_report(request: HttpRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """The report; a POST adds the need `number`, or takes it out with `action=leave`."""
    campaign = get_object_or_404(Campaign.objects.run_by(actor).select_related("zone"), uuid=campaign_id)
    if request.method != "POST":
        return _page(request, campaign)
    number = request.POST.get("number", "").strip()
    need = Need.objects.visible_to(actor).select_related("zone", "campaign").filter(number__iexact=number).first()
    if need is None:
        return _page(request, campaign, InvalidInput(_("No need of your zone has this number.")))
    try:
        _act(actor, campaign, need, is_leaving=request.POST.get("action") == "leave")
    except DomainError as refusal:
        return _page(request, campaign, refusal)
    messages.success(request, _("%(number)s: the campaign is updated.") % {"number": need.number})
    return redirect("matching:campaign", campaign_id=campaign.uuid)


def _act(actor: Actor, campaign: Campaign, need: Need, *, is_leaving: bool) -> None:
    if is_leaving and need.campaign_id != campaign.pk:
        raise InvalidInput(_("This need is not in the campaign."))
    if is_leaving:
        campaign_leave(actor=actor, need=need)
    else:
        campaign_join(actor=actor, need=need, campaign=campaign)


def _page(request: HttpRequest, campaign: Campaign, refusal: DomainError | None = None) -> HttpResponse:
    needs = submitted(campaign.zone).filter(campaign=campaign)
    context: dict[str, Any] = listed(request, needs.select_related("organization").order_by("-pk")) | {
        "campaign": campaign,
        "today": timezone.localdate(),
        "funnel": funnel_of(needs),
        "number": request.POST.get("number", "") if refusal else "",
    }
    return show(request, "matching/park_campaign.html", context, refusal)
