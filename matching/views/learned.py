"""The zone office's page of what the catalogue taught about words: adopt a synonym, or say it is none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matching.learned import undecided_forms
from matching.models import LearnedForm
from matching.services.learning import form_adopt, form_refuse
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput


@workspace_page(Role.ZONE_ADMIN)
def learned_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Synonyms the listings teach, the best supported first; posted, it decides about one."""
    if request.method != "POST":
        return _page(request)
    try:
        return _decided(request, actor)
    except DomainError as refusal:
        return _page(request, refusal)


def _decided(request: HttpRequest, actor: Actor) -> HttpResponse:
    wanted, action = request.POST.get("form", ""), request.POST.get("action", "")
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 10
    learned = LearnedForm.objects.filter(pk=int(wanted)).first() if is_number else None
    if learned is None or action not in ("adopt", "refuse", "restore"):
        raise InvalidInput
    if action == "adopt":
        form_adopt(actor=actor, learned=learned)
    else:
        form_refuse(actor=actor, learned=learned, is_refused=action == "refuse")
    messages.success(request, _said(action) % {"form": learned.form, "value": learned.value})
    return redirect("matching:learned")


def _said(action: str) -> str:
    if action == "adopt":
        return _("“%(form)s” is a name of “%(value)s” from now on.")
    if action == "refuse":
        return _("“%(form)s” is not “%(value)s”; it ranks nothing any more.")
    return _("“%(form)s” ranks as “%(value)s” again.")


def _page(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    is_refused = request.GET.get("status") == "refused"
    rows = undecided_forms()
    context = listed(request, rows.filter(is_refused=is_refused))
    tabs = [("", _("used in ranking"), False), ("refused", _("refused"), True)]
    context["tabs"] = [
        (code, label, rows.filter(is_refused=part).count(), part == is_refused) for code, label, part in tabs
    ]
    return show(request, "matching/learned.html", context | {"is_refused": is_refused}, refusal)
