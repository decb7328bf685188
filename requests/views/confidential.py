"""What people do about a confidential need on its page: state a reason, set terms; and the zone's agreement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests.agreement_words import standard_words, zone_words
from requests.models import AgreementText, Need
from requests.services.disclosing import reason_give
from requests.services.terms import agreement_text_save, need_terms_save
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError

from .disclosed import reader_of
from .frame import show, workspace_page
from .needs import need_page


def _need(actor: Actor, number: str) -> Need:
    rows = Need.objects.visible_to(actor).select_related("organization", "zone", "created_by")
    return get_object_or_404(rows, number=number)


@workspace_page(Role.ZONE_ADMIN)
@require_POST
def need_reason(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Say why the office opens a confidential need; then its page shows it, and the record says that it did."""
    need, reason = _need(actor, number), request.POST.get("reason", "")
    try:
        reason_give(reader=reader_of(request, actor), need=need, reason=reason)
    except DomainError as refusal:
        return need_page(request, actor, need, refusal, reason=reason)
    return redirect("needs:detail", number=number)


@workspace_page(Role.ENTERPRISE)
@require_POST
def need_terms(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Keep the enterprise's own terms, and whether it is asked before each disclosure."""
    need = _need(actor, number)
    asks_first, own_text = request.POST.get("asks_first") == "on", request.POST.get("own_text", "")
    own_text = own_text.replace("\r\n", "\n")
    try:
        need_terms_save(actor=actor, need=need, asks_first=asks_first, own_text=own_text)
    except DomainError as refusal:
        return need_page(request, actor, need, refusal, asks_first=asks_first, own_text=own_text)
    messages.success(request, _("Saved. It holds for those who sign from now on."))
    return redirect("needs:detail", number=number)


@workspace_page(Role.ZONE_ADMIN)
def agreement_text(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The text operators of the zone sign, with its older versions; a POST puts the zone's own in force."""
    versions = list(AgreementText.objects.filter(zone=actor.zone).select_related("zone", "created_by"))
    seen = versions[0].number if versions else 0
    current = zone_words(actor.zone.pk)
    typed = {"chinese": current.chinese, "english": current.english, "seen": seen}
    context = {"current": current, "standard": standard_words(), "versions": versions, "typed": typed}
    if request.method != "POST":
        return show(request, "requests/agreement_text.html", context)
    sent = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("chinese", "english")}
    known = request.POST.get("seen", "")
    try:
        row = agreement_text_save(actor=actor, **sent, seen=int(known) if known.isdecimal() else -1)
    except DomainError as refusal:
        return show(request, "requests/agreement_text.html", context | {"typed": {**sent, "seen": seen}}, refusal)
    messages.success(request, _("%(version)s is in force for whoever signs from now on.") % {"version": row})
    return redirect("needs:agreement")
