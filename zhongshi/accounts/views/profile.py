"""One's own account: name, language, e-mail address, password, and a new password for who forgot it."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.authtoken.models import Token

from zhongshi.accounts.forms.own import EmailForm, NewPasswordForm, PasswordForm, ProfileForm, ResetForm
from zhongshi.accounts.links import LinkInvalid
from zhongshi.accounts.middleware import trace_sign_in
from zhongshi.accounts.models import User
from zhongshi.accounts.services import profiles as services
from zhongshi.accounts.services.two_step import codes_left, has_two_step
from zhongshi.accounts.throttles import InviteThrottle, ResetThrottle, is_too_often

from .registering import invalid_link

_YEAR = 31_536_000


def own_user(request: HttpRequest) -> User:
    """Who is signed in; the middleware has seen to it that somebody is."""
    return cast("User", request.user)


def _profile_page(
    request: HttpRequest, *, form: ProfileForm | None = None, email_form: EmailForm | None = None, **more: Any
) -> HttpResponse:
    user = own_user(request)
    form = form or ProfileForm(initial={"name": user.get_full_name() or user.get_username(), "language": user.language})
    email_form = email_form or EmailForm(user=user)
    status = more.pop("status", 200)
    context = {"tab": "profile", "form": form, "email_form": email_form, "too_many": False, **more}
    return render(request, "accounts/profile.html", context, status=status)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language, and the form for another e-mail address."""
    if request.method != "POST":
        return _profile_page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form=form, status=422)
    services.profile_save(user=own_user(request), **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Saved."))
    answer = redirect("profile")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        form.cleaned_data["language"],
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@sensitive_post_parameters("password")
@require_POST
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address; it counts when its owner has confirmed it."""
    form = EmailForm(request.POST, user=own_user(request))
    if is_too_often(request, InviteThrottle):
        return _profile_page(request, email_form=form, too_many=True, status=429)
    if not form.is_valid():
        return _profile_page(request, email_form=form, status=422)
    services.email_ask(user=own_user(request), address=form.cleaned_data["email"])
    messages.success(request, _("A mail was sent to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect("profile")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a new address with a button; one need not be signed in on the device that reads mails."""
    if request.method != "POST":
        return render(request, "accounts/email_confirm.html")
    try:
        services.email_confirm(token=token)
    except LinkInvalid as refusal:
        return invalid_link(request, refusal)
    messages.success(request, _("The new e-mail address counts from now on."))
    return redirect("profile" if request.user.is_authenticated else "sign-in")


@never_cache
@sensitive_post_parameters("password", "new_password")
@require_http_methods(["GET", "POST"])
def security(request: HttpRequest) -> HttpResponse:
    """Another password, which signs out all other devices; and how one-time codes stand."""
    user = own_user(request)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        services.password_set(user=user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, user)
        trace_sign_in(request, user)
        messages.success(request, _("The password was changed. All other devices were signed out."))
        return redirect("security")
    context = {
        "tab": "security",
        "form": form,
        "has_two_step": has_two_step(user),
        "codes_left": codes_left(user),
        "token": Token.objects.filter(user=user).first(),
    }
    return render(request, "accounts/security.html", context, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: HttpRequest) -> HttpResponse:
    """Make the token of one's programs worthless."""
    if services.token_revoke(user=own_user(request)):
        messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("security")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. The answer does not depend on whether the address is known."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    too_many = request.method == "POST" and is_too_often(request, ResetThrottle)
    if request.method == "POST" and not too_many and form.is_valid():
        services.reset_ask(address=form.cleaned_data["email"])
        return redirect("reset-sent")
    status = 429 if too_many else 422 if form.errors else 200
    return render(request, "registration/reset.html", {"form": form, "too_many": too_many}, status=status)


@login_not_required
@require_safe
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail was sent if there is an account."""
    return render(request, "registration/reset_sent.html")


@method_decorator([login_not_required, require_http_methods(["GET", "HEAD", "POST"]), never_cache], name="dispatch")
class ResetConfirm(PasswordResetConfirmView):
    """Where the link leads. Django moves its secret into the session first, so that it is in no address any more."""

    template_name = "registration/reset_confirm.html"
    token_generator = default_token_generator
    form_class = NewPasswordForm  # type: ignore[assignment]

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, which uses up the link, and lead to signing in."""
        services.password_set(user=form.user, password=form.cleaned_data["new_password"])
        del self.request.session["_password_reset_token"]
        messages.success(self.request, _("The password was changed. Please sign in."))
        return HttpResponseRedirect("/accounts/sign-in/")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what the rules object to."""
        return self.render_to_response(self.get_context_data(form=form), status=422)
