"""One's own data: a copy, consents, and the end of the account or of the organization."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhongshi.accounts.enums import OrganizationKind, OrganizationStatus
from zhongshi.accounts.forms.erasing import ConfirmForm, EraseForm
from zhongshi.accounts.forms.fields import add_refusal
from zhongshi.accounts.models import ContactConsent
from zhongshi.accounts.services import consents, erasing
from zhongshi.accounts.services.exporting import export_file
from zhongshi.accounts.services.organizations import organization_close
from zhongshi.core.errors import DomainError

from .profile import own_user
from .registering import actor_or_403

_CONSENTS_SHOWN = 50


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """What is kept, what one agreed to; the form gives the copy."""
    user = own_user(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        answer = HttpResponse(export_file(user=user), content_type="application/zip")
        name = f"zhongshi-data-{timezone.localdate():%Y%m%d}.zip"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    context = {
        "tab": "data",
        "form": form,
        "consents": user.consents.order_by("-at"),
        "contact_consents": user.contact_consents.all()[:_CONSENTS_SHOWN],
    }
    return render(request, "accounts/data.html", context, status=422 if form.errors else 200)


@require_POST
def consent_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back that contacts go to the other side of one match. 404 for somebody else's consent."""
    user = own_user(request)
    row = get_object_or_404(ContactConsent, user=user, uuid=public_id)
    consents.contacts_withdraw(user=user, consent=row)
    messages.success(request, _("Taken back. The other side no longer sees your contacts."))
    return redirect("own-data")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Delete one's account, against the password; says what goes and what stays."""
    user = own_user(request)
    form = EraseForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            erasing.person_erase(user=user, by=user)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            logout(request)
            messages.success(request, _("Your account and your personal data were deleted."))
            return redirect("home")
    context = {"tab": "data", "form": form, "obstacle": erasing.erase_obstacle(user)}
    return render(request, "accounts/erase.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the organization, against the password; 403 for anyone but its managers."""
    actor = actor_or_403(request)
    row = actor.organization
    if not actor.is_manager or row.kind == OrganizationKind.ZONE or row.status == OrganizationStatus.CLOSED:
        raise PermissionDenied(_("Only managers of your organization may do this."))
    form = EraseForm(request.POST if request.method == "POST" else None, user=actor.user)
    if request.method == "POST" and form.is_valid():
        organization_close(organization=row, actor=actor)
        messages.success(request, _("The organization is closed."))
        return redirect("organization")
    context = {"tab": "organization", "form": form, "organization": row}
    return render(request, "accounts/organization_close.html", context, status=422 if form.errors else 200)
