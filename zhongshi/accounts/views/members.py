"""The people of one's organization, and the page an invited colleague arrives at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhongshi.accounts.actors import Actor
from zhongshi.accounts.forms.fields import add_refusal
from zhongshi.accounts.forms.own import InviteForm
from zhongshi.accounts.forms.registering import AcceptForm
from zhongshi.accounts.frame import listed
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.models import Invitation, Membership, User
from zhongshi.accounts.services import members as services
from zhongshi.accounts.throttles import InviteThrottle, is_too_often
from zhongshi.core.errors import DomainError

from .registering import actor_or_403, invalid_link

SORTS: dict[str, list[Any]] = {
    "name": ["user__first_name", "user__username"],
    "seen": [F("user__last_login").desc(nulls_last=True), "pk"],
}


def manager_or_403(request: HttpRequest) -> Actor:
    """Who acts, if it is a manager."""
    actor = actor_or_403(request)
    if not actor.is_manager:
        raise PermissionDenied(_("Only managers of your organization see this page."))
    return actor


def _colleagues(actor: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(organization=actor.organization).select_related("user")


def _page(
    request: HttpRequest, actor: Actor, form: InviteForm, *, status: int = 200, too_many: bool = False
) -> HttpResponse:
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "name"
    context = {
        "tab": "members",
        "form": form,
        "too_many": too_many,
        "sort": sort,
        "sorts": [("name", pgettext("person", "Name")), ("seen", _("Last sign-in"))],
        "invitations": list(Invitation.objects.open().filter(organization=actor.organization)),
        **listed(request, _colleagues(actor).order_by(*SORTS[sort])),
    }
    return render(request, "accounts/members.html", context, status=status)


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who works here, with role and last sign-in; open invitations; the form to invite."""
    return _page(request, manager_or_403(request), InviteForm())


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Send an invitation; the answer is the same for addresses with and without an account elsewhere."""
    actor = manager_or_403(request)
    form = InviteForm(request.POST)
    if is_too_often(request, InviteThrottle):
        return _page(request, actor, form, status=429, too_many=True)
    if form.is_valid():
        try:
            row = services.invitation_send(actor=actor, **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("A mail was sent to %(email)s.") % {"email": row.email})
            return redirect("members")
    return _page(request, actor, form, status=422)


@require_POST
def invitation_revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    actor = manager_or_403(request)
    row = get_object_or_404(Invitation, organization=actor.organization, uuid=public_id)
    return _done(
        request,
        lambda: services.invitation_revoke(actor=actor, invitation=row),
        _("The invitation of %(email)s was revoked.") % {"email": row.email},
    )


@require_POST
def member_manager(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make somebody a manager, or no longer: `is_manager` 1 or 0."""
    actor = manager_or_403(request)
    row = get_object_or_404(_colleagues(actor), user__uuid=public_id)
    is_manager = request.POST.get("is_manager") == "1"
    name = row.user.get_full_name() or row.user.get_username()
    words = _("%(name)s manages the organization now.") if is_manager else _("%(name)s no longer manages it.")
    return _done(
        request,
        lambda: services.member_set_manager(actor=actor, member=row, is_manager=is_manager),
        words % {"name": name},
    )


@require_POST
def member_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End somebody's membership."""
    actor = manager_or_403(request)
    row = get_object_or_404(_colleagues(actor), user__uuid=public_id)
    name = row.user.get_full_name() or row.user.get_username()
    return _done(
        request,
        lambda: services.member_remove(actor=actor, member=row),
        _("%(name)s no longer belongs to the organization.") % {"name": name},
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End one's own membership; one is signed out with it."""
    actor = actor_or_403(request)
    row = get_object_or_404(_colleagues(actor), user=actor.user)
    try:
        services.member_remove(actor=actor, member=row)
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("organization")
    request.session.flush()
    return redirect("sign-in")


def _done(request: HttpRequest, act: Callable[[], None], words: str) -> HttpResponse:
    """Act, and say on the list what came of it; where the list is no longer one's own, go to the workspace."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, words)
    own = Membership.objects.filter(user=cast("User", request.user)).first()
    return redirect("members" if own and own.is_manager else "workspace")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: choose a name and a password, or join with the account one has."""
    try:
        row = services.invitation_find(token)
        owner = services.account_at(row)
        if owner is not None:
            return _join(request, token, row, owner)
        form = AcceptForm(request.POST if request.method == "POST" else None, email=row.email)
        if request.method == "POST" and form.is_valid():
            entered = form.cleaned_data
            services.invitation_accept(token=token, name=entered["name"], password=entered["password"])
            messages.success(request, _("Your account is open. Please sign in."))
            return redirect("sign-in")
    except LinkInvalid as refusal:
        return invalid_link(request, refusal)
    context = {"form": form, "invitation": row}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _join(request: HttpRequest, token: str, row: Invitation, owner: User) -> HttpResponse:
    is_owner = request.user == owner
    refusal = None
    if request.method == "POST" and is_owner:
        try:
            services.invitation_join(token=token, user=owner)
        except LinkInvalid:
            raise
        except DomainError as error:
            refusal = error
        else:
            return redirect("workspace")
    context = {"invitation": row, "is_owner": is_owner, "refusal": refusal}
    return render(request, "accounts/invitation_join.html", context, status=refusal.status if refusal else 200)
