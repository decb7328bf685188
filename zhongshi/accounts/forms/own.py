"""What people change about themselves and their colleagues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.models import User

from .fields import PresentPasswordForm, check_new_password, email_field, new_password_field


class ProfileForm(forms.Form):
    """Name and language."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of notices and mails, and of the pages.")
    )


class EmailForm(PresentPasswordForm):
    """Another e-mail address, against the present password."""

    email = email_field(_("New e-mail address"))
    field_order = ["email", "password"]


class PasswordForm(PresentPasswordForm):
    """Another password, against the present one."""

    new_password = new_password_field(label=_("New password"))

    def clean(self) -> dict[str, Any]:
        """Hold the new one against the rules."""
        entered = super().clean() or self.cleaned_data
        check_new_password(self, "new_password", self.user)
        return entered


class NewPasswordForm(forms.Form):
    """A new password after the old one was forgotten; the link has said who it is."""

    new_password = new_password_field(label=_("New password"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Hold it against the rules."""
        entered = super().clean() or self.cleaned_data
        check_new_password(self, "new_password", self.user)
        return entered


class ResetForm(forms.Form):
    """The address a link to a new password is sent to."""

    email = email_field(help_text=_("The address of your account."))


class InviteForm(forms.Form):
    """Whom to invite."""

    email = email_field(_("E-mail of your colleague"))
    is_manager = forms.BooleanField(label=_("May manage members and the organization"), required=False)


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("One-time code"),
        max_length=20,
        help_text=_("Six digits from your app; if you do not have it, one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = _code_field()


class GuardedCodeForm(PresentPasswordForm):
    """Password and code: switching codes on or off needs both. Who has no password here gives the code alone."""

    code = _code_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_usable_password():
            del self.fields["password"]
