"""Signing in and out, and the door to one's own workspace."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from .actors import actor_of
from .enums import Role
from .forms import SignInForm
from .throttles import SIGN_IN_THROTTLES

# By path and not by name: these pages belong to apps this one may not know.
WORKSPACES = {
    Role.ENTERPRISE: "/needs/",
    Role.OPERATOR: "/desk/leads/",
    Role.ZONE_ADMIN: "/park/review/",
}


class SignIn(LoginView):
    """Sign in, then go to the page that was asked for, else to the workspace. 429 after too many attempts."""

    template_name = "registration/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check name and password, under the same limit as programs that ask for a token."""
        if not all(throttle().allow_request(request, self) for throttle in SIGN_IN_THROTTLES):  # type: ignore[arg-type]
            context = self.get_context_data(form=self.form_class(request), too_many=True)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)


class SignOut(LogoutView):
    """Sign out, by POST only."""

    http_method_names = ["post", "options"]


@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where their work is; the home page for whom nothing waits."""
    actor = actor_of(request.user)
    return redirect(WORKSPACES.get(actor.role, "home") if actor else "home")
