"""From where one is signed in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhongshi.accounts.browsers import described, is_handheld
from zhongshi.accounts.frame import listed
from zhongshi.accounts.models import UserSession
from zhongshi.accounts.services.sessions import session_end, sessions_end

from .profile import own_user


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """One's sessions, the latest first, in words one knows; this one is marked."""
    page = listed(request, UserSession.objects.alive().filter(user=own_user(request)).order_by("-seen_at", "-pk"))
    rows = [
        {
            "row": row,
            "name": described(row.user_agent),
            "is_handheld": is_handheld(row.user_agent),
            "is_this": row.session_id == request.session.session_key,
        }
        for row in page["page"]
    ]
    return render(request, "accounts/sessions.html", {"tab": "sessions", "rows": rows, **page})


@require_POST
def session_end_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sign out one device. 404 for a session of somebody else."""
    row = get_object_or_404(UserSession, user=own_user(request), uuid=public_id)
    session_end(session=row)
    if row.session_id == request.session.session_key:
        request.session.flush()
        return redirect("sign-in")
    messages.success(request, _("That device is signed out."))
    return redirect("sessions")


@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions_end(user=own_user(request), keep=str(request.session.session_key))
    messages.success(request, _("All other devices are signed out."))
    return redirect("sessions")
