"""Fields several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhongshi.accounts.credit_codes import credit_code
from zhongshi.accounts.models import User
from zhongshi.core.errors import DomainError, InvalidInput


class CreditCodeField(forms.CharField):
    """A unified social credit code; says what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Unified social credit code"))
        kwargs.setdefault("help_text", _("18 characters, on the business licence."))
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code in its usual form."""
        entered = str(super().clean(value))
        try:
            return credit_code(entered) if entered else ""
        except InvalidInput as error:
            raise ValidationError([str(text) for text in (error.errors or {})["credit_code"]]) from error


def email_field(label: Any = None, **kwargs: Any) -> forms.EmailField:
    """An address of at most 150 characters, since it may become the name to sign in with."""
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(label=label or _("E-mail address"), max_length=150, widget=widget, **kwargs)


def new_password_field(**kwargs: Any) -> forms.CharField:
    """A password to be chosen, with the rules beside it."""
    return forms.CharField(
        label=kwargs.pop("label", _("Password")),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; no common password, nothing of your name or address."),
        **kwargs,
    )


def present_password_field() -> forms.CharField:
    """The password of now, asked for before something that must not happen behind somebody's back."""
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=_("Present password"), strip=False, max_length=200, widget=widget)


_OBJECTIONS = {
    "password_too_short": _("Please use at least 10 characters."),
    "password_too_common": _("This password is used by many. Please choose another one."),
    "password_too_similar": _("This password is too similar to your name or address."),
}


def check_new_password(form: forms.Form, name: str, user: User) -> None:
    """Put what the password rules object to at the field `name`."""
    password = form.cleaned_data.get(name)
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            for part in error.error_list:
                form.add_error(name, _OBJECTIONS.get(part.code or "", part))


class PresentPasswordForm(forms.Form):
    """Asks for the present password of `user`."""

    password = present_password_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a wrong one."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your present password."))
        return password


def add_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Show a service's refusal where it belongs: at the fields it names, else on top."""
    for name, texts in (refusal.errors or {}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
    if not refusal.errors:
        form.add_error(None, str(refusal.detail))
