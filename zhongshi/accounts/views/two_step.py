"""One-time codes: switch on, new recovery codes, switch off."""

from __future__ import annotations

from base64 import b32encode

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhongshi.accounts.forms.own import CodeForm, GuardedCodeForm
from zhongshi.accounts.middleware import TWO_STEP_DUE
from zhongshi.accounts.services import two_step as services

from .profile import own_user
from .signing import refusal_words


def _picture(device: TOTPDevice) -> SafeString:
    """The secret as a QR code: an SVG without styles and scripts, as our policy wants it."""
    code = segno.make(device.config_url, error="m")
    drawn: str = code.svg_inline(omitsize=True, svgclass="qr-code", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - lines drawn by ourselves; no word of the address is in it


def _spelt(device: TOTPDevice) -> str:
    """The secret in groups of four, to be typed where no camera is."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"tab": "security", "codes": codes})


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret, and take the first code with the password; then the recovery codes, once."""
    user = own_user(request)
    if services.has_two_step(user):
        return redirect("security")
    device = services.two_step_begin(user=user)
    form = GuardedCodeForm(request.POST if request.method == "POST" else None, user=user)
    form.fields["code"].help_text = _("The six digits your app shows now.")
    if request.method == "POST" and form.is_valid():
        answer, codes = services.two_step_confirm(user=user, code=form.cleaned_data["code"])
        if answer.is_right:
            request.session.pop(TWO_STEP_DUE, None)
            return _codes_page(request, codes)
        form.add_error("code", refusal_words(answer))
    context = {
        "tab": "security",
        "form": form,
        "picture": _picture(device),
        "secret": _spelt(device),
        "is_due": TWO_STEP_DUE in request.session,
    }
    return render(request, "accounts/two_step_set_up.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """New recovery codes against a code of now; the old ones are void."""
    user = own_user(request)
    if not services.has_two_step(user):
        return redirect("security")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer, codes = services.recovery_renew(user=user, code=form.cleaned_data["code"])
        if answer.is_right:
            return _codes_page(request, codes)
        form.add_error("code", refusal_words(answer))
    context = {"tab": "security", "form": form}
    return render(request, "accounts/recovery.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def disable(request: HttpRequest) -> HttpResponse:
    """Switch codes off, against password and code."""
    user = own_user(request)
    if not services.has_two_step(user):
        return redirect("security")
    form = GuardedCodeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        answer = services.two_step_disable(user=user, code=form.cleaned_data["code"])
        if answer.is_right:
            messages.success(request, _("One-time codes are switched off."))
            return redirect("security")
        form.add_error("code", refusal_words(answer))
    context = {"tab": "security", "form": form}
    return render(request, "accounts/two_step_disable.html", context, status=422 if form.errors else 200)
