"""Signing in, with a code where one is asked for, and out; the door to one's own workspace."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from zhongshi.accounts.actors import actor_of
from zhongshi.accounts.enums import Role
from zhongshi.accounts.forms.own import CodeForm
from zhongshi.accounts.forms.signing import SignInForm
from zhongshi.accounts.middleware import GATEWAY_MARK, TWO_STEP_DUE
from zhongshi.accounts.models import User
from zhongshi.accounts.rules import takes_part
from zhongshi.accounts.services.two_step import CodeAnswer, code_check, has_two_step, needs_two_step
from zhongshi.accounts.throttles import SIGN_IN_THROTTLES, is_too_often, sign_in_worked

# By path and not by name: these pages belong to apps this one may not know.
WORKSPACES = {
    Role.ENTERPRISE: "/needs/",
    Role.OPERATOR: "/desk/leads/",
    Role.ZONE_ADMIN: "/park/review/",
}
PENDING = "two_step_pending"
PENDING_SECONDS = 600


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    """Sign in, then go to the page that was asked for, else to the workspace. 429 after too many attempts."""

    template_name = "registration/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check name and password, under the same limit as programs that ask for a token."""
        if is_too_often(request, *SIGN_IN_THROTTLES):
            context = self.get_context_data(form=self.form_class(request), too_many=True)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, or ask for the code first; until it is given nobody is signed in."""
        sign_in_worked(form.data.get("username", ""))
        user = form.get_user()
        if has_two_step(user):
            self.request.session[PENDING] = {
                "user": user.pk,
                "hash": user.get_session_auth_hash(),
                "until": time.time() + PENDING_SECONDS,
                "next": self.get_redirect_url(),
            }
            return redirect("sign-in-code")
        answer = super().form_valid(form)
        if needs_two_step(user):
            self.request.session[TWO_STEP_DUE] = True
        return answer


class SignOut(LogoutView):
    """Sign out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session; where a gateway began it, end the gateway's as well, else it would begin anew at once.

        A page leads there, because our policy lets no form be redirected to another host.
        """
        by_gateway = GATEWAY_MARK in request.session
        answer = super().post(request, *args, **kwargs)
        if by_gateway and settings.GATEWAY_SIGN_OUT_URL:
            return render(request, "accounts/gateway_sign_out.html", {"address": settings.GATEWAY_SIGN_OUT_URL})
        return answer


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of whoever has just given the right password; back to the start where nobody has."""
    pending, user = _pending(request)
    if user is None:
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if is_too_often(request, *SIGN_IN_THROTTLES):
            return render(request, "registration/code.html", {"form": CodeForm(), "too_many": True}, status=429)
        if form.is_valid():
            answer = code_check(user=user, code=form.cleaned_data["code"])
            if answer.is_right:
                return _signed_in(request, user, pending["next"])
            form.add_error("code", refusal_words(answer))
        status = 422
    return render(request, "registration/code.html", {"form": form, "too_many": False}, status=status)


def refusal_words(answer: CodeAnswer) -> str:
    """Why a code was not taken."""
    if answer.wait_until is not None:
        return _("After wrong codes there is a pause. Please wait a little and enter a new code.")
    return _("This code is not right, or it was used already. Please enter the next one.")


def _pending(request: HttpRequest) -> tuple[dict[str, Any], User | None]:
    pending: dict[str, Any] = request.session.get(PENDING) or {}
    user = User.objects.filter(pk=pending["user"], is_active=True).first() if pending else None
    # A password that has changed meanwhile makes the first step void.
    if user is None or pending["until"] < time.time() or pending["hash"] != user.get_session_auth_hash():
        return {}, None
    return pending, user


def _signed_in(request: HttpRequest, user: User, target: str) -> HttpResponse:
    del request.session[PENDING]
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    is_own = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, request.is_secure()
    )
    return redirect(target if is_own else reverse("workspace"))


@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where their work is, before the approval to where that stands; else to the home page."""
    actor = actor_of(request.user)
    if actor and not takes_part(actor.organization):
        return redirect("organization")
    return redirect(WORKSPACES.get(actor.role, "home") if actor else "home")


@login_not_required
def admin_door(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    """Lead to the one sign-in page from the superusers' admin, whose own form knows no codes.

    403 for people who are signed in and have no business there.
    """
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    if request.user.is_authenticated:
        return redirect("admin:index")
    return redirect(f"{reverse('sign-in')}?next={reverse('admin:index')}")
