"""The operator's certificates: what each proves, how long, and the way to renew it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from platforms.desk_forms import CertificateForm
from platforms.enums import ListingStatus
from platforms.models import Certificate, Platform
from platforms.services.certificates import CertificateEntry, certificate_correct, certificate_submit
from zhongshi.accounts.actors import Actor
from zhongshi.accounts.enums import Role
from zhongshi.accounts.frame import listed, workspace_page
from zhongshi.core.errors import DomainError, InvalidInput
from zhongshi.core.fragments import page_or_part

from .desk_services import own_platform

SOON_DAYS = 90
_FIELDS = ("qualification", "number", "issuer", "scope", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate with what its dates mean today."""

    row: Certificate
    days: int | None

    @property
    def is_expired(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def is_ending(self) -> bool:
        return self.days is not None and 0 <= self.days <= SOON_DAYS

    @property
    def is_renewed(self) -> bool:
        return bool(self.row.renewals.all())


@workspace_page(Role.OPERATOR)
@require_safe
def cert_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All certificates of one's platforms; those that end first stand first."""
    rows = _own(actor).select_related("platform")
    renewals = Prefetch("renewals", queryset=Certificate.objects.exclude(status=ListingStatus.RETURNED))
    page = listed(request, rows.prefetch_related(renewals).order_by("valid_until", "pk"))
    today = timezone.localdate()
    context: dict[str, Any] = page | {
        "actor": actor,
        "papers": [_paper(row, today) for row in page["page"]],
        "platforms": Platform.objects.visible_to(actor).filter(organization=actor.organization),
    }
    return page_or_part(request, "platforms/desk/certs.html", "platforms/desk/certs_part.html", context)


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def cert_new(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """A new certificate of one's own platform."""
    return _answer(request, actor, own_platform(actor, uuid))


@workspace_page(Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def cert_renew(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """The successor of a published certificate, or a returned one to be corrected."""
    old = get_object_or_404(_own(actor).select_related("platform__zone"), uuid=uuid)
    return _answer(request, actor, old.platform, old)


def _own(actor: Actor) -> Any:
    platforms = Platform.objects.visible_to(actor).filter(organization=actor.organization)
    return Certificate.objects.filter(platform__in=platforms)


def _paper(row: Certificate, today: date) -> Paper:
    return Paper(row, (row.valid_until - today).days if row.valid_until else None)


def _answer(request: HttpRequest, actor: Actor, platform: Platform, old: Certificate | None = None) -> HttpResponse:
    correcting = old is not None and old.status == ListingStatus.RETURNED
    if request.method != "POST":
        return _show(request, platform, old, CertificateForm(initial=_initial(old, correcting=correcting)))
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _show(request, platform, old, form, InvalidInput())
    entry = CertificateEntry(**{name: form.cleaned_data[name] for name in _FIELDS})
    try:
        if correcting and old is not None:
            certificate_correct(actor=actor, certificate=old, entry=entry)
        else:
            certificate_submit(actor=actor, platform=platform, entry=entry, renews=old)
    except DomainError as refusal:
        for name, texts in (refusal.errors or {}).items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return _show(request, platform, old, form, refusal)
    messages.success(request, _("Submitted. It counts from the day the zone's office has checked it."))
    return redirect("desk-certs")


def _initial(old: Certificate | None, *, correcting: bool) -> dict[str, Any]:
    """A correction begins with everything, a renewal with what stays the same."""
    names: Sequence[str] = _FIELDS if correcting else ("qualification", "issuer", "scope")
    return {name: getattr(old, name) for name in names} if old else {}


def _show(
    request: HttpRequest,
    platform: Platform,
    old: Certificate | None,
    form: CertificateForm,
    refusal: DomainError | None = None,
) -> HttpResponse:
    context = {"platform": platform, "old": old, "form": form, "refusal": None if form.errors else refusal}
    return render(request, "platforms/desk/cert_form.html", context, status=refusal.status if refusal else 200)
