"""The zone office's rules: every version, a form for the next one, and what it would change before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from matching.models import RulesVersion
from matching.preview import preview_rules
from matching.rules_form import RulesForm, input_of, values_of
from matching.selectors import rescored
from matching.services.rules import RulesReplaced, next_name, rules_save
from matching.zone_rules import Change, ZoneRules, changes, rules_in_force, rules_named, rules_of
from requests.views.frame import listed, show, workspace_page
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.core.errors import DomainError, InvalidInput


@dataclass(frozen=True, slots=True)
class Version:
    """A version with what it changed."""

    rules: ZoneRules
    changes: list[Change]


@workspace_page(Role.ZONE_ADMIN)
@require_GET
def rules_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The versions that may rank in this zone, newest first, and which one does."""
    rows = RulesVersion.objects.visible_to(actor).select_related("replaced", "created_by").order_by("-number")
    context = listed(request, rows)
    context["versions"] = [_version(rules_of(row, actor.zone), actor) for row in context["page"]]
    context |= {"in_force": rules_in_force(actor.zone), "built_in": rules_of(None, actor.zone)}
    return show(request, "matching/rules_list.html", context)


@workspace_page(Role.ENTERPRISE, Role.ZONE_ADMIN)
@require_GET
def rules_version(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """What one version weighs; who saved it and why is the office's affair."""
    rules = rules_named(name, actor.zone)
    if rules is None:
        raise Http404
    in_force = rules_in_force(actor.zone)
    context: dict[str, Any] = {"version": _version(rules, actor), "is_in_force": rules.name == in_force.name}
    if actor.is_zone_admin:
        context["rescored"] = rescored(actor.zone, rules.name)
    return show(request, "matching/rules_version.html", context)


@workspace_page(Role.ZONE_ADMIN)
def rules_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; then what it would change; then, from there only, save. Each step is one button and one POST."""
    if request.method != "POST":
        return _form(request, actor, RulesForm(initial=_first_values(request, actor)))
    step = request.POST.get("step")
    if step in {"save", "edit"}:
        return _after_preview(request, actor, step)
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _form(request, actor, form, InvalidInput())
    return _preview(request, actor, form)


def _first_values(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The rules in force, or an older version to start from."""
    in_force = rules_in_force(actor.zone)
    begun = rules_named(request.GET.get("from", ""), actor.zone) or in_force
    return values_of(begun, base=in_force.name)


def _preview(request: HttpRequest, actor: Actor, form: RulesForm) -> HttpResponse:
    before, entered = rules_in_force(actor.zone), form.entered()
    if form.cleaned_data["base"] != before.name:
        return _overtaken(request, actor, form.cleaned_data, RulesReplaced(before))
    after = entered.as_rules()
    found = changes(before, after)
    if not found:
        form.add_error(None, _("These are the rules in force; nothing has changed."))
        return _form(request, actor, form, InvalidInput())
    context = {
        "before": before,
        "changes": found,
        "note": entered.note,
        "preview": preview_rules(actor, before, after),
        "next_name": next_name(),
        "previewed": signing.dumps(form.cleaned_data, salt=_salt(actor)),
    }
    return show(request, "matching/rules_preview.html", context)


def _after_preview(request: HttpRequest, actor: Actor, step: str) -> HttpResponse:
    """Save what was previewed, or go back to it. It comes back signed, so nothing is saved that was not previewed."""
    try:
        values = signing.loads(request.POST.get("previewed", ""), salt=_salt(actor))
        entered = input_of(values)
    except (signing.BadSignature, KeyError):  # KeyError: the engine has learnt a weight since the preview
        refusal = InvalidInput(_("Please preview the rules before you save them."))
        return _form(request, actor, RulesForm(initial=_first_values(request, actor)), refusal)
    if step == "edit":
        return _form(request, actor, RulesForm(initial=values))
    try:
        saved = rules_save(actor=actor, entered=entered, replaces=values["base"])
    except RulesReplaced as refusal:
        return _overtaken(request, actor, values, refusal)
    messages.success(request, _("Saved as %(name)s. Open needs are being scored again.") % {"name": saved.name})
    return redirect("matching:rules-version", name=saved.name)


def _overtaken(request: HttpRequest, actor: Actor, values: Mapping[str, Any], refusal: RulesReplaced) -> HttpResponse:
    """The form as it was filled in, with what the other has changed; from now on compared with the other's."""
    seen = rules_named(values["base"], actor.zone)
    theirs = changes(seen, refusal.now) if seen else []
    form = RulesForm(initial={**values, "base": refusal.now.name})
    return _form(request, actor, form, refusal, {"overtaken_by": refusal.now, "theirs": theirs})


def _form(
    request: HttpRequest,
    actor: Actor,
    form: RulesForm,
    refusal: DomainError | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "in_force": rules_in_force(actor.zone), **(more or {})}
    return show(request, "matching/rules_form.html", context, refusal)


def _version(rules: ZoneRules, actor: Actor) -> Version:
    """A saved version with what differs from the one it replaced; the engine's own differs from nothing."""
    if rules.saved is None:
        return Version(rules, [])
    return Version(rules, changes(rules_of(rules.saved.replaced, actor.zone), rules))


def _salt(actor: Actor) -> str:
    return f"rules:{actor.user.pk}:{actor.zone.code}"
