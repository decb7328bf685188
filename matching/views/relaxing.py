"""From the result page: relax one condition and look again, take that back, ask the zone's office for help."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.services.inquiring import help_ask
from matching.services.relaxing import need_relax, need_restore
from requests.views.frame import workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError

from .needs import BOTH, need_of
from .result import show_result


@workspace_page(*BOTH)
@require_POST
def relax(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Write a revision with the proposed change, which is scored at once; a stale page is told so."""
    need = need_of(actor, number)
    try:
        need_relax(actor=actor, need=need, revision=_revision(request), proposal=request.POST.get("proposal", ""))
    except DomainError as refusal:
        return show_result(request, actor, need_of(actor, number), refusal)
    messages.success(request, _("Relaxed and being matched again. Answers and quotes you have stay as they are."))
    return redirect("matching:result", number=number)


@workspace_page(*BOTH)
@require_POST
def restore(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take the newest change of one condition back."""
    need = need_of(actor, number)
    try:
        need_restore(actor=actor, need=need, revision=_revision(request))
    except DomainError as refusal:
        return show_result(request, actor, need_of(actor, number), refusal)
    messages.success(request, _("As it was before, and being matched again."))
    return redirect("matching:result", number=number)


@workspace_page(Role.ENTERPRISE)
@require_POST
def ask_help(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Ask the zone's office to look for a platform by hand."""
    need = need_of(actor, number)
    try:
        is_first = help_ask(actor=actor, need=need)
    except DomainError as refusal:
        return show_result(request, actor, need, refusal)
    messages.success(request, _("The zone office has been asked.") if is_first else _("It has been asked already."))
    return redirect("matching:result", number=number)


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0
