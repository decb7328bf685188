"""Group robots and webhooks of one's organization: added, tested, paused and removed by its managers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhongshi.accounts.actors import Actor, actor_of
from zhongshi.accounts.forms.fields import add_refusal
from zhongshi.accounts.forms.robots import RobotForm
from zhongshi.accounts.rules import may_manage_robots
from zhongshi.accounts.services import robots as services
from zhongshi.core.errors import DomainError
from zhongshi.core.models import Delivery, Robot
from zhongshi.core.notifications import shown


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request.user)
    if actor is None or not may_manage_robots(actor):
        raise PermissionDenied(_("Only managers of your organization see this page."))
    return actor


def _own(actor: Actor, public_id: UUID) -> Robot:
    return get_object_or_404(Robot, organization=actor.organization, uuid=public_id)


@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """The organization's robots and what they were told last; the form to add one."""
    actor = _actor(request)
    form = RobotForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = services.robot_add(actor=actor, **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is added. Test it now.") % {"name": row.name})
            return redirect("robots")
    return render(request, "notifications/robots.html", _context(actor, form), status=400 if form.errors else 200)


def _context(actor: Actor, form: RobotForm) -> dict[str, Any]:
    rows = Robot.objects.filter(organization=actor.organization)
    last = Delivery.objects.filter(robot__organization=actor.organization).select_related("notification", "robot")
    return {
        "form": form,
        "robots": [(row, urlsplit(row.address).hostname, row.address[-4:]) for row in rows],
        "log": shown.log(last.order_by("-id")[: shown.IN_LOG]),
    }


@require_POST
def robot_test(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a message now and show the robot's answer."""
    actor = _actor(request)
    row = _own(actor, public_id)
    outcome = services.robot_test(actor=actor, robot=row)
    words = {"name": row.name, "answer": outcome.said}
    if outcome.taken:
        messages.success(request, _("%(name)s took the test message. Its answer: %(answer)s") % words)
    else:
        messages.error(request, _("%(name)s did not take the test message: %(answer)s") % words)
    return redirect("robots")


@require_POST
def robot_switch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pause a robot (`is_active` 0) or let it speak again (1)."""
    actor = _actor(request)
    row = _own(actor, public_id)
    row = services.robot_switch(actor=actor, robot=row, is_active=request.POST.get("is_active") == "1")
    said = _("%(name)s speaks again.") if row.is_active else _("%(name)s is paused.")
    messages.success(request, said % {"name": row.name})
    return redirect("robots")


@require_POST
def robot_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Forget a robot with its address and secret."""
    actor = _actor(request)
    row = _own(actor, public_id)
    services.robot_remove(actor=actor, robot=row)
    messages.success(request, _("%(name)s is removed.") % {"name": row.name})
    return redirect("robots")
