"""The office looks for a listing and proposes it for a need."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from matching.models import Match
from matching.review_forms import NominationForm
from matching.services.nominating import match_nominate
from platforms.models import Capability
from platforms.search import Search, find_capabilities
from requests.models import Need
from requests.records import condition_record
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput


@workspace_page(Role.ZONE_ADMIN)
def nominate(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """`?q=` looks for published listings; a POST nominates `capability` for the need with a `note`."""
    need = get_object_or_404(Need.objects.visible_to(actor).select_related("zone", "organization"), number=number)
    if request.method != "POST":
        return _page(request, need)
    form = NominationForm(request.POST)
    capability = form.is_valid() and Capability.objects.published().filter(uuid=form.cleaned_data["capability"]).first()
    if not capability:
        return _page(request, need, InvalidInput(_("Choose a listing first.")))
    try:
        match_nominate(actor=actor, need=need, capability=capability, note=form.cleaned_data["note"])
    except DomainError as refusal:
        return _page(request, need, refusal)
    words = {"name": capability.name, "number": need.number}
    messages.success(request, _("%(name)s is nominated for %(number)s and waits for review.") % words)
    return redirect(f"/park/review/?kind=match&column=new&view=list#{need.number}")


def _page(request: HttpRequest, need: Need, refusal: DomainError | None = None) -> HttpResponse:
    words = request.POST.get("q", "") or request.GET.get("q", "")
    context: dict[str, Any] = {
        "need": need,
        "q": words,
        "note": request.POST.get("note", ""),
        "chosen": request.POST.get("capability", ""),
        "records": [condition_record(row) for row in need.conditions.all()],
    }
    if words.strip():
        rows = find_capabilities(Search(words=words)).select_related("platform__organization")
        context |= listed(request, rows)
        taken = Match.objects.filter(need=need, capability__in=[row.pk for row in context["page"]])
        context["taken"] = set(taken.exclude(status="withdrawn").values_list("capability_id", flat=True))
    return show(request, "matching/park_nominate.html", context, refusal)
