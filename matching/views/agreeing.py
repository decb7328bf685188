"""The enterprise answers those who signed for its confidential need: let them read, say no, end it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.services.signing import agreement_decide
from requests.enums import AgreementStatus
from requests.models import Agreement, Need
from requests.views.frame import workspace_page
from requests.views.needs import need_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError


@workspace_page(Role.ENTERPRISE)
@require_POST
def agreement_act(request: HttpRequest, actor: Actor, number: str, agreement_id: UUID) -> HttpResponse:
    """`verdict` allow, refuse or revoke."""
    need = get_object_or_404(
        Need.objects.visible_to(actor).select_related("organization", "zone", "created_by"), number=number
    )
    rows = Agreement.objects.visible_to(actor).filter(need=need).select_related("need", "organization")
    agreement = get_object_or_404(rows, uuid=agreement_id)
    try:
        agreement = agreement_decide(actor=actor, agreement=agreement, verdict=request.POST.get("verdict", ""))
    except DomainError as refusal:
        return need_page(request, actor, need, refusal)
    words = {"name": agreement.organization.name}
    if agreement.status == AgreementStatus.ACTIVE:
        messages.success(request, _("%(name)s may read the full text now.") % words)
    else:
        messages.success(request, _("%(name)s reads nothing further; what it has read stays in the record.") % words)
    return redirect("needs:detail", number=number)
