"""The page of one capability and the page of one platform."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platforms.enums import FactKind, ListingStatus
from platforms.models import Capability, Certificate, Fact, Platform
from platforms.neighbours import neighbours_of
from zhongshi.accounts.actors import actor_of

from .comparing import tray_for
from .rows import first_free_day, icon_of, parameter_order, service_rows
from .weeks import coming_weeks

_GROUPS = (
    FactKind.PROCESS,
    FactKind.MATERIAL,
    FactKind.STAGE,
    FactKind.SERVICE,
    FactKind.QUALIFICATION,
    FactKind.HAZARD,
)


@login_not_required
@require_safe
def capability_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything known of one capability with source and date, and what is not known. 404 if not to be seen."""
    seen = Capability.objects.visible_to(actor_of(request.user))
    parts = seen.select_related("platform").prefetch_related("facts", "free_periods", "equipment", "slots")
    capability = get_object_or_404(parts, uuid=uuid)
    facts = list(capability.facts.all())
    certificates = _certificates(capability.platform)
    siblings = seen.filter(platform=capability.platform, status=ListingStatus.PUBLISHED).exclude(pk=capability.pk)
    context = {
        "capability": capability,
        "platform": capability.platform,
        "sizes": _grouped(facts, (FactKind.PARAMETER,)),
        "groups": _grouped(facts, _GROUPS),
        "certificates": certificates,
        "free_from": first_free_day(capability.free_periods.all()),
        "today": timezone.localdate(),
        "unknowns": _unknowns(capability, facts, bool(certificates)),
        "siblings": siblings.order_by("position", "pk"),
        "weeks": coming_weeks(capability),
        "neighbours": neighbours_of(capability),
        "field_icon": icon_of(capability),
        **tray_for(request),
    }
    return render(request, "platforms/capability.html", context)


@login_not_required
@require_safe
def platform_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A platform: who runs it, what it can do, its certificates. 404 if not to be seen."""
    actor = actor_of(request.user)
    platform = get_object_or_404(Platform.objects.visible_to(actor), uuid=uuid)
    seen = Capability.objects.visible_to(actor).filter(platform=platform).order_by("position", "pk")
    context = {
        "platform": platform,
        "rows": service_rows(seen.select_related("platform")),
        "certificates": _certificates(platform),
        "today": timezone.localdate(),
        **tray_for(request),
    }
    return render(request, "platforms/platform.html", context)


def _grouped(facts: list[Fact], kinds: tuple[str, ...]) -> list[tuple[str, list[Fact]]]:
    """Facts by kind in the order a reader asks for them; kinds without facts are left out."""
    groups = ((kind, [fact for fact in facts if fact.kind == kind]) for kind in kinds)
    return [(kind, sorted(found, key=parameter_order)) for kind, found in groups if found]


def _certificates(platform: Platform) -> list[Certificate]:
    return list(platform.certificates.filter(status=ListingStatus.PUBLISHED))


def _unknowns(capability: Capability, facts: list[Fact], has_certificates: bool) -> list[str]:
    """What a reader would ask next, because the listing does not say it."""
    kinds = {fact.kind for fact in facts}
    missing = {
        _("Sizes and operating ranges"): FactKind.PARAMETER not in kinds,
        _("Processes"): FactKind.PROCESS not in kinds,
        _("Stages served"): FactKind.STAGE not in kinds,
        _("Qualifications and certificates"): FactKind.QUALIFICATION not in kinds and not has_certificates,
        _("Technology readiness level"): capability.trl_from is None and capability.trl_to is None,
        _("Small batches for sale"): capability.small_batch is None,
        _("Price"): capability.price is None,
        _("Availability"): not capability.is_availability_known,
    }
    return [name for name, is_missing in missing.items() if is_missing]
