"""Registering an organization, and where that stands."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.enums import OrganizationStatus
from zhongshi.accounts.forms.fields import add_refusal
from zhongshi.accounts.forms.registering import OrganizationForm, RegisterForm, organization_form
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.places import region_name
from zhongshi.accounts.services.organizations import organization_resubmit
from zhongshi.accounts.services.registering import registration_confirm, registration_enter, registration_find
from zhongshi.accounts.throttles import RegisterThrottle, is_too_often
from zhongshi.core.errors import DomainError


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form of a registration. Whatever it holds, the answer is the same page: a mail was sent."""
    if request.user.is_authenticated:
        return redirect("workspace")
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if is_too_often(request, RegisterThrottle):
            return render(request, "accounts/register.html", {"form": form, "too_many": True}, status=429)
        if form.is_valid():
            if not form.is_trapped:
                registration_enter(entered=form.registration())
            return redirect("register-sent")
    status = 422 if form.errors else 200
    return render(request, "accounts/register.html", {"form": form, "too_many": False}, status=status)


@login_not_required
@require_safe
def register_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail was sent, whether or not anybody or anything was known."""
    return render(request, "accounts/register_sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def register_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask to confirm the address with a button: programs that follow the links of mails must not do it."""
    try:
        if request.method == "POST":
            registration_confirm(token=token)
            return redirect("register-confirmed")
        row = registration_find(token)
    except LinkInvalid as refusal:
        return invalid_link(request, refusal)
    return render(request, "accounts/register_confirm.html", {"email": row.email})


@login_not_required
@require_safe
def register_confirmed(request: HttpRequest) -> HttpResponse:
    """Say what comes next, in words that hold for a new and for a known organization."""
    return render(request, "accounts/register_confirmed.html")


def invalid_link(request: HttpRequest, refusal: LinkInvalid) -> HttpResponse:
    """Tell that a link no longer works, and nothing more."""
    return render(request, "accounts/link_invalid.html", {"refusal": refusal}, status=refusal.status)


def actor_or_403(request: HttpRequest) -> Actor:
    """Who acts; people without organization have no business on this page."""
    actor = actor_of(request.user)
    if actor is None:
        raise PermissionDenied
    return actor


@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest) -> HttpResponse:
    """The organization as its people see it: where the registration stands, and its correction."""
    actor = actor_or_403(request)
    row = actor.organization
    may_correct = actor.is_manager and row.status == OrganizationStatus.RETURNED
    form = None
    if request.method == "POST":
        if not actor.is_manager:
            raise PermissionDenied(_("Only managers of your organization may do this."))
        form = organization_form(row, request.POST)
        if form.is_valid() and _resubmitted(actor, form):
            messages.success(request, _("Handed in. The zone's office has been told."))
            return redirect("organization")
    elif may_correct:
        form = organization_form(row)
    context = {"tab": "organization", "organization": row, "form": form, "region": region_name(row.region)}
    return render(request, "accounts/organization.html", context, status=422 if form and form.errors else 200)


def _resubmitted(actor: Actor, form: OrganizationForm) -> bool:
    row = actor.organization
    try:
        organization_resubmit(
            organization=row, actor=actor, entered=form.organization(row.contact_email or actor.user.email)
        )
    except DomainError as refusal:
        add_refusal(form, refusal)
        return False
    return True
